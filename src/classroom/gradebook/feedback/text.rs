//! A student's results as plain text.

use crate::classroom::gradebook::decisions;
use crate::classroom::gradebook::signs::{sign, words};
use crate::classroom::record::{GradedStep, Header, StepGrade, Student};
use crate::text::is_control;

/// Between the steps.
const RULE: &str = "----------------------------------------------------------------------";

/// All that a student is told.
pub fn text(header: &Header, student: &Student) -> String {
    let mut text = format!(
        "{}\n\n{}: {} of {} points\n",
        header.course,
        student.label(),
        student.score(),
        student.out_of(header)
    );
    let lateness = student.lateness();
    for said in lateness
        .iter()
        .chain(&student.notes)
        .chain(&student.comment)
    {
        text.push_str(&format!("\n{}\n", said.trim_end()));
    }
    text.push('\n');
    let steps = || header.steps.iter().zip(&student.steps);
    for (step, grade) in steps() {
        text.push_str(&format!("{}\n", line(step, grade)));
    }
    for (step, grade) in steps() {
        if let Some(said) = more(grade) {
            text.push_str(&format!("\n{RULE}\n\n{}\n\n{said}\n", line(step, grade)));
        }
    }
    harmless(&text)
}

/// What a student is told of one step.
pub fn of_step(step: &GradedStep, grade: &StepGrade) -> String {
    let mut text = format!("{}\n", line(step, grade));
    if let Some(said) = more(grade) {
        text.push_str(&format!("\n{said}\n"));
    }
    harmless(&text)
}

/// A step in a line.
fn line(step: &GradedStep, grade: &StepGrade) -> String {
    let points = if grade.is_excused() {
        "excused".into()
    } else {
        format!("{} of {} points", grade.score, step.points)
    };
    format!(
        "{} {} {}: {}, {points}",
        sign(grade),
        step.id,
        step.title,
        words(grade)
    )
}

/// What there is to say beyond the line.
fn more(grade: &StepGrade) -> Option<String> {
    let mut parts = grade.notes.clone();
    parts.extend(decisions::paragraphs(grade));
    if !grade.has_passed() && !grade.text.trim().is_empty() {
        parts.push(grade.text.trim_end().to_owned());
    }
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// Without what moves a terminal's cursor or turns the direction of writing.
fn harmless(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace(|c| is_control(c) && c != '\n' && c != '\t', "\u{fffd}")
}
