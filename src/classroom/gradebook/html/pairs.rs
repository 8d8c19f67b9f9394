//! Submissions that resemble each other.

use maud::{Markup, html};

use super::text::Shown;
use super::{Alike, Material, step_anchor, student_link};
use crate::classroom::record::Grades;

/// The pairs, and what they do not mean.
pub fn section(material: &Material) -> Markup {
    html! {
        section #pairs aria-labelledby="pairs-title" {
            h2 #pairs-title { "Pairs to look at" }
            p {
                "Pairs to look at, not an accusation: short steps have few right answers, and "
                "everybody starts from the same skeleton."
            }
            @if material.alike.is_empty() {
                p { "No two submissions are listed here." }
            } @else {
                table.pairs {
                    caption { "Submissions that resemble each other" }
                    thead {
                        tr {
                            th scope="col" { "One" }
                            th scope="col" { "The other" }
                            th scope="col" { "Where" }
                        }
                    }
                    tbody {
                        @for pair in material.alike { (row(material.grades, pair)) }
                    }
                }
            }
        }
    }
}

fn row(grades: &Grades, pair: &Alike) -> Markup {
    html! {
        tr {
            td { (name(grades, &pair.a)) }
            td { (name(grades, &pair.b)) }
            td {
                ul.where {
                    @for (step, how) in &pair.steps {
                        li { (place(grades, pair, step)) " " (Shown(how)) }
                    }
                }
            }
        }
    }
}

/// A link, if the student is in these grades: the other one may be in another part of the class.
fn name(grades: &Grades, id: &str) -> Markup {
    html! {
        @match position(grades, id) {
            Some(student) => (student_link(grades, student)),
            None => bdi { (Shown(id)) },
        }
    }
}

/// A step's id, leading to the step of the first of the two.
fn place(grades: &Grades, pair: &Alike, step: &str) -> Markup {
    let student = position(grades, &pair.a).or_else(|| position(grades, &pair.b));
    let at = grades
        .header
        .steps
        .iter()
        .position(|graded| graded.id == step);
    html! {
        @match (student, at) {
            (Some(student), Some(at)) => {
                a href={ "#" (step_anchor(student, at)) } { (Shown(step)) }
            }
            _ => (Shown(step)),
        }
    }
}

/// Where a student is. Records are few, and so are pairs.
fn position(grades: &Grades, id: &str) -> Option<usize> {
    grades
        .records
        .iter()
        .position(|record| record.student.id == id)
}
