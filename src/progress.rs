//! What the learner has done so far: `.tutor/progress.json`.
//!
//! Written to a temporary file and renamed, under a lock, so that two `tutor`s at once lose
//! nothing. A file that cannot be understood is moved aside, never overwritten.

mod answers;
mod hints;
mod seen;
mod work;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::course::source::read_source;
use crate::course::verdict_kind::{NotedKind, VerdictKind};
use crate::course::{Course, Step};
use crate::engine::judge::Verdict;
use crate::engine::pipeline::Judgement;
use crate::error::{Error, Result};
use crate::files;
use crate::hash;

pub use answers::Answered;
pub use seen::{Seen, SeenGroup, Trouble};

/// The version of the file's layout. Version 1 counted the hints shown and kept no groups.
const VERSION: u32 = 2;

/// The folder of the learner's state, beside `course.toml`.
pub const FOLDER: &str = ".tutor";

/// All that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    version: u32,
    /// By step id.
    steps: BTreeMap<String, StepProgress>,
}

/// What is known of one step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepProgress {
    /// How often it was judged.
    pub attempts: u32,
    /// The last verdict.
    pub last: NotedKind,
    /// When it first passed, in seconds since 1970.
    pub first_passed: Option<u64>,
    /// What the step asked for when it last passed.
    #[serde(default)]
    pub asked: Option<String>,
    /// The ids of the known mistakes that explained the last verdict.
    #[serde(default)]
    pub diagnosis: Vec<String>,
    /// What was last seen, group by group.
    #[serde(default)]
    pub seen: Seen,
    /// How many of the general hints were shown by a tutor that kept no more than their number.
    #[serde(default)]
    pub hints: usize,
    /// How many hints were shown in all.
    #[serde(default)]
    pub hints_shown: usize,
    /// Names of the hints that were shown.
    #[serde(default, alias = "special_hints")]
    shown_hints: Vec<String>,
    /// What became of the exercises, by their numbers in the lesson.
    #[serde(default)]
    answers: BTreeMap<usize, Answered>,
    /// What was last predicted of the experiments, by their names.
    #[serde(default)]
    predictions: BTreeMap<String, String>,
    /// Whether the solution was looked at.
    #[serde(default)]
    pub solution_seen: bool,
    /// Names the text that the last verdict is on; unknown to an older tutor.
    #[serde(default)]
    pub judged: Option<String>,
    /// Time at work, in seconds.
    #[serde(default)]
    pub seconds: u64,
    /// When it was last judged, in seconds since 1970.
    #[serde(default)]
    pub last_run: u64,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            version: VERSION,
            steps: BTreeMap::new(),
        }
    }
}

impl Progress {
    /// Reads the progress of `course`. A file that cannot be understood counts as none; the
    /// sentence says so.
    ///
    /// # Errors
    ///
    /// If the file is there but cannot be read at all.
    pub fn read(course: &Course) -> Result<(Self, Option<String>)> {
        let path = file(course);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Ok((Self::default(), None));
            }
            Err(e) => return Err(Error::io("read", &path)(e)),
        };
        Ok(match parse(&text) {
            Ok(progress) => (progress, None),
            Err(why) => (
                Self::default(),
                Some(format!("`{}` {why}; it counts as empty", path.display())),
            ),
        })
    }

    /// Changes what is known of `step`. The sentence is something that the learner should know.
    ///
    /// # Errors
    ///
    /// If it cannot be written; what was there is untouched then.
    pub fn update(
        course: &Course,
        step: &Step,
        change: impl FnOnce(&mut StepProgress),
    ) -> Result<Option<String>> {
        Self::change(course, |progress| change(progress.entry(step)))
    }

    /// Changes what is known, with nobody else between reading and writing.
    fn change(course: &Course, change: impl FnOnce(&mut Self)) -> Result<Option<String>> {
        let folder = course.root().join(FOLDER);
        fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
        let lock_path = folder.join("lock");
        let lock = File::create(&lock_path).map_err(Error::io("write", &lock_path))?;
        lock.lock().map_err(Error::io("lock", &lock_path))?;

        let path = file(course);
        let (mut progress, said) = Self::read(course)?;
        let said = match said {
            Some(_) => Some(move_aside(&path)?),
            None => None,
        };
        change(&mut progress);
        let text = serde_json::to_vec_pretty(&progress)
            .map_err(|e| Error::Internal(format!("progress: {e}")))?;
        files::write(&path, &text)?;
        Ok(said)
    }

    /// Notes judgements that were asked for together. `texts` names what each of them is on, as
    /// [`text_of`] did before. The sentence is something that the learner should know.
    ///
    /// # Errors
    ///
    /// Like [`update`](Self::update).
    pub fn record(
        course: &Course,
        judgements: &[Judgement],
        texts: &[String],
    ) -> Result<Option<String>> {
        Self::change(course, |progress| {
            let now = now();
            progress.spend(course, judgements, texts, now);
            for (judgement, text) in judgements.iter().zip(texts) {
                let asks = course.fingerprint(&judgement.step);
                let known = progress.entry(&judgement.step);
                known.judged(&judgement.verdict, asks, now);
                known.judged = Some(text.clone());
                known.diagnosis = judgement.diagnosis.iter().map(|n| n.id.clone()).collect();
                known.seen.update(judgement);
            }
        })
    }

    fn entry(&mut self, step: &Step) -> &mut StepProgress {
        self.steps.entry(step.id.clone()).or_default()
    }

    /// What is known of `step`, if it was ever judged.
    #[must_use]
    pub fn of(&self, step: &Step) -> Option<&StepProgress> {
        self.steps.get(&step.id)
    }

    /// Whether the last verdict on `step` was a pass.
    #[must_use]
    pub fn has_passed(&self, step: &Step) -> bool {
        self.of(step)
            .is_some_and(|known| known.last == VerdictKind::Passed)
    }

    /// Whether `step` passed, but what it asks for has changed since.
    #[must_use]
    pub fn is_outdated(&self, course: &Course, step: &Step) -> bool {
        let asked = self.of(step).and_then(|known| known.asked.as_ref());
        self.has_passed(step) && asked.is_some_and(|asked| *asked != course.fingerprint(step))
    }

    /// Whether the file of `step` is another than the one that the last verdict is on.
    #[must_use]
    pub fn is_edited(&self, course: &Course, step: &Step) -> bool {
        let judged = self.of(step).and_then(|known| known.judged.as_ref());
        judged.is_some_and(|judged| *judged != text_of(course, step))
    }

    /// The first step that does not pass. A pass stays one when its file is edited, so that a look
    /// back does not stop the way forward; but not before the last such file has been judged again
    /// do all steps pass.
    #[must_use]
    pub fn next<'a>(&self, course: &'a Course) -> Option<&'a Step> {
        let mut steps = course.steps().iter();
        steps.find(|step| !self.has_passed(step)).or_else(|| {
            let mut steps = course.steps().iter();
            steps.find(|step| self.is_edited(course, step))
        })
    }
}

impl StepProgress {
    /// Whether this hint was shown.
    #[must_use]
    pub fn was_shown(&self, hint: &str) -> bool {
        self.shown_hints.contains(&hash::of(&[hint.as_bytes()]))
    }

    /// Names the hints that were shown, in that order, behind those that were only counted.
    pub fn shown_hints(&self) -> impl Iterator<Item = &str> {
        self.shown_hints.iter().map(String::as_str)
    }

    /// How many hints there are to look at again.
    #[must_use]
    pub fn hints_kept(&self) -> usize {
        self.hints + self.shown_hints.len()
    }

    /// Notes that this hint is shown.
    pub fn show(&mut self, hint: &str) {
        self.hints_shown = self.hints_shown.saturating_add(1);
        if !self.was_shown(hint) {
            self.shown_hints.push(hash::of(&[hint.as_bytes()]));
        }
    }

    fn judged(&mut self, verdict: &Verdict, asks: String, now: u64) {
        self.attempts = self.attempts.saturating_add(1);
        self.last = verdict.kind().into();
        if *verdict == Verdict::Passed {
            self.first_passed.get_or_insert(now);
            self.asked = Some(asks);
        }
        self.last_run = now;
    }
}

/// Names the text that the learner's file of `step` holds now, whatever its line ends.
#[must_use]
pub fn text_of(course: &Course, step: &Step) -> String {
    match read_source(&course.step_file(step)) {
        Ok(text) => hash::of(&[files::plain(&text).as_bytes()]),
        Err(why) => format!("{why:?}"),
    }
}

/// Where it lies.
#[must_use]
pub fn file(course: &Course) -> PathBuf {
    course.root().join(FOLDER).join("progress.json")
}

fn parse(text: &[u8]) -> std::result::Result<Progress, String> {
    let progress: Progress =
        serde_json::from_slice(text).map_err(|e| format!("cannot be understood ({e})"))?;
    if progress.version > VERSION {
        return Err("was written by a newer tutor".into());
    }
    Ok(Progress {
        version: VERSION,
        ..progress
    })
}

/// Renames a file that cannot be understood, so that nothing in it is lost.
fn move_aside(path: &Path) -> Result<String> {
    let aside = free_name(&path.with_extension("unreadable.json"));
    fs::rename(path, &aside).map_err(Error::io("move aside", path))?;
    Ok(format!(
        "`{}` could not be understood: it was moved to `{}`, and progress starts anew. Your steps \
         are not touched; `tutor run all` finds out again which ones pass.",
        path.display(),
        aside.display()
    ))
}

/// `path`, or the first of its numbered variants that is not taken.
#[must_use]
pub fn free_name(path: &Path) -> PathBuf {
    let stem = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let extension = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let numbered = (1..).map(|n| path.with_file_name(format!("{stem}.{n}.{extension}")));
    std::iter::once(path.to_owned())
        .chain(numbered)
        // A link that points nowhere is taken, too.
        .find(|path| path.symlink_metadata().is_err())
        .unwrap_or_else(|| path.to_owned())
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::judge::Fault;

    #[test]
    fn a_pass_is_remembered_and_a_later_failure_shows() {
        let mut known = StepProgress::default();
        known.judged(&Verdict::Passed, "a".into(), 1_000_000);
        known.judged(&Verdict::Passed, "b".into(), 1_000_020);
        assert_eq!(known.last, VerdictKind::Passed);
        let fault = Fault::StackOverflow;
        let group = "g".into();
        known.judged(&Verdict::Failed { group, fault }, "c".into(), 1_000_030);
        assert_eq!(known.last, VerdictKind::StackOverflow);
        assert_eq!(known.attempts, 3);
        assert_eq!(known.first_passed, Some(1_000_000));
        assert_eq!(known.asked.as_deref(), Some("b"));
    }

    #[test]
    fn a_file_of_an_older_tutor_is_understood() {
        let text = br#"{"version":1,"steps":{"s01":{"attempts":2,"last":"passed",
            "first_passed":7,"hints":3,"special_hints":["abc"]}}}"#;
        let progress = parse(text).expect("fields that are missing have defaults");
        let known = &progress.steps["s01"];
        assert_eq!((known.attempts, known.hints), (2, 3));
        assert_eq!(known.shown_hints, ["abc"]);
        // It is written again as what it is now.
        assert_eq!(progress.version, VERSION);
    }

    #[test]
    fn a_verdict_of_another_tutor_is_none_and_is_kept() {
        let text = br#"{"version":2,"steps":{"s01":{"attempts":2,"last":"wrong_colour",
            "first_passed":null},"s02":{"attempts":0,"last":"","first_passed":null}}}"#;
        let progress = parse(text).expect("any word will do");
        assert!(
            progress
                .steps
                .values()
                .all(|known| known.last.kind().is_none())
        );
        let written = serde_json::to_value(&progress).expect("it can be written");
        assert_eq!(written["steps"]["s01"]["last"], "wrong_colour");
        assert_eq!(written["steps"]["s02"]["last"], "");
    }

    #[test]
    fn names_are_never_taken_twice() {
        let folder = tempfile::tempdir().expect("a folder for tests");
        let path = folder.path().join("a.unreadable.json");
        assert_eq!(free_name(&path), path);
        fs::write(&path, "").expect("it can be written");
        assert_eq!(free_name(&path), folder.path().join("a.unreadable.1.json"));
    }
}
