//! What the class has in common: the known mistakes, the most common first.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::step_anchor;
use super::text::{Shown, count};
use crate::classroom::record::{Diagnosis, Grades};

/// A known mistake in a step, and who made it.
#[derive(Debug, PartialEq)]
struct Common<'a> {
    diagnosis: &'a Diagnosis,
    /// Places in the class.
    students: Vec<usize>,
}

/// The mistakes of each step.
pub fn section(grades: &Grades) -> Markup {
    let steps: Vec<(usize, Vec<Common>)> = (0..grades.header.steps.len())
        .map(|step| (step, common(grades, step)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    html! {
        section #diagnoses aria-labelledby="diagnoses-title" {
            h2 #diagnoses-title { "Common mistakes" }
            @if steps.is_empty() {
                p { "No known mistake was recognised in this class." }
            } @else {
                p { "Known mistakes that explain what was observed, the most common first." }
            }
            @for (step, found) in &steps { (step_table(grades, *step, found)) }
        }
    }
}

fn step_table(grades: &Grades, step: usize, found: &[Common]) -> Markup {
    html! {
        @if let Some(graded) = grades.header.steps.get(step) {
            table.mistakes {
                caption { b { (Shown(&graded.id)) } " " (Shown(&graded.title)) }
                thead {
                    tr {
                        th.number scope="col" { "Students" }
                        th scope="col" { "The code …" }
                        th scope="col" { "Who" }
                    }
                }
                tbody {
                    @for one in found {
                        tr {
                            td.number { (one.students.len()) }
                            td { "… " (Shown(&one.diagnosis.what)) " " code { (Shown(&one.diagnosis.id)) } }
                            td { (who(grades, step, &one.students)) }
                        }
                    }
                }
            }
        }
    }
}

fn who(grades: &Grades, step: usize, students: &[usize]) -> Markup {
    html! {
        ul.who aria-label=(count(students.len(), "student")) {
            @for &student in students {
                li {
                    @if let Some(record) = grades.records.get(student) {
                        a href={ "#" (step_anchor(student, step)) } {
                            bdi { (Shown(&record.student.id)) }
                        }
                    }
                }
            }
        }
    }
}

/// The mistakes made in a step: the most common first, then by name.
fn common(grades: &Grades, step: usize) -> Vec<Common<'_>> {
    let mut found: BTreeMap<&str, Common> = BTreeMap::new();
    for (student, record) in grades.records.iter().enumerate() {
        let grade = record.student.steps.get(step);
        for diagnosis in grade.map_or(&[][..], |grade| &grade.diagnosis) {
            let one = found.entry(&diagnosis.id).or_insert_with(|| Common {
                diagnosis,
                students: Vec::new(),
            });
            one.students.push(student);
        }
    }
    let mut found: Vec<Common> = found.into_values().collect();
    // Stable: those of one number stay in the order of their names.
    found.sort_by_key(|one| std::cmp::Reverse(one.students.len()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classroom::gradebook::html::sample;

    #[test]
    fn the_most_common_come_first() {
        let mut grades = sample::grades();
        for (student, mistakes) in [(0, &["b", "c"][..]), (1, &["c", "a"])] {
            grades.records[student].student.steps[1].diagnosis =
                mistakes.iter().map(|id| sample::diagnosis(id)).collect();
        }
        let counted: Vec<(&str, usize)> = common(&grades, 1)
            .iter()
            .map(|one| (one.diagnosis.id.as_str(), one.students.len()))
            .collect();
        assert_eq!(counted, [("c", 2), ("a", 1), ("b", 1)]);
        let html = section(&grades).into_string();
        assert!(html.contains("aria-label=\"2 students\""));
        assert!(html.contains("href=\"#student-1-2\"") && html.contains("href=\"#student-2-2\""));
    }

    #[test]
    fn a_class_without_mistakes() {
        let mut grades = sample::grades();
        grades.records.clear();
        assert!(section(&grades).into_string().contains("No known mistake"));
    }
}
