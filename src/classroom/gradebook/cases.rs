//! A student's steps as test cases, which is what most formats know.

use super::decisions;
use crate::classroom::record::{GradedStep, Header, Points, Record, StepGrade};
use crate::course::verdict_kind::VerdictKind;

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
        self.grade.has_passed()
    }

    /// What the student can have for it: nothing for what does not count.
    pub fn out_of(&self) -> Points {
        if self.grade.is_excused() {
            Points::default()
        } else {
            Points::whole(self.step.points)
        }
    }

    /// Whether the student has all there is to have, or more is not asked for.
    pub fn is_settled(&self) -> bool {
        self.has_passed() || self.grade.is_excused() || {
            let worth = self.out_of();
            worth > Points::default() && self.grade.score >= worth
        }
    }

    /// The verdict in a line.
    pub fn headline(&self) -> String {
        let mut lines = self.grade.text.lines();
        let verdict = match self.grade.verdict.kind() {
            Some(VerdictKind::Missing) => "not handed in".into(),
            _ => self.grade.verdict.words(),
        };
        match lines.find(|line| !line.trim().is_empty()) {
            Some(line) => line.trim().to_owned(),
            None => format!("{}: {verdict}", self.name()),
        }
    }

    /// The whole verdict, behind what a teacher decided and said; never empty.
    pub fn text(&self) -> String {
        let verdict = if self.grade.text.trim().is_empty() {
            self.headline()
        } else {
            self.grade.text.clone()
        };
        let mut parts = decisions::paragraphs(self.grade);
        parts.push(verdict);
        parts.join("\n\n")
    }
}
