//! A graded class in every format that it is written in.
//!
//! All of it is pure: from [`Grades`] to the bytes of files, or to the text for a terminal. Each
//! format is a file here and a row of [`ClassFormat`], and all of them are tested in one place,
//! `tests.rs`.

pub mod alike;
mod cases;
mod csv;
mod decisions;
pub mod feedback;
mod file_name;
mod gradescope;
pub mod html;
pub mod insights;
mod json;
mod junit;
mod signs;
pub mod table;

#[cfg(test)]
pub mod sample;
#[cfg(test)]
mod tests;

use clap::ValueEnum;
use serde::Serialize;

use crate::classroom::record::Grades;
use crate::error::{Error, Result};
use crate::text;

pub use file_name::file_name;
pub use gradescope::Visibility;
pub use json::{Graded, Results};

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Relative to the folder of results; the only folders in it are the format's own, with `/`.
    pub name: String,
    /// What stands in it.
    pub content: Vec<u8>,
}

/// A format that a graded class is written in.
pub trait Export {
    /// One file for the class, or one for each student.
    ///
    /// # Errors
    ///
    /// Only for a bug: there is nothing in a record that cannot be written.
    fn files(&self, grades: &Grades) -> Result<Vec<File>>;
}

/// The formats by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum ClassFormat {
    /// `results.json`: everything, for programs
    Json,
    /// `grades.csv`: a row for each student, for a gradebook or a spreadsheet
    Csv,
    /// `junit.xml`: a test suite for each student, for CI
    Junit,
    /// `gradescope/STUDENT.json`: results for Gradescope's autograder
    Gradescope,
    /// `report.html`: the class as a page for its teacher
    Html,
    /// `feedback/`: a text and a page to hand back to each student, and archives for Moodle and Canvas
    Feedback,
}

impl ClassFormat {
    /// What writes this format, unless it takes more than the grades, as the
    /// page does and what students get back. Where students may see their results is up to `visibility`.
    #[must_use]
    pub fn exporter(self, visibility: Visibility) -> Option<Box<dyn Export>> {
        Some(match self {
            Self::Json => Box::new(json::Json),
            Self::Csv => Box::new(csv::Csv),
            Self::Junit => Box::new(junit::Junit),
            Self::Gradescope => Box::new(gradescope::Gradescope { visibility }),
            Self::Html | Self::Feedback => return None,
        })
    }
}

/// A class's only file.
fn single(name: &str, content: Vec<u8>) -> Vec<File> {
    vec![File {
        name: name.into(),
        content,
    }]
}

/// Indented, with a newline at the end.
fn json_text(value: &impl Serialize) -> Result<Vec<u8>> {
    let text = serde_json::to_string_pretty(value).map_err(internal)?;
    Ok((text::json(&text) + "\n").into_bytes())
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("the grades cannot be written: {error}"))
}
