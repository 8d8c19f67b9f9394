//! `tutor show`

use std::fmt::Write;
use std::path::Path;

use super::diff::hunks;
use super::hint;
use super::pages;
use crate::cli::Shown;
use crate::course;
use crate::course::{Course, Step};
use crate::course::{figures, mistakes, variants};
use crate::error::{Code, Error, Result};
use crate::figure;
use crate::progress::Progress;
use crate::report::step_heading;
use crate::terminal::highlight;
use crate::terminal::markdown::{Style, render};
use crate::terminal::{self, style};

/// Prints one of a step's files, a text that belongs to none, or what a word means.
///
/// `name` is that of a variant, or the second half of a word of the glossary.
pub fn show(
    course: &Course,
    what: Shown,
    step: Option<&str>,
    name: Option<&str>,
    answers: bool,
) -> Result<Code> {
    if what == Shown::Glossary {
        let words: Vec<&str> = step.into_iter().chain(name).collect();
        return pages::glossary(course, &words.join(" "));
    }
    let Some(step) = step else {
        return Err(Error::Usage {
            message: "of which step?".into(),
            next: "`tutor list` shows all steps; `tutor show lesson 01` is the first lesson".into(),
        });
    };
    if what == Shown::Lesson
        && let Some(page) = course::pages::find(course, step)
    {
        return pages::page(&page);
    }
    let step = course.step(step)?;
    if let (Some(name), true) = (name, what != Shown::Variants) {
        return Err(Error::Usage {
            message: format!("there is nothing called `{name}` to choose from"),
            next: format!(
                "only variants have names: `tutor show variants {}`",
                step.id
            ),
        });
    }
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
        Shown::Variants => {
            let _ = Progress::update(course, step, |known| known.solution_seen = true);
            variants(course, step, name)?
        }
        Shown::Mistakes => mistakes(course, step)?,
        Shown::Glossary => unreachable!("it was shown above"),
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

/// The list of other right ways to write the step, or one of them.
fn variants(course: &Course, step: &Step, name: Option<&str>) -> Result<String> {
    let known = variants::read(course, step)?;
    let Some(first) = known.first() else {
        return Ok(format!("{}: no other way is kept\n", step_heading(step)));
    };
    if let Some(name) = name {
        let found = known.iter().find(|variant| variant.name == name);
        let Some(variant) = found else {
            let names: Vec<&str> = known.iter().map(|v| v.name.as_str()).collect();
            return Err(Error::Usage {
                message: format!("{} has no variant called `{name}`", step.id),
                next: format!("there is `{}`", names.join("`, `")),
            });
        };
        return Ok(highlight::rust(&variant.text));
    }
    let mut text = format!("{}: other right ways\n", step_heading(step));
    for variant in &known {
        let about = textwrap::Options::new(terminal::width().min(80))
            .initial_indent("  ")
            .subsequent_indent("  ");
        let _ = write!(
            text,
            "\n{}\n{}\n",
            style::heading(&variant.name),
            textwrap::fill(&variant.about, about)
        );
    }
    let next = format!("Next: `tutor show variants {} {}`", step.id, first.name);
    let _ = write!(text, "\n{}\n", style::next(next));
    Ok(text)
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
