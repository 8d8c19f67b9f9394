//! What is wrong with a course: where, and in one sentence.

use std::fmt;
use std::path::{Path, PathBuf};

use anstream::adapter::strip_str;
use serde::Serialize;

use crate::course::{Course, Step};
use crate::engine::compile::Diagnostic;
use crate::error::{Error, Result};

/// Something that is wrong with a course.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Flaw {
    /// The step, as in `s06`.
    pub step: String,
    /// The file to mend, from the course's folder.
    pub file: PathBuf,
    /// Counted from 1, where one line is to blame.
    pub line: Option<usize>,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// The flaws of a step, as they are found.
pub struct Flaws<'a> {
    course: &'a Course,
    step: &'a Step,
    found: Vec<Flaw>,
}

impl<'a> Flaws<'a> {
    /// None yet.
    #[must_use]
    pub fn of(course: &'a Course, step: &'a Step) -> Self {
        Self {
            course,
            step,
            found: Vec::new(),
        }
    }

    /// Those that were found.
    #[must_use]
    pub fn found(self) -> Vec<Flaw> {
        self.found
    }

    /// One more, in `file`.
    pub fn add(&mut self, file: &Path, line: Option<usize>, what: impl Into<String>) {
        self.found.push(Flaw {
            step: self.step.id.clone(),
            file: file
                .strip_prefix(self.course.root())
                .unwrap_or(file)
                .to_owned(),
            line,
            what: what.into(),
        });
    }

    /// The result, or a flaw if it is an error that the course is to blame for: in the file that the
    /// error names, or in `file`.
    ///
    /// # Errors
    ///
    /// If the machine is to blame.
    pub fn catch<T>(&mut self, file: &Path, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => return Ok(Some(value)),
            Err(Error::Course { path, at, message }) => {
                self.add(&path, at.map(|(line, _)| line), message);
            }
            Err(Error::CourseFile { path, source, .. }) => {
                self.add(&path, None, format!("cannot be read: {source}"));
            }
            Err(Error::Io { path, source, .. }) if is_sources(&path, self.course) => {
                self.add(&path, None, format!("cannot be read: {source}"));
            }
            Err(Error::Internal(message)) => self.add(file, None, first_lines(&message)),
            Err(error) => return Err(error),
        }
        Ok(None)
    }
}

/// Whether a file is one that an author writes, and not one that `tutor` does.
fn is_sources(path: &Path, course: &Course) -> bool {
    ["checks", "lessons", "solutions", "steps"]
        .iter()
        .any(|folder| path.starts_with(course.root().join(folder)))
}

/// The beginning of a message that may be rustc's, in one line.
fn first_lines(message: &str) -> String {
    let plain = strip_str(message).to_string();
    let lines = plain.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.take(3).collect::<Vec<_>>().join(" ")
}

/// The first error of several, and its line.
#[must_use]
pub fn first_error(errors: &[Diagnostic]) -> (Option<usize>, String) {
    match errors.first() {
        Some(error) => {
            let line = error.at.as_ref().map(|at| at.line as usize);
            (line, error.message.clone())
        }
        None => (None, "rustc does not come to an end".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaw_is_a_place_and_a_sentence() {
        let flaw = Flaw {
            step: "s01".into(),
            file: "checks/s01_a/check.rs".into(),
            line: Some(3),
            what: "is wrong".into(),
        };
        assert_eq!(flaw.to_string(), "checks/s01_a/check.rs:3: is wrong");
        let whole = Flaw { line: None, ..flaw };
        assert_eq!(whole.to_string(), "checks/s01_a/check.rs: is wrong");
    }

    #[test]
    fn of_a_long_message_the_beginning_is_kept() {
        let message = "no:\n\u{1b}[1merror\u{1b}[0m: x\n\n  --> a.rs:1:1\n   |\n";
        assert_eq!(first_lines(message), "no: error: x --> a.rs:1:1");
    }
}
