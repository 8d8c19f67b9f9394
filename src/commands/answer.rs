//! `tutor answer`

use std::fmt::Write;

use super::rendered;
use crate::course::exercises::{self, Exercise, letters};
use crate::course::{Course, Step};
use crate::error::{Code, Error, Result};
use crate::progress::{Progress, StepProgress};
use crate::report::step_heading;
use crate::terminal::{self, style};

/// Lists a step's exercises, or judges an answer to one of them.
pub fn answer(course: &Course, name: Option<&str>, answer: &[String]) -> Result<Code> {
    let (progress, _) = Progress::read(course)?;
    let (step, number) = match name {
        None => (progress.next(course).unwrap_or(course.last_step()), None),
        Some(name) => meant(course, name)?,
    };
    let known = exercises::read(course, step)?;
    let answered = progress.of(step).cloned().unwrap_or_default();
    let Some(number) = number else {
        if !answer.is_empty() {
            return Err(Error::Usage {
                message: format!("which exercise of {} is this an answer to?", step.id),
                next: format!("`tutor answer {}.1 …` answers the first one", step.number()),
            });
        }
        terminal::print(&list(step, &known, &answered))?;
        return Ok(Code::Passed);
    };
    let Some(exercise) = known.iter().find(|exercise| exercise.number == number) else {
        return Err(Error::Usage {
            message: format!(
                "{} has no exercise {number} that can be answered here",
                step.id
            ),
            next: format!("`tutor answer {}` lists those that can", step.number()),
        });
    };
    if answer.is_empty() {
        terminal::print(&asked(step, exercise, &answered))?;
        return Ok(Code::Passed);
    }
    judge(course, step, exercise, &answer.join(" "))
}

/// The step and the exercise that `06.2` names, or the step alone.
fn meant<'a>(course: &'a Course, name: &str) -> Result<(&'a Step, Option<usize>)> {
    let Some((step, number)) = name.split_once('.') else {
        return Ok((course.step(name)?, None));
    };
    let step = course.step(step)?;
    match number.parse() {
        Ok(number) => Ok((step, Some(number))),
        Err(_) => Err(Error::Usage {
            message: format!("`{number}` is no exercise's number"),
            next: format!("`tutor answer {}` lists the exercises", step.number()),
        }),
    }
}

fn list(step: &Step, known: &[Exercise], answered: &StepProgress) -> String {
    if known.is_empty() {
        return format!(
            "{}: no exercise can be answered here. `tutor show lesson {}` has those to think about.\n",
            step_heading(step),
            step.id
        );
    }
    let mut text = format!("{}: exercises to answer here\n", step_heading(step));
    for exercise in known {
        let _ = write!(text, "\n{}", question(step, exercise, answered));
    }
    let open = known.iter().find(|e| !answered.answered(e.number).right);
    if let Some(open) = open {
        let _ = write!(text, "\n{}\n", style::next(next(step, open)));
    }
    text
}

fn asked(step: &Step, exercise: &Exercise, answered: &StepProgress) -> String {
    format!(
        "{}\n{}\n",
        question(step, exercise, answered),
        style::next(next(step, exercise))
    )
}

/// A question with its number, its choices, and whether it was answered.
fn question(step: &Step, exercise: &Exercise, answered: &StepProgress) -> String {
    let name = format!("{}.{}", step.number(), exercise.number);
    let mut text = match answered.answered(exercise.number) {
        known if known.right => format!("{} {}\n", style::right("✓"), style::heading(&name)),
        _ => format!("{} {}\n", style::attention("·"), style::heading(&name)),
    };
    text.push_str(&format!("{}\n", rendered(&exercise.ask).trim_end()));
    for (letter, choice) in letters(&exercise.choices).zip(&exercise.choices) {
        let _ = writeln!(text, "  {letter}) {choice}");
    }
    text
}

fn next(step: &Step, exercise: &Exercise) -> String {
    let kind = if !exercise.choices.is_empty() {
        "LETTER"
    } else if exercise.answer.is_number() {
        "NUMBER"
    } else {
        "WORD"
    };
    format!(
        "Next: `tutor answer {}.{} {kind}`",
        step.number(),
        exercise.number
    )
}

fn judge(course: &Course, step: &Step, exercise: &Exercise, typed: &str) -> Result<Code> {
    if exercise.answer.is_number() && exercises::number(typed).is_none() {
        return Err(Error::Usage {
            message: format!("`{typed}` is no number"),
            next: "numbers are written as 1048576, 1,048,576, -0.5, 1e-5, 3/4 or 25%".into(),
        });
    }
    let is_right = exercise.answer.is(typed);
    let noted = Progress::update(course, step, |known| {
        known.answer(exercise.number, is_right);
    });
    if let Err(error) = noted {
        terminal::note(&format!("Progress is not kept: {error}"));
    }
    if is_right {
        let mut text = format!("{}\n", style::right("✓ right"));
        if !exercise.explanation.is_empty() {
            let _ = write!(text, "\n{}", rendered(&exercise.explanation));
        }
        terminal::print(&text)?;
        return Ok(Code::Passed);
    }
    let mut text = format!("{}\n", style::wrong("✗ not quite"));
    let known = exercise.wrong.iter().find(|wrong| wrong.answer.is(typed));
    if let Some(wrong) = known {
        let _ = write!(text, "\n{}", rendered(&wrong.why));
    }
    let last = format!(
        "Try again, or unfold the answer: `tutor show lesson {} --answers`",
        step.id
    );
    let _ = write!(text, "\n{}\n", style::next(last));
    terminal::print(&style::harmless(&text))?;
    Ok(Code::NotPassed)
}
