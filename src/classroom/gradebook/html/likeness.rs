//! Submissions that are alike.

use maud::{Markup, html};

use super::text::Shown;
use super::{Material, student_link};
use crate::classroom::gradebook::alike::Group;
use crate::classroom::record::Grades;

/// Members of a group that are shown unfolded.
const SHOWN: usize = 12;

/// The groups, and what they do not mean.
pub fn section(material: &Material) -> Markup {
    html! {
        section #alike aria-labelledby="alike-title" {
            h2 #alike-title { "Submissions that are alike" }
            p {
                "To look at, not an accusation: short steps have few right answers, and everybody "
                "starts from the same skeleton. Each of a group is like at least one other of it; "
                code { "alike.json" } " has the pairs."
            }
            @if material.alike.is_empty() {
                p { "No two submissions are listed here." }
            } @else {
                table.alike {
                    caption { "Groups of submissions that are alike" }
                    thead {
                        tr {
                            th.number scope="col" { "Students" }
                            th scope="col" { "Who" }
                            th scope="col" { "How" }
                        }
                    }
                    tbody {
                        @for group in material.alike { (row(material.grades, group)) }
                    }
                }
            }
        }
    }
}

fn row(grades: &Grades, group: &Group) -> Markup {
    let (shown, folded) = group.students.split_at(group.students.len().min(SHOWN));
    html! {
        tr {
            td.number { (group.students.len()) }
            td {
                ul.who aria-label=(group.size()) {
                    @for id in shown { li { (name(grades, id)) } }
                    @if group.solution { li { "the solution" } }
                }
                @if !folded.is_empty() {
                    details {
                        summary { (folded.len()) " more" }
                        ul.who { @for id in folded { li { (name(grades, id)) } } }
                    }
                }
            }
            td { ul { @for way in &group.ways { li { (Shown(&way.words())) } } } }
        }
    }
}

/// A link, if the student is in these grades: somebody else may be in another part of the class.
fn name(grades: &Grades, id: &str) -> Markup {
    let place = (grades.records.iter()).position(|record| record.student.id == id);
    html! {
        @match place {
            Some(student) => (student_link(grades, student)),
            None => bdi { (Shown(id)) },
        }
    }
}
