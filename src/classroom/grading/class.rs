//! A whole class: who is still to be graded, several at a time, and what became of them.

use std::collections::HashSet;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::log::{Log, Logged};
use super::seed;
use super::session::{Session, Terms};
use super::student::Examiner;
use crate::classroom::record::{Deadline, EarlierSteps, Grades, Header, Record, Shard, VERSION};
use crate::classroom::submissions::Entry;
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

/// Grades a class; `progress` is told how many students are done, of all, and who was last.
///
/// # Errors
///
/// If the machine or the course keeps it from being graded; never because of a submission.
pub fn grade(
    pipeline: &Pipeline<'_>,
    class: Class<'_>,
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
    };
    let session = Session::new(pipeline, &class.steps, terms)?;
    let points = |step: &Step| {
        let position = class.steps.iter().position(|s| s.id == step.id);
        position.map_or(step.points, |position| class.points[position])
    };
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
        steps: session.graded_steps(points),
    };
    let known = match logged {
        Some(logged) => gone_on_with(&class.out, logged, &header)?,
        None => {
            log.begin(&header)?;
            Vec::new()
        }
    };
    log.go_on()?;
    let done: HashSet<&str> = known.iter().map(|r| r.student.id.as_str()).collect();
    let to_do: Vec<&Entry> = (class.entries.iter())
        .filter(|entry| !done.contains(entry.id.as_str()))
        .collect();
    let examiner = Examiner::new(&session, &header);
    let all = class.entries.len();
    let mut finished = all - to_do.len();
    progress(finished, all, "");
    let found = in_turn(&to_do, class.jobs, &examiner, &mut log, |id| {
        finished += 1;
        progress(finished, all, id);
    })?;
    let mut records = [known, found].concat();
    records.sort_by(|a, b| a.student.id.cmp(&b.student.id));
    Ok(Grades { header, records })
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
                Ok(Ok((record, handed))) => handed
                    .iter()
                    .try_for_each(|handed| log.keep_source(&handed.name, &handed.text))
                    .and_then(|()| log.append(&record))
                    .map(|()| record),
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

/// The records of a log, if they were made by the same terms.
fn gone_on_with(folder: &Path, logged: Logged, header: &Header) -> Result<Vec<Record>> {
    let Some(what) = difference(&logged.header, header) else {
        return Ok(logged.records);
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
        (old.steps == new.steps, "other `--steps` or `--points`"),
    ]
    .into_iter()
    .find_map(|(same, what)| (!same).then_some(what))
}

/// Names all of a course that a grade hangs on, the same on every machine.
fn course_id(pipeline: &Pipeline<'_>) -> Result<String> {
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
