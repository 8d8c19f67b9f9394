//! All that is known of one student: on the screen a section, on paper a page of its own.

use maud::{Markup, html};

use super::text::{Prose, Shown, block, count, list};
use super::{Material, difference, step_anchor, student_anchor};
use crate::classroom::due;
use crate::classroom::gradebook::decisions;
use crate::classroom::gradebook::signs::{BY_HAND, heat, is_blank, is_by_hand, sign, words};
use crate::classroom::record::{GradedStep, GroupOutcome, StepGrade, Student};
use crate::course::verdict_kind::VerdictKind;

/// Lines of a verdict that are shown. Only rustc says more.
const LINES: usize = 120;

/// The section of the student at this place in the class.
pub fn section(material: &Material, index: usize) -> Markup {
    let grades = material.grades;
    html! {
        @if let Some(record) = grades.records.get(index) {
            @let student = &record.student;
            @let anchor = student_anchor(index);
            article.student id=(anchor) aria-labelledby={ (anchor) "-name" } {
                header {
                    h3 id={ (anchor) "-name" } { bdi { (Shown(&student.label())) } }
                    p.total { b { (student.score()) } " of " (student.out_of(&grades.header)) " points" }
                    (ways(index, grades.records.len()))
                }
                (submission(student))
                @for (place, (step, grade)) in grades.header.steps.iter().zip(&student.steps).enumerate() {
                    (step_section(material, &step_anchor(index, place), step, grade))
                }
            }
        }
    }
}

fn ways(index: usize, students: usize) -> Markup {
    html! {
        nav aria-label="Other students" {
            @if index > 0 { a href={ "#" (student_anchor(index - 1)) } { "previous" } }
            a href="#class" { "the class" }
            @if index + 1 < students { a href={ "#" (student_anchor(index + 1)) } { "next" } }
        }
    }
}

fn submission(student: &Student) -> Markup {
    html! {
        (times(student))
        @if !student.entry.is_empty() && student.entry != student.id {
            p.facts { "handed in as " code { bdi { (Shown(&student.entry)) } } }
        }
        (notes(&student.notes))
        @if let Some(said) = &student.comment { p.decision { (Prose(said)) } }
    }
}

/// When it was handed in, and what that costs.
fn times(student: &Student) -> Markup {
    let intake = &student.intake;
    html! {
        @if let Some(group) = &intake.group { p.facts { "group " (Shown(group)) } }
        @if let Some(submitted) = intake.submitted {
            p.facts { "handed in " (submitted.at.short()) ", " (submitted.from.words()) }
        }
        @if intake.extra_time > 0 { p.facts { (due::words(intake.extra_time)) " of extra time" } }
        @if let Some(lateness) = student.lateness() { p.facts { b { (lateness) } } }
    }
}

fn notes(notes: &[String]) -> Markup {
    html! {
        @if !notes.is_empty() {
            ul.notes { (list(notes, |note| html! { (Shown(note)) })) }
        }
    }
}

fn step_section(material: &Material, anchor: &str, step: &GradedStep, grade: &StepGrade) -> Markup {
    // On paper, what needs no more words gets none.
    let quiet = grade.has_passed() || is_blank(grade);
    html! {
        section.step.quiet[quiet] id=(anchor) {
            h4 {
                (badge(step, grade))
                span.id { (Shown(&step.id)) }
                " " (Shown(&step.title))
                span.verdict { (words(grade)) }
            }
            (said_of(grade))
            @if quiet { (folded(material, step, grade)) } @else { (laid_open(material, step, grade)) }
        }
    }
}

/// The sign of a step and its points.
pub fn badge(step: &GradedStep, grade: &StepGrade) -> Markup {
    html! {
        span class={ "badge " (heat(grade, step)) } {
            span aria-hidden="true" { (sign(grade)) }
            @if grade.is_excused() { " excused" (BY_HAND) } @else {
                " " (grade.score) @if is_by_hand(grade) { (BY_HAND) }
                span.of { " of " (step.points) }
            }
        }
    }
}

/// What is noteworthy about a step, and what a teacher decided and said.
pub fn said_of(grade: &StepGrade) -> Markup {
    html! {
        (notes(&grade.notes))
        @for said in decisions::paragraphs(grade) { p.decision { (Prose(&said)) } }
    }
}

/// A step without a question: what was observed is a click away, and not on paper.
fn folded(material: &Material, step: &GradedStep, grade: &StepGrade) -> Markup {
    let passed = |outcome: &&&GroupOutcome| ***outcome == GroupOutcome::Passed;
    let hidden = grade.hidden.iter().flat_map(|hidden| &hidden.groups);
    let all: Vec<&GroupOutcome> = grade.groups.iter().chain(hidden).collect();
    let in_order = all.iter().filter(passed).count();
    html! {
        @if grade.verdict != VerdictKind::Missing {
            details {
                summary { (in_order) " of " (count(all.len(), "part")) " in order" }
                (laid_open(material, step, grade))
            }
        }
    }
}

fn laid_open(material: &Material, step: &GradedStep, grade: &StepGrade) -> Markup {
    html! {
        (facts(grade))
        @if !grade.forbidden.is_empty() {
            p.label { "It calls what it should write itself:" }
            ul.notes { (list(&grade.forbidden, |call| html! { code { (Shown(call)) } })) }
        }
        (groups(&step.groups, &grade.groups))
        (hidden(step, grade))
        (diagnoses(grade))
        (said(grade))
        @if !grade.has_passed() { (comparison(material, grade)) }
    }
}

/// Where the text is.
fn facts(grade: &StepGrade) -> Markup {
    html! {
        @if grade.file.is_some() || grade.source.is_some() {
            p.facts {
                @if let Some(file) = &grade.file { code { bdi { (Shown(file)) } } }
                @if let Some(line) = grade.line { ", line " (line) }
                @if let Some(source) = &grade.source {
                    span { "kept as " code { "sources/" (Shown(source)) ".rs" } }
                }
            }
        }
    }
}

/// What became of each group of observations.
pub fn groups(names: &[String], outcomes: &[GroupOutcome]) -> Markup {
    html! {
        @if !outcomes.is_empty() {
            ul.groups aria-label="What was observed" {
                @for (name, outcome) in names.iter().zip(outcomes) {
                    @let (sign, words, class) = match outcome {
                        GroupOutcome::Passed => ("✓", "in order", "passed"),
                        GroupOutcome::Failed => ("✗", "wrong", "failed"),
                        GroupOutcome::NotReached => ("·", "not reached", "open"),
                    };
                    li class=(class) {
                        span aria-hidden="true" { (sign) } " " (Shown(name))
                        span.unseen { ": " (words) }
                    }
                }
            }
        }
    }
}

fn diagnoses(grade: &StepGrade) -> Markup {
    html! {
        @for diagnosis in &grade.diagnosis {
            p.diagnosis {
                "It looks like this code " b { (Shown(&diagnosis.what)) } ". "
                code { (Shown(&diagnosis.id)) }
            }
        }
    }
}

/// What the hidden check showed: the teacher's alone.
fn hidden(step: &GradedStep, grade: &StepGrade) -> Markup {
    html! {
        @if let Some(hidden) = &grade.hidden {
            p.label { "Hidden from the student:" }
            (groups(&step.hidden, &hidden.groups))
            @if hidden.verdict != VerdictKind::Passed && !hidden.text.trim().is_empty() {
                details {
                    summary { "What the hidden check says" }
                    (block(&hidden.text, LINES))
                }
            }
        }
    }
}

/// The verdict as the student reads it.
fn said(grade: &StepGrade) -> Markup {
    html! {
        @if !grade.text.trim().is_empty() {
            details open {
                summary { "What the student reads" }
                (block(&grade.text, LINES))
            }
        }
    }
}

fn comparison(material: &Material, grade: &StepGrade) -> Markup {
    let source = grade
        .source
        .as_deref()
        .and_then(|name| (material.source)(name));
    let solution = (material.solution)(&grade.step);
    html! {
        @if let (Some(source), Some(solution)) = (source, solution) {
            (difference::details(&source, &solution))
        }
    }
}
