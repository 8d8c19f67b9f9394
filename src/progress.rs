//! What the learner has done so far: `.tutor/progress.json`.
//!
//! Written to a temporary file and renamed, under a lock, so that two `tutor`s at once lose
//! nothing. A file that cannot be understood is moved aside, never overwritten.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::course::{Course, Step};
use crate::error::{Error, Result};
use crate::files;
use crate::judge::Verdict;

/// The version of the file's layout.
const VERSION: u32 = 1;

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
    /// The last verdict, in one word.
    pub last: String,
    /// When it first passed, in seconds since 1970.
    pub first_passed: Option<u64>,
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

    /// Notes a verdict on `step`. The sentence is something that the learner should know.
    ///
    /// # Errors
    ///
    /// If it cannot be written; what was there is untouched then.
    pub fn record(course: &Course, step: &Step, verdict: &Verdict) -> Result<Option<String>> {
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
        progress.add(step, verdict, now());
        let text = serde_json::to_vec_pretty(&progress)
            .map_err(|e| Error::Internal(format!("progress: {e}")))?;
        files::write(&path, &text)?;
        Ok(said)
    }

    fn add(&mut self, step: &Step, verdict: &Verdict, now: u64) {
        let entry = self.steps.entry(step.id.clone()).or_default();
        entry.attempts = entry.attempts.saturating_add(1);
        verdict.kind().clone_into(&mut entry.last);
        if *verdict == Verdict::Passed {
            entry.first_passed.get_or_insert(now);
        }
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
            .is_some_and(|known| known.last == Verdict::Passed.kind())
    }

    /// The first step that does not pass.
    #[must_use]
    pub fn next<'a>(&self, course: &'a Course) -> Option<&'a Step> {
        course.steps().iter().find(|step| !self.has_passed(step))
    }
}

fn file(course: &Course) -> PathBuf {
    course.root().join(FOLDER).join("progress.json")
}

fn parse(text: &[u8]) -> std::result::Result<Progress, String> {
    let progress: Progress =
        serde_json::from_slice(text).map_err(|e| format!("cannot be understood ({e})"))?;
    if progress.version > VERSION {
        return Err("was written by a newer tutor".into());
    }
    Ok(progress)
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
    use crate::judge::Fault;

    fn step() -> Step {
        Step {
            id: "s01".into(),
            name: "s01_a".into(),
            title: "A".into(),
            points: 1,
            needs: Vec::new(),
        }
    }

    #[test]
    fn a_pass_is_remembered_and_a_later_failure_shows() {
        let mut progress = Progress::default();
        progress.add(&step(), &Verdict::Passed, 10);
        progress.add(&step(), &Verdict::Passed, 20);
        assert!(progress.has_passed(&step()));
        let failed = Verdict::Failed {
            group: "g".into(),
            fault: Fault::StackOverflow,
        };
        progress.add(&step(), &failed, 30);
        assert!(!progress.has_passed(&step()));
        let known = progress.of(&step()).expect("it was judged");
        assert_eq!(known.attempts, 3);
        assert_eq!(known.first_passed, Some(10));
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
