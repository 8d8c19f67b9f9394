//! The class at a glance: students down, steps across.

use maud::{Markup, html};

use super::text::Shown;
use super::{step_anchor, student_anchor};
use crate::classroom::gradebook::insights::{insights, percent};
use crate::classroom::gradebook::signs::{BY_HAND, heat, is_by_hand, legend, sign, words};
use crate::classroom::record::{Grades, Points, Record, StepGrade, Student};
use crate::course::verdict_kind::VerdictKind;

/// The heat map and what its signs and colours mean.
pub fn table(grades: &Grades) -> Markup {
    html! {
        section #class aria-labelledby="class-title" {
            h2 #class-title { "The class at a glance" }
            (key(grades))
            div.scroll tabindex="0" role="region" aria-labelledby="class-title" {
                table.map {
                    caption {
                        "Points of each student in each step. "
                        "A cell leads to what was found there."
                    }
                    (head(grades))
                    tbody {
                        @for (index, record) in grades.records.iter().enumerate() {
                            (row(grades, index, &record.student))
                        }
                    }
                    (foot(grades))
                }
            }
        }
    }
}

fn key(grades: &Grades) -> Markup {
    let all = grades
        .records
        .iter()
        .flat_map(|record| &record.student.steps);
    let has_notes = grades
        .records
        .iter()
        .any(|record| !record.student.notes.is_empty());
    html! {
        ul.key aria-label="Signs and colours" {
            @for (sign, meaning) in legend(all) {
                li { b { (sign) } " " (meaning) }
            }
            @if has_notes { li { b { "*" } " has a note" } }
            li.scale {
                "no points "
                @for tenth in 0..=10 { i class={ "h" (tenth) } {} }
                " all points"
            }
        }
    }
}

fn head(grades: &Grades) -> Markup {
    html! {
        thead {
            tr {
                th.who scope="col" { "Student" }
                th.total scope="col" { "All" span.of { "of " (grades.header.points()) } }
                @for step in &grades.header.steps {
                    th scope="col" title={ (Shown(&step.id)) " " (Shown(&step.title)) } {
                        span.title { (Shown(&step.title)) }
                        (Shown(number(&step.id)))
                        span.of { "of " (step.points) }
                    }
                }
            }
        }
    }
}

/// What of a step's id a narrow column needs: `07` of `s07`.
fn number(id: &str) -> &str {
    let rest = id.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let is_number = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { rest } else { id }
}

fn row(grades: &Grades, index: usize, student: &Student) -> Markup {
    html! {
        tr {
            th.who scope="row" {
                // Before the name, which may be too long for its column.
                @if !student.notes.is_empty() { span title="has a note" { "* " } }
                a href={ "#" (student_anchor(index)) } { bdi { (Shown(&student.label())) } }
            }
            td.total {
                (student.score())
                @if student.deduction() > Points::default() {
                    span.of { " −" (student.deduction()) " late" }
                }
            }
            @for (place, step) in grades.header.steps.iter().enumerate() {
                @match student.steps.get(place) {
                    Some(grade) => {
                        td class=(heat(grade, step)) { (cell(grade, index, place)) }
                    }
                    None => td {},
                }
            }
        }
    }
}

fn cell(grade: &StepGrade, student: usize, step: usize) -> Markup {
    let words = if grade.is_excused() {
        format!("excused: {}", words(grade))
    } else {
        words(grade)
    };
    html! {
        a href={ "#" (step_anchor(student, step)) } title=(words) {
            b aria-hidden="true" { (sign(grade)) }
            span.unseen { (words) ", " }
            span.points {
                @if grade.is_excused() { (BY_HAND) }
                @else if is_by_hand(grade) { (grade.score) (BY_HAND) }
                @else if grade.verdict != VerdictKind::Missing { (grade.score) }
            }
        }
    }
}

fn foot(grades: &Grades) -> Markup {
    let is_done = |grade: &StepGrade| grade.has_passed() || grade.is_excused();
    let passed = |record: &&Record| record.student.steps.iter().all(is_done);
    let everything = grades.records.iter().filter(passed).count();
    let class = insights(grades);
    let mean = |mean: Points| match class.students {
        0 => "–".into(),
        _ => format!("{:.1}", mean.number()),
    };
    html! {
        tfoot {
            tr {
                th.who scope="row" { "Passed" }
                td.total { (share(percent(everything, class.students))) }
                @for step in &class.steps { td { (share(step.percent())) } }
            }
            tr {
                th.who scope="row" { "Mean" }
                td.total { (mean(class.mean)) }
                @for step in &class.steps { td { (mean(step.mean)) } }
            }
        }
    }
}

/// With a space that does not break; a dash where there is nothing to share.
fn share(percent: Option<usize>) -> String {
    percent.map_or_else(|| "–".into(), |percent| format!("{percent}\u{a0}%"))
}
