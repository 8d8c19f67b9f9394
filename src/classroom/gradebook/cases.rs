//! A student's steps as test cases, which is what most formats know.

use crate::classroom::record::{GradedStep, Header, Record, Standing, StepGrade};

/// A student's step as a test case.
pub struct Case<'a> {
    /// The step.
    pub step: &'a GradedStep,
    /// What the student has for it.
    pub grade: &'a StepGrade,
    /// How long grading it took.
    pub seconds: f64,
}

/// One for each step.
pub fn cases<'a>(
    header: &'a Header,
    record: &'a Record,
) -> impl ExactSizeIterator<Item = Case<'a>> {
    let seconds = &record.timing.seconds;
    let steps = header.steps.iter().zip(&record.student.steps);
    steps.enumerate().map(|(i, (step, grade))| Case {
        step,
        grade,
        seconds: seconds.get(i).copied().unwrap_or(0.0),
    })
}

impl Case<'_> {
    /// As in `s07 Causal self-attention`.
    pub fn name(&self) -> String {
        format!("{} {}", self.step.id, self.step.title)
    }

    /// Whether all is as it should be.
    pub fn has_passed(&self) -> bool {
        self.grade.standing() == Standing::Passed
    }

    /// The verdict in a line.
    pub fn headline(&self) -> String {
        let mut lines = self.grade.text.lines();
        let verdict = match self.grade.standing() {
            Standing::Missing => "not handed in".into(),
            _ => self.grade.verdict.words(),
        };
        match lines.find(|line| !line.trim().is_empty()) {
            Some(line) => line.trim().to_owned(),
            None => format!("{}: {verdict}", self.name()),
        }
    }

    /// The whole verdict; never empty.
    pub fn text(&self) -> String {
        if self.grade.text.trim().is_empty() {
            self.headline()
        } else {
            self.grade.text.clone()
        }
    }
}
