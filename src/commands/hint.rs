//! `tutor hint`

use colored::Colorize;

use crate::course::{Course, Step};
use crate::error::{Code, Result};
use crate::hints;
use crate::markdown::{Style, render};
use crate::progress::Progress;
use crate::terminal;

/// The next hint: the one for what went wrong last, once, then the general ones, one at a time.
pub fn hint(course: &Course, step: Option<&str>) -> Result<Code> {
    let (progress, _) = Progress::read(course)?;
    let step = match step {
        Some(step) => course.step(step)?,
        None => progress.next(course).unwrap_or(&course.steps()[0]),
    };
    terminal::print(&next(course, step)?)?;
    Ok(Code::Passed)
}

/// The text of the next hint of `step`, noted as shown.
pub fn next(course: &Course, step: &Step) -> Result<String> {
    let (progress, _) = Progress::read(course)?;
    let known = progress.of(step).cloned().unwrap_or_default();
    let hints = hints::read(course, step)?;
    let special = hints.special(&known).filter(|text| !known.seen(text));
    let all = hints.general.len();
    let (heading, text) = match special {
        Some(text) => ("A hint for what you just saw".to_owned(), text.to_owned()),
        None if all == 0 => return Ok(format!("There are no hints for {} yet\n", step.id)),
        None => {
            let shown = known.hints.min(all - 1);
            let heading = match known.hints < all {
                true => format!("Hint {} of {all}", shown + 1),
                false => format!("Hint {all} of {all}, again: there are no more"),
            };
            (heading, hints.general[shown].clone())
        }
    };
    let noted = Progress::update(course, step, |known| {
        known.hints_shown += 1;
        match special {
            Some(text) => known.saw(text),
            None => known.hints = (known.hints + 1).min(all),
        }
    });
    if let Err(error) = noted {
        terminal::note(&format!("Progress is not kept: {error}"));
    }
    let style = Style {
        width: terminal::width(),
        unfolded: true,
        unfold: "",
    };
    Ok(format!(
        "{} {}: {}\n\n{}",
        step.id.bold(),
        step.title.bold(),
        heading,
        render(&text, style)
    ))
}
