//! Writing what became of a class.

use crate::cli::Results;
use crate::course::Course;
use crate::error::Result;
use crate::files;
use crate::grade::record::Grades;
use crate::report::class::{ClassFormat, table};
use crate::terminal;

/// Writes every file that was asked for, and says what there is.
pub fn write(_course: &Course, grades: &Grades, results: &Results) -> Result<()> {
    let mut formats = results.formats.clone();
    // Always, and last: where it is, the grading came to its end.
    formats.retain(|format| *format != ClassFormat::Json);
    formats.push(ClassFormat::Json);
    for format in formats {
        for file in format.exporter(results.visibility).files(grades)? {
            files::write(&results.out.join(&file.name), &file.content)?;
        }
    }
    terminal::print(&table::table(grades, terminal::width()))?;
    terminal::print(&format!("\nResults: {}\n", results.out.display()))
}
