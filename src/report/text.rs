//! A verdict as a person reads it. Every sentence of it is in this folder.

mod diagnosis;
mod entries;
mod faults;
mod meaning;
mod printed;
mod sources;
mod standing;
mod trace;
mod values;

use std::fmt::Write;
use std::path::Path;

use observation::Place;

use super::{shown, step_heading};
use crate::course::source::Unreadable;
use crate::course::verdict_kind::VerdictKind;
use crate::engine::judge::{Fault, JudgedGroup, Outcome, Reaction, Verdict};
use crate::engine::pipeline::Judgement;
use crate::terminal;
use crate::terminal::style;

pub use sources::beside;
pub use trace::trace;

/// What is said at the end of a pass, besides what the verdict itself says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AfterPass {
    /// What else there is about the step, a line each.
    pub more: Vec<String>,
    /// Stands in the last line's place.
    pub last: Option<String>,
}

/// The whole of a judgement, its last line the next command; `again` is the one that led here,
/// or nothing if saving does it.
#[must_use]
pub fn judgement(judgement: &Judgement, again: &str, after: &AfterPass) -> String {
    let mut text = heading(judgement);
    text.push_str(&diagnosis::diagnosis(judgement));
    text.push_str(&groups(judgement));
    if let (Verdict::Passed, Some(learnt)) = (&judgement.verdict, &judgement.step.learnt) {
        let _ = write!(
            text,
            "\n{}",
            indented(&wrapped(&format!("Learned: {learnt}")))
        );
    }
    let details = verdict(&judgement.verdict, judgement);
    if !details.is_empty() {
        let _ = write!(text, "\n{}", indented(&details));
    }
    text.push_str(&others(judgement));
    text.push_str(&standing::right_on_reference(judgement));
    text.push_str(&forbidden(&judgement.forbidden));
    text.push_str(&printed::printed(judgement));
    if printed::worth_warning(&judgement.verdict) {
        text.push_str(&printed::warnings(&judgement.warnings));
    }
    if judgement.verdict == Verdict::Passed && !after.more.is_empty() {
        let _ = write!(text, "\n{}", indented(&after.more.join("\n")));
    }
    let _ = write!(text, "\n{}\n", next(judgement, again, after));
    // It quotes what the step and rustc say, and there may be anything in that.
    style::harmless(&text)
}

/// A single line, for several steps at once.
#[must_use]
pub fn line(judgement: &Judgement) -> String {
    let at = place(&judgement.verdict)
        .map(|at| format!("  {}", at_line(at)))
        .unwrap_or_default();
    format!(
        "{} {} {:<24} {}{at}\n",
        mark(&judgement.verdict),
        judgement.step.id,
        judgement.step.title,
        headline(judgement),
    )
}

fn heading(judgement: &Judgement) -> String {
    format!(
        "{} {}: {}\n",
        mark(&judgement.verdict),
        step_heading(&judgement.step),
        headline(judgement),
    )
}

/// The verdict in a few words, and how much of the step is left.
fn headline(judgement: &Judgement) -> String {
    let groups = &judgement.groups;
    let left = groups.len() - passed(groups);
    let is_partly_written = left < groups.len()
        && matches!(
            &judgement.verdict,
            Verdict::Failed {
                fault: Fault::NotStarted { .. },
                ..
            }
        );
    let parts = format!("{left} of {} parts left", groups.len());
    if is_partly_written {
        style::attention(parts).to_string()
    } else if left == 0 || left == groups.len() {
        words(&judgement.verdict)
    } else {
        format!("{}, {parts}", words(&judgement.verdict))
    }
}

fn mark(verdict: &Verdict) -> String {
    let kind = verdict.kind();
    let mark = kind.mark();
    let mark = match kind {
        VerdictKind::Passed => style::right(mark),
        VerdictKind::NotStarted => style::attention(mark),
        _ => style::wrong(mark),
    };
    mark.bold().to_string()
}

/// The verdict in a few words.
#[must_use]
pub fn words(verdict: &Verdict) -> String {
    let kind = verdict.kind();
    let text = match verdict {
        Verdict::Passed => return style::right(kind.phrase()).to_string(),
        Verdict::EarlierStep { step, .. } => {
            return style::wrong(format!("your own {step} stands in the way")).to_string();
        }
        Verdict::Failed { fault, .. } => match fault {
            Fault::NotStarted { .. } => return style::attention(kind.phrase()).to_string(),
            Fault::WrongRefusal { expected, .. } => match expected {
                Reaction::Accepts => "refuses good input",
                Reaction::ReturnsError | Reaction::Panics => "does not refuse bad input",
            },
            Fault::NotRecorded { .. } => VerdictKind::StoppedEarly.phrase(),
            _ => kind.phrase(),
        },
        _ => kind.phrase(),
    };
    style::wrong(text).to_string()
}

fn groups(judgement: &Judgement) -> String {
    let groups = &judgement.groups;
    if groups.is_empty() {
        return String::new();
    }
    let width = groups
        .iter()
        .map(|group| group.name.chars().count())
        .max()
        .unwrap_or(0);
    let mut text = String::from("\n");
    for group in groups {
        let (mark, note) = match &group.outcome {
            Outcome::Passed => (style::right("✓"), String::new()),
            Outcome::Failed(Fault::NotStarted { at }) => {
                let note = match at {
                    Some(at) if is_in(at, &judgement.file) => {
                        format!("todo!() in line {}", at.line)
                    }
                    // With `--mine`, in an earlier step.
                    Some(at) => format!("todo!() at {}", at_line(at)),
                    None => "todo!()".into(),
                };
                (style::attention("·"), note)
            }
            Outcome::Failed(_) => (style::wrong("✗"), String::new()),
            Outcome::NotReached => (style::dim("·"), "not reached".into()),
        };
        let line = format!("  {mark} {:<width$}  {}", group.name, style::dim(note));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// What there is to say beyond the heading.
fn verdict(verdict: &Verdict, judgement: &Judgement) -> String {
    match verdict {
        Verdict::Passed => String::new(),
        Verdict::Unreadable(why) => sources::unreadable(why, judgement),
        Verdict::DoesNotCompile {
            errors,
            signatures,
            timed_out,
        } => sources::not_compiled(errors, signatures, *timed_out),
        Verdict::EarlierStep { step, verdict } => sources::earlier(step, verdict, judgement),
        Verdict::Failed { group, fault } => {
            let rest = faults::fault(fault);
            match fault {
                Fault::NotStarted { .. } => rest,
                _ => format!("{}:\n{rest}", style::heading(group)),
            }
        }
    }
}

/// What is wrong with the groups behind the first, each by itself.
fn others(judgement: &Judgement) -> String {
    let Verdict::Failed { group: first, .. } = &judgement.verdict else {
        return String::new();
    };
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for group in &judgement.groups {
        let Outcome::Failed(fault) = &group.outcome else {
            continue;
        };
        if matches!(fault, Fault::NotStarted { .. }) {
            continue;
        }
        let reason = faults::in_short(fault);
        match reasons.iter_mut().find(|(said, _)| *said == reason) {
            Some((_, names)) => names.push(&group.name),
            None => reasons.push((reason, vec![&group.name])),
        }
    }
    let mut text = String::new();
    for (reason, mut names) in reasons {
        // A panic in `new` ends every group in the same words.
        let is_said = names.contains(&first.as_str());
        names.retain(|name| name != first);
        if !names.is_empty() {
            let reason = if is_said { "the same" } else { &reason };
            let reason = format!("{}:\n{reason}", style::heading(names.join(", ")));
            let _ = write!(text, "\n{}", indented(&reason));
        }
    }
    text
}

/// What the step calls although it may not have that done for it.
fn forbidden(calls: &[String]) -> String {
    let Some(first) = calls.first() else {
        return String::new();
    };
    let others = match calls.len() - 1 {
        0 => String::new(),
        count => format!(" (and {count} more like it)"),
    };
    let sentence = format!(
        "It calls `{first}`{others}, which is more than this step may have done for it. In a class \
         that earns nothing; to learn it, write it yourself."
    );
    format!(
        "\n{}",
        indented(&style::attention(wrapped(&sentence)).to_string())
    )
}

/// Broken into lines that fit a narrow terminal.
fn wrapped(text: &str) -> String {
    const WIDTH: usize = 78;
    let words: Vec<&str> = text.split_whitespace().collect();
    textwrap::fill(&words.join(" "), terminal::wrapping(WIDTH))
}

/// The line in the learner's file that a verdict points at.
#[must_use]
pub fn place(verdict: &Verdict) -> Option<&Place> {
    match verdict {
        Verdict::DoesNotCompile { errors, .. } => errors
            .iter()
            .find(|e| e.in_source)
            .and_then(|e| e.at.as_ref()),
        Verdict::Failed {
            fault: Fault::NotStarted { at } | Fault::Panicked { at, .. },
            ..
        } => at.as_ref(),
        _ => None,
    }
}

/// Whether a place is in the step's own file, which may be known by its name alone.
fn is_in(at: &Place, file: &Path) -> bool {
    Path::new(&at.file).file_name() == file.file_name()
}

fn at_line(at: &Place) -> String {
    format!("{}:{}", shown(at.file.as_ref()), at.line)
}

fn passed(groups: &[JudgedGroup]) -> usize {
    groups
        .iter()
        .filter(|group| group.outcome == Outcome::Passed)
        .count()
}

/// The last line: what to do now.
fn next(judgement: &Judgement, again: &str, after: &AfterPass) -> String {
    if let (Verdict::Passed, Some(words)) = (&judgement.verdict, &after.last) {
        return words.to_owned();
    }
    let id = &judgement.step.id;
    let file = match &judgement.verdict {
        // With `--mine`, what is not written yet may be an earlier step.
        Verdict::Failed {
            fault: Fault::NotStarted { at: Some(at) },
            ..
        } => shown(at.file.as_ref()),
        _ => shown(&judgement.file),
    };
    let text = match &judgement.verdict {
        _ if judgement.right_on_reference => {
            format!("Next: `tutor trace {id}` says which of your steps is to blame")
        }
        Verdict::DoesNotCompile { .. } | Verdict::Failed { .. } if again.is_empty() => {
            format!("Edit {file}: every save is judged")
        }
        Verdict::Passed if again.is_empty() => "Enter goes on to the next step".into(),
        Verdict::Passed => "Next: `tutor next`".into(),
        Verdict::Unreadable(
            Unreadable::Missing | Unreadable::Empty | Unreadable::TooLarge { .. },
        ) => {
            format!("Next: `tutor reset {id}` writes the skeleton again (a copy of yours is kept)")
        }
        Verdict::Unreadable(_) => format!("Next: mend `{file}`, then `{again}`"),
        Verdict::EarlierStep { step, .. } => format!("Next: `tutor run {step}`"),
        Verdict::DoesNotCompile { .. } | Verdict::Failed { .. } => {
            format!("Next: edit {file}, then `{again}`")
        }
    };
    style::next(text).to_string()
}

fn indented(text: &str) -> String {
    let mut result = String::new();
    for line in text.lines() {
        // A line may hold the end of a style and nothing else.
        if anstream::adapter::strip_str(line).next().is_none() {
            let _ = writeln!(result, "{line}");
        } else {
            let _ = writeln!(result, "  {line}");
        }
    }
    result
}
