//! What a trace found out.

use std::fmt::Write;

use colored::Colorize;

use super::super::numbers::{list, number};
use super::{mark, words};
use crate::judge::{Departure, Fault, Verdict};
use crate::pipeline::{Blame, Trace};

/// What a trace found out.
#[must_use]
pub fn trace(trace: &Trace) -> String {
    let id = &trace.on_mine.step.id;
    let mut text = format!(
        "{} {}\n\n  on the reference's earlier steps  {}\n  on your own earlier steps         {}\n",
        id.bold(),
        trace.on_mine.step.title.bold(),
        words(&trace.on_reference.verdict),
        words(&trace.on_mine.verdict),
    );
    if !trace.blames.is_empty() {
        text.push_str("\nWith a single one of your own among the reference's:\n\n");
        for Blame { step, verdict } in &trace.blames {
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
        text.push_str(&walk(&trace.walk));
    }
    let _ = write!(text, "\n{}\n", conclusion(trace).cyan());
    text
}

fn walk(walk: &[Departure]) -> String {
    let mut text = format!(
        "\n  {:<24} {:<14} largest error\n",
        "from part to part", "shape"
    );
    let first = walk.iter().position(|step| step.fault.is_some());
    for (i, step) in walk.iter().enumerate() {
        let mark = if step.fault.is_some() {
            "✗".red()
        } else {
            "✓".green()
        };
        let error = match (&step.fault, step.error) {
            (Some(Fault::WrongShape { got, .. }), _) => format!("shape {}", list(got)),
            (Some(Fault::NotRecorded { .. }), _) => "not reached".into(),
            (_, Some(error)) => number(error),
            (_, None) => String::new(),
        };
        let arrow = if first == Some(i) {
            "  ← departs here"
        } else {
            ""
        };
        let line = format!(
            "{mark} {:<24} {:<14} {error}{}",
            step.name,
            list(&step.shape),
            arrow.yellow()
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// What follows from a trace, and the next command.
fn conclusion(trace: &Trace) -> String {
    let id = &trace.on_mine.step.id;
    if trace.on_reference.verdict != Verdict::Passed {
        return format!("{id} itself does not pass yet. Next: `tutor run {id}`");
    }
    if trace.on_mine.verdict == Verdict::Passed {
        return format!("{id} passes on your own earlier steps: there is nothing to trace");
    }
    let guilty: Vec<&str> = (trace.blames.iter())
        .filter(|blame| blame.verdict != Verdict::Passed)
        .map(|blame| blame.step.id.as_str())
        .collect();
    match guilty.as_slice() {
        [] => "None of your earlier steps does it by itself: two of them together do".into(),
        [first, ..] => format!(
            "To blame: your own {}. Next: `tutor run {first}`",
            guilty.join(", ")
        ),
    }
}
