//! What a student gets back, as a page: nothing of the seed, of the solution or of others.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::student::{badge, groups, said_of};
use super::text::{Prose, Shown, block};
use super::{POLICY, STYLE};
use crate::classroom::gradebook::signs::words;
use crate::classroom::record::{GradedStep, Header, StepGrade, Student};

/// Lines of a verdict that are shown.
const LINES: usize = 120;

/// The page of one student.
#[must_use]
pub fn feedback(header: &Header, student: &Student) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                title { (Shown(&header.course)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    header {
                        h1 { (Shown(&header.course)) }
                        p.whole {
                            bdi { (Shown(&student.label())) } ": "
                            b { (student.score()) } " of " (student.out_of(header)) " points"
                        }
                        @if let Some(lateness) = student.lateness() { p { b { (lateness) } } }
                        @for note in &student.notes { p { (Shown(note)) } }
                        @if let Some(comment) = &student.comment {
                            p.decision { (Prose(comment)) }
                        }
                    }
                    @for (step, grade) in header.steps.iter().zip(&student.steps) {
                        (section(step, grade))
                    }
                }
            }
        }
    }
    .into_string()
}

fn section(step: &GradedStep, grade: &StepGrade) -> Markup {
    html! {
        section.step {
            h2 {
                (badge(step, grade))
                span.id { (Shown(&step.id)) }
                " " (Shown(&step.title))
                span.verdict { (words(grade)) }
            }
            (said_of(grade))
            @if !grade.has_passed() && !grade.text.trim().is_empty() {
                (groups(&step.groups, &grade.groups))
                (block(&grade.text, LINES))
            }
        }
    }
}
