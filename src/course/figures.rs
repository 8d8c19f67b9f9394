//! Figures: programs of a lesson that describe pictures, and the pictures that were drawn of them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::course::experiments::Experiment;
use crate::course::{Course, Step};
use crate::error::{Error, Result};
use crate::figure::{Figure, svg};
use crate::files;

/// The programs that describe the figures of `step`, by name. They run as experiments do.
///
/// # Errors
///
/// If a file cannot be read.
pub fn programs(course: &Course, step: &Step) -> Result<Vec<Experiment>> {
    let folder = course.figures_folder(step);
    let Ok(entries) = fs::read_dir(&folder) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(Error::io("read", &folder))?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(Experiment::read(path)?);
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// The file of a picture, beside its program.
#[must_use]
pub fn picture(program: &Experiment) -> PathBuf {
    program.path.with_extension("svg")
}

/// The figure that a text in `folder` shows by the address `target`; nothing if that is no picture
/// among the lessons that was drawn of a figure.
#[must_use]
pub fn shown(course: &Course, folder: &Path, target: &str) -> Option<Figure> {
    let lessons = course.lessons_folder().canonicalize().ok()?;
    let path = folder.join(target).canonicalize().ok()?;
    let is_picture = path.extension().is_some_and(|extension| extension == "svg");
    if !is_picture || !path.starts_with(lessons) {
        return None;
    }
    let text = files::read_text(&path).ok()?;
    Figure::parse(&svg::description(&text)?).ok()
}
