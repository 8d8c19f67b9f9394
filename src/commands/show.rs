//! `tutor show`

use std::fmt::Write;
use std::path::Path;

use super::diff::hunks;
use super::hint;
use crate::cli::Shown;
use crate::course::{Course, Step};
use crate::course::{figures, mistakes};
use crate::error::{Code, Result};
use crate::figure;
use crate::progress::Progress;
use crate::report::step_heading;
use crate::terminal::highlight;
use crate::terminal::markdown::{Style, render};
use crate::terminal::{self, style};

/// Prints one of a step's files.
pub fn show(course: &Course, what: Shown, step: &str, answers: bool) -> Result<Code> {
    let step = course.step(step)?;
    let source = |what: &str, path: &Path| Ok(highlight::rust(&course.read(what, step, path)?));
    let text = match what {
        Shown::Lesson => return lesson(course, step, answers),
        Shown::Hint => hint::all(course, step)?,
        Shown::Skeleton => source("skeleton", &course.skeleton_file(step))?,
        Shown::Solution => {
            // Looking it up works all the same where progress cannot be kept.
            let _ = Progress::update(course, step, |known| known.solution_seen = true);
            source("solution", &course.solution_file(step))?
        }
        Shown::Mistakes => mistakes(course, step)?,
    };
    terminal::print(&text)?;
    Ok(Code::Passed)
}

/// In a terminal set for its width and paged, elsewhere the Markdown as it is.
fn lesson(course: &Course, step: &Step, answers: bool) -> Result<Code> {
    let file = course.lesson_file(step);
    if !file.exists() {
        terminal::print(&format!(
            "There is no lesson for {0} yet. `tutor show skeleton {0}` says what it asks for.\n",
            step.id
        ))?;
        return Ok(Code::Passed);
    }
    let text = course.read("lesson", step, &file)?;
    if !terminal::shows_styles() {
        terminal::print(&text)?;
        return Ok(Code::Passed);
    }
    let set = set_lesson(course, step, &text, answers);
    terminal::page(&format!("{}{set}", part(course, step)))?;
    Ok(Code::Passed)
}

/// The title of the part that `step` belongs to, on a line of its own, if the course has several.
fn part(course: &Course, step: &Step) -> String {
    match course.part(step) {
        Some(part) if course.parts().len() > 1 => format!("{}\n\n", style::dim(&part.title)),
        _ => String::new(),
    }
}

/// A lesson set for a terminal, its figures drawn.
fn set_lesson(course: &Course, step: &Step, text: &str, answers: bool) -> String {
    let unfold = format!("tutor show lesson {} --answers", step.id);
    let folder = course.lesson_folder(step);
    let style = Style {
        width: terminal::width(),
        unfolded: answers,
        unfold: &unfold,
        draw: &|target, width| {
            let figure = figures::shown(course, &folder, target)?;
            Some(figure::text::text(&figure, width))
        },
    };
    render(text, style)
}

/// The known mistakes: what each does, what it changes, and what is said to whoever makes it.
fn mistakes(course: &Course, step: &Step) -> Result<String> {
    let solution = course.read("solution", step, &course.solution_file(step))?;
    let known = mistakes::read(course, step)?;
    let mut text = format!("{}: {} known mistakes\n", step_heading(step), known.len());
    for mistake in known {
        let _ = write!(
            text,
            "\n{}\n  Your code {}.\n  {}\n\n{}",
            style::heading(&mistake.id),
            mistake.what,
            style::dim(&mistake.nudge),
            hunks(&solution, &mistake.source, 1)
        );
    }
    Ok(text)
}
