//! What a trace found out.

use std::fmt::Write;

use super::super::numbers::{list, number};
use super::super::step_heading;
use super::{indented, mark, words, wrapped};
use crate::engine::judge::{Departure, Fault, Verdict};
use crate::engine::pipeline::{Next, Part, Role, Trace};
use crate::terminal::style;

/// What a trace found out.
#[must_use]
pub fn trace(trace: &Trace) -> String {
    let id = &trace.on_mine.step.id;
    let mut text = format!(
        "{}\n\n  on the reference's earlier steps  {}\n  on your own earlier steps         {}\n",
        step_heading(&trace.on_mine.step),
        words(&trace.on_reference.verdict),
        words(&trace.on_mine.verdict),
    );
    if !trace.parts.is_empty() {
        text.push_str(
            "\nOn more and more of your own, with the reference's in place of the guilty ones:\n\n",
        );
        for part in &trace.parts {
            text.push_str(&line(part, id));
        }
    }
    if !trace.unfinished.is_empty() {
        text.push_str("\nYour own, by their own checks:\n\n");
        for (step, verdict) in &trace.unfinished {
            let _ = writeln!(
                text,
                "  {} {} {:<24} {}",
                mark(verdict),
                step.id,
                step.title,
                words(verdict)
            );
        }
    }
    if !trace.walk.is_empty() {
        text.push_str(&walk(&trace.walk, id));
    }
    let _ = write!(text, "\n{}\n", style::next(wrapped(&conclusion(trace))));
    text
}

/// An earlier step of the learner's own, and what it has to do with the failure.
fn line(part: &Part, traced: &str) -> String {
    let (mark, note) = match &part.role {
        Role::Sound => (mark(&Verdict::Passed), words(&Verdict::Passed)),
        Role::Guilty(Verdict::EarlierStep { step, .. }) if *step == part.step.id => (
            style::wrong("✗").bold().to_string(),
            style::wrong("does not compile").to_string(),
        ),
        // Another step's error: what that one needs is not there, or otherwise.
        Role::Guilty(Verdict::EarlierStep { step, .. }) => (
            style::wrong("✗").bold().to_string(),
            style::wrong(format!("{step} does not compile on it")).to_string(),
        ),
        Role::Guilty(verdict) => (mark(verdict), words(verdict)),
        Role::StandsOn(ids) => (
            style::attention("?").to_string(),
            format!(
                "cannot be told: it does not compile without your own {}",
                ids.join(", ")
            ),
        ),
        Role::Entangled(ids) if ids.len() == 1 => (
            style::attention("?").to_string(),
            format!("cannot be told: {traced} does not compile without it"),
        ),
        Role::Entangled(ids) => (
            style::attention("?").to_string(),
            format!(
                "cannot be told apart: only {} together compile",
                ids.join(", ")
            ),
        ),
        Role::DoesNotFit => (
            style::attention("?").to_string(),
            "cannot be told: the reference's later steps do not compile on it".to_owned(),
        ),
    };
    format!("  {mark} {} {:<24} {note}\n", part.step.id, part.step.title)
}

/// The row at which the numbers depart for good. What goes astray before a row that is right again
/// is not on the way to it.
fn departure(walk: &[Departure]) -> Option<usize> {
    let astray = walk.iter().rev().take_while(|row| row.fault.is_some());
    let first = walk.len() - astray.count();
    (first < walk.len()).then_some(first)
}

fn walk(walk: &[Departure], id: &str) -> String {
    let mut text = format!(
        "\n  {:<24} {:<14} largest error\n",
        "from part to part", "shape"
    );
    let departure = departure(walk);
    let mut aside = Vec::new();
    for (i, row) in walk.iter().enumerate() {
        let is_aside = row.fault.is_some() && departure.is_none_or(|first| i < first);
        let mark = if row.fault.is_some() {
            style::wrong("✗")
        } else {
            style::right("✓")
        };
        let error = match (&row.fault, row.error) {
            (Some(Fault::WrongShape { got, .. }), _) => format!("shape {}", list(got)),
            (Some(Fault::NotRecorded { .. }), _) => "not reached".into(),
            (_, Some(error)) => number(error),
            (_, None) => String::new(),
        };
        let arrow = if departure == Some(i) {
            "  ← departs here"
        } else {
            ""
        };
        let line = format!(
            "{mark} {:<24} {:<14} {error}{}",
            row.name,
            list(&row.shape),
            style::attention(arrow)
        );
        let _ = writeln!(text, "{}", line.trim_end());
        if is_aside {
            aside.push(format!("`{}`", row.name));
        }
    }
    let sentence = match (aside.as_slice(), departure) {
        ([], Some(_)) => return text,
        ([], None) => format!(
            "All of these are right. What is wrong with {id} shows in what its check asks besides."
        ),
        ([one], _) => {
            format!("{one} is wrong, and what comes after it is right: {id} does not use it.")
        }
        (several, _) => format!(
            "{} are wrong, and what comes after them is right: {id} does not use them.",
            several.join(" and ")
        ),
    };
    let _ = write!(text, "\n{}", indented(&wrapped(&sentence)));
    text
}

/// What follows from a trace, and the next command.
fn conclusion(trace: &Trace) -> String {
    let id = &trace.on_mine.step.id;
    if trace.on_mine.verdict == Verdict::Passed {
        return passes(trace);
    }
    if !trace.is_astray() {
        return format!("{id} itself does not pass yet. Next: `tutor run {id}`");
    }
    let Some(suspect) = trace.suspect() else {
        return "Which of your earlier steps is to blame cannot be told. Next: `tutor run all` says \
             which of them do not pass their own checks".to_owned();
    };
    let guilty: Vec<&str> = trace.guilty().map(|part| part.step.id.as_str()).collect();
    let mut suspects = Vec::new();
    if !guilty.is_empty() {
        suspects.push(format!("your own {}", guilty.join(", ")));
    }
    suspects.extend(match &suspect.role {
        Role::Entangled(ids) if ids.len() == 1 => {
            Some(format!("your own {}, or {id} itself", ids.join(", ")))
        }
        Role::Entangled(ids) => Some(format!("one of your own {}", ids.join(", "))),
        Role::DoesNotFit => Some(format!(
            "perhaps your own {}, on which the reference's steps do not compile",
            suspect.step.id
        )),
        _ => None,
    });
    let blame = format!("To blame: {}", suspects.join("; "));
    format!("{blame}. {}", next(trace, suspect))
}

/// The step passes, whatever becomes of those before it.
fn passes(trace: &Trace) -> String {
    let id = &trace.on_mine.step.id;
    let unfinished: Vec<&str> = (trace.unfinished.iter())
        .map(|(step, _)| step.id.as_str())
        .collect();
    let Some(first) = unfinished.first() else {
        return format!("{id} passes on your own earlier steps: there is nothing to trace");
    };
    let these = match unfinished.len() {
        1 => format!("Your own {first} does not pass its own check yet"),
        _ => format!(
            "Your own {} do not pass their own checks yet",
            unfinished.join(", ")
        ),
    };
    format!(
        "{id} passes on your own earlier steps: there is nothing to trace. {these}: {id} does not \
         use what is wrong or missing there. Next: `tutor run {first}`"
    )
}

/// The sentence with the next command.
fn next(trace: &Trace, suspect: &Part) -> String {
    let id = &suspect.step.id;
    match trace.next {
        Some(Next::RunMine) => format!("Next: `tutor run {id} --mine`"),
        Some(Next::Diff) if matches!(suspect.role, Role::Entangled(_)) => format!(
            "{id} passes its own check. Next: `tutor diff {}` and `tutor diff {id}` set them beside \
             the reference",
            trace.on_mine.step.id
        ),
        Some(Next::Diff) => format!(
            "{id} passes its own check, which does not see what is wrong here. Next: `tutor diff \
             {id}` sets it beside the reference"
        ),
        Some(Next::Run) | None => format!("Next: `tutor run {id}`"),
    }
}
