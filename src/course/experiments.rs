//! Experiments: small programs of a lesson, run on the learner's own step.

use std::fs;
use std::path::{Path, PathBuf};

use crate::course::{Course, Step};
use crate::error::{Error, Result};
use crate::files;

/// An experiment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Experiment {
    /// As in `order`: its file's name.
    pub name: String,
    /// The first line of its file.
    pub title: String,
    /// The question that asks for a prediction.
    pub ask: String,
    /// Its file.
    pub path: PathBuf,
    /// Its program.
    pub text: String,
}

impl Experiment {
    /// The one in the file `path`.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(path: PathBuf) -> Result<Self> {
        let text = files::read_text(&path).map_err(Error::io("read", &path))?;
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let (title, ask) = heading(&text);
        Ok(Self {
            name,
            title,
            ask,
            path,
            text,
        })
    }
}

/// The experiments of `step`, by name.
///
/// # Errors
///
/// If a file cannot be read.
pub fn read(course: &Course, step: &Step) -> Result<Vec<Experiment>> {
    let folder = course.experiments_folder(step);
    let Ok(entries) = fs::read_dir(&folder) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(Error::io("read", &folder))?.path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        found.push(Experiment::read(path)?);
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// A program of the learner's own, to be run like an experiment.
///
/// # Errors
///
/// If it cannot be read.
pub fn own(file: &Path) -> Result<Experiment> {
    let text = files::read_text(file).map_err(Error::io("read", file))?;
    // What it is compiled by lies elsewhere.
    let path = file.canonicalize().map_err(Error::io("read", file))?;
    let (title, ask) = heading(&text);
    Ok(Experiment {
        name: file.display().to_string(),
        title,
        ask,
        path,
        text,
    })
}

/// The names of the experiments of `step`.
///
/// # Errors
///
/// If a file cannot be read.
pub fn names(course: &Course, step: &Step) -> Result<Vec<String>> {
    let known = read(course, step)?;
    Ok(known
        .into_iter()
        .map(|experiment| experiment.name)
        .collect())
}

/// Title and question: the `//!` lines at the top.
fn heading(text: &str) -> (String, String) {
    let comment: Vec<&str> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .collect();
    let joined = comment.join(" ");
    let (title, ask) = joined.split_once("Ask:").unwrap_or((&joined, ""));
    (title.trim().to_owned(), ask.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_has_a_title_and_a_question() {
        let text = "//! Order matters.\n//!\n//! Ask: what happens\n//! to it?\n\nuse kit::Observer;\n//! no\n";
        let (title, ask) = heading(text);
        assert_eq!(title, "Order matters.");
        assert_eq!(ask, "what happens to it?");
    }
}
