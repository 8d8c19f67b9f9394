//! A graded class as one page of HTML, for the screen and for paper.
//!
//! Nothing in it is fetched and nothing in it runs: no script, no picture, no link to elsewhere, so
//! that a page made of what strangers handed in can be opened, kept and sent without a thought.
//! [`text`] shows what others wrote; everything else is ours.

mod class;
mod diagnoses;
mod difference;
mod feedback;
mod likeness;
mod repeat;
mod student;
mod text;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::classroom::gradebook::alike::Group;
use crate::classroom::record::{EarlierSteps, Grades, Sandbox};
pub use feedback::feedback;
use text::Shown;

const STYLE: &str = include_str!("html/style.css");

/// Only the styles in the page itself. Whoever should get a tag past the escaping finds that it
/// does nothing.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// What a page is made of.
pub struct Material<'a> {
    /// The class.
    pub grades: &'a Grades,
    /// Submissions that are alike, in the order in which they are listed.
    pub alike: &'a [Group],
    /// A student's text by the name of its content, [`StepGrade::source`].
    ///
    /// [`StepGrade::source`]: crate::classroom::record::StepGrade::source
    pub source: &'a dyn Fn(&str) -> Option<String>,
    /// The solution of a step by its id.
    pub solution: &'a dyn Fn(&str) -> Option<String>,
}

/// The page.
#[must_use]
pub fn page(material: &Material) -> String {
    let grades = material.grades;
    let title = &grades.header.course;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                title { (Shown(title)) " – the class" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    div.front {
                        header {
                            h1 { (Shown(title)) }
                            (figures(grades))
                            (warning(grades))
                            (contents(material))
                            (printing())
                        }
                        (class::table(grades))
                    }
                    (diagnoses::section(grades))
                    (likeness::section(material))
                    (repeat::section(&grades.header))
                    (students(material))
                }
            }
        }
    }
    .into_string()
}

/// The class in a few numbers.
fn figures(grades: &Grades) -> Markup {
    let header = &grades.header;
    let all = header.points();
    let earlier = match header.earlier {
        EarlierSteps::Reference => "the reference's",
        EarlierSteps::Mine => "the student's own",
    };
    let sandbox = match header.sandbox {
        Sandbox::Enforced => "on",
        Sandbox::Off => "off",
    };
    let students = || grades.records.iter().map(|record| &record.student);
    let missing = students().filter(|student| student.is_missing()).count();
    let unknown = students()
        .filter(|student| student.intake.on_roster == Some(false))
        .count();
    html! {
        dl.figures {
            div { dt { "Students" } dd { (grades.records.len()) } }
            @if let Some(shard) = header.shard {
                div { dt { "Part of the class" } dd { (shard.number) " of " (shard.of) } }
            }
            div {
                dt { "Mean" }
                dd {
                    @match grades.mean() {
                        Some(mean) => { (format!("{mean:.1}")) small { " of " (all) " points" } }
                        None => "–",
                    }
                }
            }
            div { dt { "Steps" } dd { (header.steps.len()) } }
            div { dt { "Earlier steps" } dd.words { (earlier) } }
            @if let Some(due) = header.deadline.due { div { dt { "Due" } dd.words { (due) } } }
            @if let Some(rule) = header.deadline.late_rule {
                div { dt { "Being late costs" } dd.words { (rule) } }
            }
            @if missing > 0 { div { dt { "Nothing handed in" } dd { (missing) } } }
            @if unknown > 0 { div { dt { "Not on the roster" } dd { (unknown) } } }
            div { dt { "Time limit" } dd { (header.timeout) small { " s a step" } } }
            div { dt { "Sandbox" } dd.words { (sandbox) } }
        }
    }
}

/// What the teacher should know before believing anything below.
fn warning(grades: &Grades) -> Markup {
    html! {
        @if grades.header.sandbox == Sandbox::Off {
            p.warning role="note" {
                strong { "⚠ Graded without a sandbox." }
                " Nothing but limits on time, memory and output kept submissions from doing harm: "
                "one of them could have read or changed files here, these results included. "
                "Look at what was handed in before you trust the points."
            }
        }
        @if grades.header.shard.is_some() {
            p.note role="note" {
                "This is a part of the class. Means and rates below are of this part alone."
            }
        }
    }
}

fn contents(material: &Material) -> Markup {
    html! {
        nav aria-label="On this page" {
            a href="#class" { "The class" }
            a href="#diagnoses" { "Common mistakes" }
            a href="#alike" { "Submissions that are alike (" (material.alike.len()) ")" }
            a href="#repeat" { "How to repeat a verdict" }
            a href="#students" { "Students" }
        }
    }
}

/// A page for each student is printed only if that is asked for.
fn printing() -> Markup {
    html! {
        p.printing {
            input #print-students type="checkbox" autocomplete="off";
            " "
            label for="print-students" { "Print a page for each student, too" }
        }
    }
}

fn students(material: &Material) -> Markup {
    let records = &material.grades.records;
    html! {
        section.students #students aria-labelledby="students-title" {
            h2 #students-title { "Students" }
            @if records.is_empty() { p { "There are none." } }
            @for index in 0..records.len() { (student::section(material, index)) }
        }
    }
}

/// Names a student's section. Ids are what others chose, so they are not made use of here.
fn student_anchor(student: usize) -> String {
    format!("student-{}", student + 1)
}

/// Names a step in a student's section.
fn step_anchor(student: usize, step: usize) -> String {
    format!("student-{}-{}", student + 1, step + 1)
}

/// A link to a student's section.
fn student_link(grades: &Grades, student: usize) -> Markup {
    html! {
        @if let Some(record) = grades.records.get(student) {
            a href={ "#" (student_anchor(student)) } { bdi { (Shown(&record.student.label())) } }
        }
    }
}

#[cfg(test)]
mod tests;
