//! `feedback/`: what each student gets back, as a text and as a page, and archives of it that
//! Moodle and Canvas take. Nothing of the seed, of the solution or of anybody else stands in it.

mod archives;
mod text;

use super::{File, file_name, html};
use crate::classroom::record::Grades;
use crate::error::Result;

/// The folder of all of it.
const FOLDER: &str = "feedback";

/// A text and a page for each student, and the archives for the platforms that the class came from.
/// `source` has a student's text by the name of its content.
///
/// # Errors
///
/// Only for a bug: there is nothing in a record that cannot be written.
pub fn files(grades: &Grades, source: &dyn Fn(&str) -> Option<String>) -> Result<Vec<File>> {
    let header = &grades.header;
    let mut files = Vec::new();
    for record in &grades.records {
        let name = file_name(&record.student.id);
        let text = text::text(header, &record.student);
        let page = html::feedback(header, &record.student);
        for (ending, content) in [("txt", text), ("html", page)] {
            files.push(File {
                name: format!("{FOLDER}/{name}.{ending}"),
                content: content.into_bytes(),
            });
        }
    }
    files.extend(archives::moodle(grades)?);
    files.extend(archives::canvas(grades, source)?);
    Ok(files)
}

#[cfg(test)]
mod tests;
