//! What the class has in common: the known mistakes, the most common first.

use maud::{Markup, html};

use super::step_anchor;
use super::text::{Shown, count};
use crate::classroom::gradebook::insights::{Made, mistakes};
use crate::classroom::record::Grades;

/// The mistakes of each step.
pub fn section(grades: &Grades) -> Markup {
    let found = mistakes(grades);
    html! {
        section #diagnoses aria-labelledby="diagnoses-title" {
            h2 #diagnoses-title { "Common mistakes" }
            @if found.is_empty() {
                p { "No known mistake was recognised in this class." }
            } @else {
                p { "Known mistakes that explain what was observed, the most common first." }
            }
            @for step in 0..grades.header.steps.len() {
                @if found.iter().any(|made| made.step == step) {
                    (step_table(grades, step, &found))
                }
            }
        }
    }
}

fn step_table(grades: &Grades, step: usize, found: &[Made]) -> Markup {
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
                    @for one in found.iter().filter(|made| made.step == step) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classroom::gradebook::sample;

    #[test]
    fn the_most_common_come_first() {
        let mut grades = sample::grades();
        grades.records.truncate(2);
        for (student, mistakes) in [(0, &["b", "c"][..]), (1, &["c", "a"])] {
            grades.records[student].student.steps[1].diagnosis = mistakes
                .iter()
                .map(|id| sample::diagnosis(id, "…"))
                .collect();
        }
        let html = section(&grades).into_string();
        let order: Vec<&str> = html
            .split("<code>")
            .skip(1)
            .map(|rest| &rest[..1])
            .collect();
        assert_eq!(order, ["c", "a", "b"]);
        assert_eq!(html.matches("aria-label=\"2 students\"").count(), 1);
        assert!(html.contains("href=\"#student-1-2\"") && html.contains("href=\"#student-2-2\""));
    }

    #[test]
    fn a_class_without_mistakes() {
        let mut grades = sample::grades();
        grades.records.clear();
        assert!(section(&grades).into_string().contains("No known mistake"));
    }
}
