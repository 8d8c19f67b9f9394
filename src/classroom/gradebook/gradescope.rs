//! `gradescope/STUDENT.json`: what a Gradescope autograder leaves as its `results.json`.
//!
//! A student may read it, so nothing of the seed stands in it.

use clap::ValueEnum;
use serde::Serialize;

use super::cases::{Case, cases};
use super::{Export, File, file_name, json_text};
use crate::classroom::record::{Grades, Header, Points, Record, Student};
use crate::error::Result;

/// When a student may see their results, in Gradescope's own words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Visibility {
    /// At once
    #[default]
    Visible,
    /// Never
    Hidden,
    /// When the assignment is due
    AfterDueDate,
    /// When the teacher publishes the grades
    AfterPublished,
}

/// The format.
pub struct Gradescope {
    /// When a student may see the tests.
    pub visibility: Visibility,
}

/// A score for the whole overrides the sum of the tests' scores: there is one only if something was
/// taken off.
#[derive(Serialize)]
struct Results {
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<Points>,
    /// Seconds.
    execution_time: f64,
    output: String,
    output_format: &'static str,
    visibility: Visibility,
    /// The output of the grading itself is not for students.
    stdout_visibility: Visibility,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    score: Points,
    max_score: Points,
    status: &'static str,
    name: String,
    number: String,
    output: String,
    output_format: &'static str,
    visibility: Visibility,
}

impl Export for Gradescope {
    fn files(&self, grades: &Grades) -> Result<Vec<File>> {
        let file = |record: &Record| {
            Ok(File {
                name: format!("gradescope/{}.json", file_name(&record.student.id)),
                content: json_text(&self.results(&grades.header, record))?,
            })
        };
        grades.records.iter().map(file).collect()
    }
}

impl Gradescope {
    fn results(&self, header: &Header, record: &Record) -> Results {
        let tests = cases(header, record).enumerate();
        let student = &record.student;
        let is_less = student.deduction() > Points::default();
        Results {
            score: is_less.then(|| student.score()),
            execution_time: rounded(record.timing.seconds.iter().sum()),
            output: said(student),
            output_format: "text",
            visibility: self.visibility,
            stdout_visibility: Visibility::Hidden,
            tests: tests.map(|(i, case)| self.test(i + 1, &case)).collect(),
        }
    }

    fn test(&self, number: usize, case: &Case) -> Test {
        Test {
            score: case.grade.score,
            max_score: case.out_of(),
            // Without it, Gradescope goes by the score, and a step without points would always pass.
            status: if case.is_settled() {
                "passed"
            } else {
                "failed"
            },
            name: if case.grade.is_excused() {
                format!("{} (excused)", case.name())
            } else {
                case.name()
            },
            number: number.to_string(),
            output: case.text(),
            output_format: "text",
            visibility: self.visibility,
        }
    }
}

/// What there is to say of the whole.
fn said(student: &Student) -> String {
    let mut lines = student.notes.clone();
    lines.extend(student.lateness());
    lines.extend((student.comment.iter()).map(|comment| format!("The teacher says: {comment}")));
    lines.join("\n")
}

/// To a millisecond; 0 for what is no duration.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).round().max(0.0) / 1000.0
}
