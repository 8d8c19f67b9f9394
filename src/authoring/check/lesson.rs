//! The lesson of a step: whole, and true.

mod exercises;
pub(super) mod experiments;
pub(super) mod figures;
mod formulas;
mod fragments;
mod glossary;
mod hints;
mod links;
mod numbers;
mod pages;

use std::path::Path;

use super::Case;
use crate::authoring::flaw::{Flaw, Flaws};
use crate::course::{self, LessonRules};
use crate::error::Result;
use crate::files;

pub(super) fn flaws(case: &Case<'_>) -> Result<Vec<Flaw>> {
    let mut flaws = case.flaws();
    let course = case.pipeline.course();
    hints::flaws(case, &mut flaws)?;
    let fewest = course.lesson_rules().map_or(0, |rules| rules.exercises);
    exercises::flaws(course, case.step, fewest, &mut flaws)?;
    // The last step stands on all others.
    if case.step == course.last_step() {
        pages::flaws(case, &mut flaws)?;
        glossary::flaws(course, &mut flaws)?;
    }
    let Some(rules) = course.lesson_rules() else {
        return Ok(flaws.found());
    };
    let file = course.lesson_file(case.step);
    match files::read_text(&file) {
        Ok(lesson) => {
            is_complete(&lesson, rules, &file, &mut flaws);
            formulas::flaws(&lesson, &file, &mut flaws);
            links::flaws(course.root(), &lesson, &file, &mut flaws);
            fragments::flaws(case, &lesson, rules, &file, &mut flaws)?;
            let program = course.numbers_file(case.step);
            // One that cannot be read has been told above.
            let known = course::exercises::read(course, case.step).unwrap_or_default();
            numbers::flaws(case, (&lesson, &known), (&file, &program), &mut flaws)?;
        }
        Err(error) => flaws.add(&file, None, format!("cannot be read: {error}")),
    }
    Ok(flaws.found())
}

/// Whether it has what every lesson has.
fn is_complete(lesson: &str, rules: &LessonRules, file: &Path, flaws: &mut Flaws<'_>) {
    let headings: Vec<(usize, &str)> = (1..)
        .zip(lesson.lines())
        .filter_map(|(line, text)| Some((line, text.strip_prefix("## ")?)))
        .collect();
    if !rules.headings.is_empty() {
        let wanted = rules.headings.iter().map(Some).chain([None]);
        let found = headings.iter().map(Some).chain([None]);
        for (wanted, found) in wanted.zip(found) {
            match (wanted, found) {
                (Some(wanted), Some((_, heading))) if wanted == heading => continue,
                (Some(wanted), Some((line, heading))) => {
                    let what = format!("the heading `{wanted}` should stand here, not `{heading}`");
                    flaws.add(file, Some(*line), what);
                }
                (Some(wanted), None) => {
                    flaws.add(file, None, format!("has no heading `{wanted}`"));
                }
                (None, Some((line, heading))) => {
                    let what = format!("no lesson has a heading `{heading}` here");
                    flaws.add(file, Some(*line), what);
                }
                (None, None) => {}
            }
            // What follows is out of step.
            break;
        }
    }
    for word in &rules.mentions {
        if !lesson.contains(word.as_str()) {
            flaws.add(file, None, format!("does not mention `{word}`"));
        }
    }
    let answers = lesson.matches("<details>").count();
    if let Some((fewest, most)) = rules.answers
        && !(fewest..=most).contains(&answers)
    {
        let what = format!("has {answers} answers folded away, not {fewest} to {most}");
        flaws.add(file, None, what);
    }
}
