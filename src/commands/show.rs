//! `tutor show`

use std::fmt::Write;

use colored::Colorize;

use super::diff::hunks;
use crate::cli::Shown;
use crate::course::{Course, Step};
use crate::error::{Code, Result};
use crate::highlight;
use crate::mistakes;
use crate::terminal;

/// Prints one of a step's files.
pub fn show(course: &Course, what: Shown, step: &str) -> Result<Code> {
    let step = course.step(step)?;
    let text = match what {
        Shown::Skeleton => {
            highlight::rust(&course.read("skeleton", step, &course.skeleton_file(step))?)
        }
        Shown::Solution => {
            highlight::rust(&course.read("solution", step, &course.solution_file(step))?)
        }
        Shown::Mistakes => mistakes(course, step)?,
    };
    terminal::print(&text)?;
    Ok(Code::Passed)
}

/// The known mistakes: what each does, what it changes, and what is said to whoever makes it.
fn mistakes(course: &Course, step: &Step) -> Result<String> {
    let solution = course.read("solution", step, &course.solution_file(step))?;
    let known = mistakes::read(course, step)?;
    let mut text = format!(
        "{} {}: {} known mistakes\n",
        step.id.bold(),
        step.title.bold(),
        known.len()
    );
    for mistake in known {
        let _ = write!(
            text,
            "\n{}\n  Your code {}.\n  {}\n\n{}",
            mistake.id.bold(),
            mistake.what,
            mistake.pointer.dimmed(),
            hunks(&solution, &mistake.source, 1)
        );
    }
    Ok(text)
}
