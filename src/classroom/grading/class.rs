//! A whole class: who is still to be graded, several at a time, and what became of them.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::hidden::HiddenChecks;
use super::ledger::Ledger;
use super::log::{Log, Logged};
use super::seed;
use super::session::{Session, Terms};
use super::student::{Examiner, Still};
use crate::classroom::record::{Deadline, EarlierSteps, Grades, Header, Record, Shard, VERSION};
use crate::classroom::submissions::Entry;
use crate::classroom::weights::Weights;
use crate::course::mistakes;
use crate::course::{MANIFEST, Step};
use crate::engine::pipeline::Pipeline;
use crate::error::{Error, Result};
use crate::hash;

/// What is to be graded, and how.
#[derive(Debug)]
pub struct Class<'a> {
    /// The submissions.
    pub entries: Vec<Entry>,
    /// The steps that count.
    pub steps: Vec<&'a Step>,
    /// What each step is worth, in the same order.
    pub points: Vec<u32>,
    /// What each group counts.
    pub weights: Weights,
    /// A folder of checks that students do not know.
    pub checks: Option<PathBuf>,
    /// Whose earlier steps a step stands on.
    pub earlier: EarlierSteps,
    /// The secret; none: one is drawn.
    pub seed: Option<u64>,
    /// How long a step may run.
    pub time: Duration,
    /// How many students at a time.
    pub jobs: usize,
    /// Whether submissions are kept from doing harm.
    pub sandbox: bool,
    /// Which part of the class, if not all of it.
    pub shard: Option<Shard>,
    /// When everything is due.
    pub deadline: Deadline,
    /// Where results are written.
    pub out: PathBuf,
    /// Whether results that are there are gone on with.
    pub resume: bool,
}

/// What is not as it was when a grading began that is gone on with: ids of students.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// They were not in the class.
    pub new: Vec<String>,
    /// What they handed in is not what was judged.
    pub changed: Vec<String>,
    /// They handed in the same, of which something else is known now: a name, a time, extra time, which
    /// steps do not count.
    pub known_otherwise: Vec<String>,
    /// They are not there any more.
    pub gone: Vec<String>,
}

/// Grades a class; `progress` is told how many students are done, of all, and who was last, and
/// `tell` what has changed since the grading began.
///
/// # Errors
///
/// If the machine or the course keeps it from being graded; never because of a submission.
pub fn grade(
    pipeline: &Pipeline<'_>,
    class: Class<'_>,
    ledger: &Ledger,
    tell: impl FnOnce(&Changes),
    mut progress: impl FnMut(usize, usize, &str) + Send,
) -> Result<Grades> {
    let course = pipeline.course();
    let (mut log, logged) = Log::open(&class.out, class.resume)?;
    let terms = Terms {
        secret: match (class.seed, &logged) {
            (Some(seed), _) => seed,
            (None, Some(logged)) => logged.header.seed,
            (None, None) => seed::draw()?,
        },
        time: class.time,
        sandbox: class.sandbox,
        jobs: class.jobs,
    };
    let mut session = Session::new(pipeline, &class.steps, terms)?;
    if let Some(folder) = &class.checks {
        session = session.with_hidden(HiddenChecks::open(pipeline, folder)?, terms.secret)?;
    }
    let points = |step: &Step| {
        let position = class.steps.iter().position(|s| s.id == step.id);
        position.map_or(step.points, |position| class.points[position])
    };
    let mut steps = session.graded_steps(points);
    class.weights.give(&mut steps)?;
    let header = Header {
        version: VERSION,
        course: course.title().to_owned(),
        course_id: course_id(pipeline)?,
        seed: terms.secret,
        earlier: class.earlier,
        timeout: class.time.as_secs_f64(),
        sandbox: session.sandbox(),
        shard: class.shard,
        deadline: class.deadline,
        hidden_checks: session.hidden_checks(),
        steps,
    };
    let logged = match logged {
        Some(logged) => gone_on_with(&class.out, logged, &header)?,
        None => {
            log.begin(&header)?;
            Logged::nothing(header.clone())
        }
    };
    is_the_same_class(&logged, &class.entries)?;
    log.go_on()?;
    let examiner = Examiner::new(&session, &header, ledger);
    let (known, changes) = still_there(&class.entries, logged, &examiner, &mut log)?;
    tell(&changes);
    let done: HashSet<&str> = known.iter().map(|r| r.student.id.as_str()).collect();
    let (suspects, to_do): (Vec<&Entry>, Vec<&Entry>) = (class.entries.iter())
        .filter(|entry| !done.contains(entry.id.as_str()))
        .partition(|entry| ledger.suspects(&entry.id));
    let all = class.entries.len();
    let mut finished = all - suspects.len() - to_do.len();
    progress(finished, all, "");
    let mut told = |id: &str| {
        finished += 1;
        progress(finished, all, id);
    };
    // Each alone: if the process dies again, it is known of whom.
    let alone = in_turn(&suspects, 1, &examiner, &mut log, &mut told)?;
    let found = in_turn(&to_do, class.jobs, &examiner, &mut log, &mut told)?;
    let mut records = [known, alone, found].concat();
    records.sort_by(|a, b| a.student.id.cmp(&b.student.id));
    Ok(Grades { header, records })
}

/// Refuses to withdraw the results of everybody: whoever goes on has named another folder then.
fn is_the_same_class(logged: &Logged, entries: &[Entry]) -> Result<()> {
    let ids: HashSet<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    let before = logged.records.len();
    let mut known = (logged.records.iter()).map(|kept| kept.record.student.id.as_str());
    if before < 2 || known.any(|id| ids.contains(id)) {
        return Ok(());
    }
    Err(Error::Usage {
        message: format!("the results are of {before} other students: none of them is here"),
        next: "name the folder that was graded then, or another one for the results with \
               `--out FOLDER`"
            .into(),
    })
}

/// The records of those who are still there with what they handed in then, and who is not.
fn still_there(
    entries: &[Entry],
    logged: Logged,
    examiner: &Examiner<'_>,
    log: &mut Log,
) -> Result<(Vec<Record>, Changes)> {
    let ids: Vec<String> = entries.iter().map(|entry| entry.id.clone()).collect();
    let mut changes = Changes::default();
    let mut known = Vec::new();
    let by_id: HashMap<&str, &Entry> = (entries.iter())
        .map(|entry| (entry.id.as_str(), entry))
        .collect();
    for kept in logged.records {
        let id = kept.record.student.id.clone();
        let Some(entry) = by_id.get(id.as_str()) else {
            log.withdraw(&id)?;
            changes.gone.push(id);
            continue;
        };
        match examiner.still(entry, &kept)? {
            Still::Same => known.push(kept.record),
            Still::KnownOtherwise(now) => {
                log.append(&now)?;
                changes.known_otherwise.push(id);
                known.push(now.record);
            }
            Still::Changed => changes.changed.push(id),
        }
    }
    if let Some(before) = &logged.class {
        let before: HashSet<&String> = before.iter().collect();
        let is_new = |id: &&String| !before.contains(id);
        changes.new = ids.iter().filter(is_new).cloned().collect();
    }
    if logged.class.as_ref() != Some(&ids) {
        log.class(&ids)?;
    }
    changes.changed.sort();
    changes.known_otherwise.sort();
    changes.gone.sort();
    Ok((known, changes))
}

/// Grades `entries`, `jobs` at a time, each kept in `log` before it is told of.
fn in_turn(
    entries: &[&Entry],
    jobs: usize,
    examiner: &Examiner<'_>,
    log: &mut Log,
    told: impl FnMut(&str) + Send,
) -> Result<Vec<Record>> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new((log, told, Vec::new(), None));
    let work = || {
        while let Some(entry) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
            // A bug that one submission brings to light must not cost the others their grades.
            let graded = panic::catch_unwind(AssertUnwindSafe(|| examiner.grade(entry)));
            let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
            let (log, told, records, failure) = &mut *results;
            let kept = match graded {
                Ok(Ok(graded)) => (graded.handed.iter())
                    .try_for_each(|handed| log.keep_source(&handed.name, &handed.text))
                    .and_then(|()| log.append(&graded.kept))
                    .map(|()| graded.kept.record),
                Ok(Err(error)) => Err(error),
                Err(_) => {
                    let sentence = format!("tutor failed on the submission `{}`", entry.id);
                    failure.get_or_insert(Error::Internal(sentence));
                    continue;
                }
            };
            match kept {
                Ok(record) => {
                    told(&record.student.id);
                    records.push(record);
                }
                Err(error) => {
                    // What the machine cannot do for one, it cannot for the next.
                    next.store(entries.len(), Ordering::Relaxed);
                    failure.get_or_insert(error);
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, entries.len().max(1)) {
            scope.spawn(work);
        }
    });
    let (_, _, records, failure) = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    match failure {
        Some(error) => Err(error),
        None => Ok(records),
    }
}

/// A log, if it was made by the same terms.
fn gone_on_with(folder: &Path, logged: Logged, header: &Header) -> Result<Logged> {
    let Some(what) = difference(&logged.header, header) else {
        return Ok(logged);
    };
    Err(Error::Usage {
        message: format!(
            "the results in `{}` were made with {what}; grades by different terms do not go \
             together",
            folder.display()
        ),
        next: "grade anew with `--out FOLDER`, or repeat the options of the first time".into(),
    })
}

/// In what the terms of two gradings differ first.
#[must_use]
pub fn difference(old: &Header, new: &Header) -> Option<&'static str> {
    [
        (
            old.course_id == new.course_id,
            "another version of the course",
        ),
        (old.seed == new.seed, "another seed"),
        (old.earlier == new.earlier, "other earlier steps (`--mine`)"),
        (old.timeout == new.timeout, "another `--timeout`"),
        (
            old.sandbox == new.sandbox,
            "another sandbox (`--no-sandbox`)",
        ),
        (old.deadline == new.deadline, "another `--due` or `--late`"),
        (old.shard == new.shard, "another `--shard`"),
        (
            old.hidden_checks == new.hidden_checks,
            "other hidden checks (`--checks`)",
        ),
        (
            old.steps == new.steps,
            "other `--steps`, `--points` or `--weights`",
        ),
    ]
    .into_iter()
    .find_map(|(same, what)| (!same).then_some(what))
}

/// Names all of a course that a grade hangs on, the same on every machine.
pub(super) fn course_id(pipeline: &Pipeline<'_>) -> Result<String> {
    let (course, kit) = (pipeline.course(), pipeline.kit());
    let read = |path: PathBuf| fs::read(&path).map_err(Error::io("read", &path));
    let root = course.root();
    let mut parts = vec![
        kit.toolchain.version.clone().into_bytes(),
        read(root.join(MANIFEST))?,
    ];
    for path in crate::engine::kit::sources(course)? {
        parts.push(read(path)?);
    }
    for step in course.steps() {
        parts.push(read(course.solution_file(step))?);
        parts.push(pipeline.check(step)?.text.into_bytes());
        for asset in &step.assets {
            let path = course.assets_folder().join(asset);
            let content = hash::of_file(&path).map_err(Error::io("read", &path))?;
            parts.push(content.into_bytes());
        }
        // Not every step has some.
        parts.push(fs::read(mistakes::file(course, step)).unwrap_or_default());
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    Ok(hash::of(&parts))
}
