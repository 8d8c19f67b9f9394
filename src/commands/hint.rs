//! `tutor hint`, and all hints at once

use std::fmt::Write;

use super::rendered;
use crate::course::hints::{self, Hint, Rank};
use crate::course::verdict_kind::VerdictKind;
use crate::course::{Course, Step, experiments, mistakes};
use crate::error::{Code, Result};
use crate::progress::{Progress, Seen};
use crate::report::step_heading;
use crate::terminal::{self, style};

/// The next hint: the one that fits best what was last seen and was not shown yet. Or the hint
/// that was `shown` as the first, the second and so on.
pub fn hint(course: &Course, step: Option<&str>, shown: Option<usize>) -> Result<Code> {
    let (progress, _) = Progress::read(course)?;
    let step = match step {
        Some(step) => course.step(step)?,
        None => progress.next(course).unwrap_or(&course.steps()[0]),
    };
    terminal::print(&match shown {
        Some(number) => once_more(course, step, &progress, number)?,
        None => next(course, step)?,
    })?;
    Ok(Code::Passed)
}

/// The text of the next hint of `step`, noted as shown.
fn next(course: &Course, step: &Step) -> Result<String> {
    let (progress, _) = Progress::read(course)?;
    let known = progress.of(step).cloned().unwrap_or_default();
    let hints = hints::read(course, step)?;
    if hints.is_empty() {
        return Ok(format!("There are no hints for {} yet\n", step.id));
    }
    let fitting = known.fitting(&hints);
    let Some((hint, others)) = fitting.split_first() else {
        return exhausted(course, step, known.last == VerdictKind::Passed);
    };
    let noted = Progress::update(course, step, |known| known.show(&hint.text));
    if let Err(error) = noted {
        terminal::note(&format!("Progress is not kept: {error}"));
    }
    let heading = match hint.rank() {
        Rank::Mistake => "a hint for the mistake that was named".to_owned(),
        Rank::Error => "a hint for the message that you just saw".into(),
        Rank::KindInGroup | Rank::Kind => "a hint for what you just saw".into(),
        Rank::General => match first_open_of(hint, &known.seen) {
            Some(group) => format!("a hint for {}", style::heading(group)),
            None => "a hint".into(),
        },
    };
    let more = match others.len() {
        0 => "This was the last one that fits what you last saw.".to_owned(),
        1 => "One more fits what you last saw.".into(),
        n => format!("{n} more fit what you last saw."),
    };
    Ok(format!(
        "{}: {heading}\n\n{}\n{}\n",
        step_heading(step),
        rendered(&hint.text),
        style::dim(more)
    ))
}

/// A hint that was shown before.
fn once_more(course: &Course, step: &Step, progress: &Progress, number: usize) -> Result<String> {
    let hints = hints::read(course, step)?;
    let known = progress.of(step).cloned().unwrap_or_default();
    let shown = known.shown(&hints);
    if shown.is_empty() {
        return Ok(format!("No hint of {} was shown yet\n", step.id));
    }
    let number = number.clamp(1, shown.len());
    let text = match shown[number - 1] {
        Some(hint) => rendered(&hint.text),
        None => "This hint is no longer in the course.\n".into(),
    };
    Ok(format!(
        "{}: hint {number} of {} that you saw\n\n{text}",
        step_heading(step),
        shown.len()
    ))
}

/// The group that a general hint works towards: the first of its own that does not pass.
fn first_open_of<'a>(hint: &'a Hint, seen: &Seen) -> Option<&'a str> {
    let mut groups = hint.groups.iter().map(String::as_str);
    groups.find(|name| !seen.passes(name))
}

/// What there is when all hints that fit were shown, or none is needed.
fn exhausted(course: &Course, step: &Step, passed: bool) -> Result<String> {
    let id = &step.id;
    let mut text = if passed {
        format!("{id} passes: it needs no hint. `tutor next` says what comes next.\n")
    } else {
        format!(
            "You have seen every hint of {id} that fits what it last showed. After an edit, \
             `tutor run {id}` may call for others.\n"
        )
    };
    text.push_str("\nWhat else there is:\n\n");
    let mut offer = |command: String, what: &str| {
        let _ = writeln!(text, "  {command:<28}{what}");
    };
    offer(format!("tutor show lesson {id}"), "what the step is about");
    if let Some(name) = experiments::names(course, step)?.first() {
        offer(
            format!("tutor try {id} {name}"),
            "an experiment on your own code",
        );
    }
    offer(format!("tutor show hint {id}"), "all hints at once");
    offer(format!("tutor show solution {id}"), "the reference");
    Ok(text)
}

/// All hints of `step`, each with its occasion.
pub fn all(course: &Course, step: &Step) -> Result<String> {
    let hints = hints::read(course, step)?;
    let sorted = hints.sorted();
    let count = match sorted.len() {
        1 => "1 hint".to_owned(),
        n => format!("{n} hints"),
    };
    let mut text = format!("{}: {count}\n", step_heading(step));
    // Without the mistakes' own sentences their ids have to do.
    let mistakes = mistakes::read(course, step).unwrap_or_default();
    for (i, hint) in sorted.into_iter().enumerate() {
        let what = hint.mistake.as_ref().map(|id| {
            let known = mistakes.iter().find(|mistake| mistake.id == *id);
            known.map_or(format!("makes the known mistake `{id}`"), |mistake| {
                mistake.what.clone()
            })
        });
        let _ = write!(
            text,
            "\n{}{}\n{}",
            style::heading(format!("Hint {}", i + 1)),
            style::dim(occasion(hint, what.as_deref())),
            rendered(&hint.text)
        );
    }
    Ok(text)
}

/// When a hint is one, as in ": if your code draws its weights twice"; `what` is what the known
/// mistake does.
fn occasion(hint: &Hint, what: Option<&str>) -> String {
    let mut parts = Vec::new();
    if let Some(what) = what {
        parts.push(format!("if your code {what}"));
    }
    if let Some(error) = &hint.error {
        parts.push(format!("if the message says `{error}`"));
    }
    if let Some(on) = &hint.on {
        parts.push(format!(
            "for the verdict `{}`",
            on.as_str().replace('_', " ")
        ));
    }
    if !hint.groups.is_empty() {
        let groups = hint.groups.join("` or `");
        parts.push(match parts.is_empty() {
            true => format!("for `{groups}`"),
            false => format!("in `{groups}`"),
        });
    }
    match parts.is_empty() {
        true => String::new(),
        false => format!(", {}", parts.join(" ")),
    }
}
