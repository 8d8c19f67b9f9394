//! `results.json`: everything that is known of the class. `docs/grades.md` describes its fields.
//!
//! When grading ran and how long it took is left out: the same class graded twice is the same
//! file, byte for byte.

use serde::{Deserialize, Serialize};

use super::insights::{Insights, insights};
use super::{Export, File, json_text, single};
use crate::classroom::record::{Grades, Header, Points, Student};
use crate::error::Result;

/// The format.
pub struct Json;

/// What stands in `results.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// What was graded, and how.
    #[serde(flatten)]
    pub header: Header,
    /// In the order of their ids.
    pub students: Vec<Graded>,
    /// What the class as a whole shows.
    pub class: Insights,
}

/// A student, and what the steps' scores come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Graded {
    /// The points that count: of all steps but excused ones, less the deduction.
    pub score: Points,
    /// The most that the student can have.
    pub out_of: Points,
    /// What was taken off for being late.
    pub deduction: Points,
    /// What was found.
    #[serde(flatten)]
    pub student: Student,
}

impl From<&Grades> for Results {
    fn from(grades: &Grades) -> Self {
        let students = grades.records.iter().map(|record| Graded {
            score: record.student.score(),
            out_of: record.student.out_of(&grades.header),
            deduction: record.student.deduction(),
            student: record.student.clone(),
        });
        Self {
            header: grades.header.clone(),
            students: students.collect(),
            class: insights(grades),
        }
    }
}

impl Export for Json {
    fn files(&self, grades: &Grades) -> Result<Vec<File>> {
        let content = json_text(&Results::from(grades))?;
        Ok(single("results.json", content))
    }
}
