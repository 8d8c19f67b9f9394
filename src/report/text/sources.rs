//! What is wrong with a source before anything of it can be observed.

use std::env;
use std::fmt::Write;

use super::super::numbers::bytes;
use super::super::shown;
use super::{meaning, wrapped};
use crate::course::source::Unreadable;
use crate::engine::compile::Diagnostic;
use crate::engine::compile::signatures::Signature;
use crate::engine::judge::Verdict;
use crate::engine::pipeline::Judgement;
use crate::terminal::style;

/// How many of rustc's errors are shown: those behind the first few often follow from them.
const ERRORS: usize = 3;

pub fn unreadable(why: &Unreadable, judgement: &Judgement) -> String {
    let file = shown(&judgement.file);
    match why {
        Unreadable::Missing => format!("`{file}` is not there"),
        Unreadable::Empty => format!("`{file}` is empty"),
        Unreadable::TooLarge { bytes: size, limit } => format!(
            "`{file}` has {}; a step has a few thousand bytes, and more than {} are not looked at",
            bytes(*size),
            bytes(*limit)
        ),
        Unreadable::NotUtf8 { line } => format!("{file}:{line}: this is no UTF-8 text"),
        Unreadable::Refused { reason } => format!("`{file}`: {reason}"),
    }
}

pub fn earlier(step: &str, verdict: &Verdict, judgement: &Judgement) -> String {
    let mut text = format!(
        "with `--mine`, {} stands on your own {step}, and that ",
        judgement.step.id
    );
    match verdict {
        Verdict::DoesNotCompile {
            errors, signatures, ..
        } => {
            let _ = write!(
                text,
                "does not compile\n\n{}",
                not_compiled(errors, signatures, false)
            );
        }
        Verdict::Unreadable(_) => text.push_str("cannot be read"),
        _ => text.push_str("does not pass"),
    }
    text
}

pub fn not_compiled(errors: &[Diagnostic], signatures: &[Signature], timed_out: bool) -> String {
    if timed_out {
        return "rustc was still at it when its time was up, and was stopped. Is there a constant \
                or a macro that never ends?"
            .into();
    }
    let own = errors.iter().any(|error| error.in_source);
    // rustc gave up, or what it made cannot be linked: that is all there is to say.
    let nowhere = !errors.is_empty() && errors.iter().all(|error| error.at.is_none());
    let mut text = String::new();
    if own || nowhere || signatures.is_empty() {
        text = listed(errors);
    }
    if !nowhere && (!own || !signatures.is_empty()) {
        text.push_str(&needed(signatures));
    }
    text.trim_end().to_owned()
}

/// rustc's errors if they are all outside the step's own file, in what was compiled with it.
pub fn beside(verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::DoesNotCompile {
            errors,
            timed_out: false,
            ..
        } if !errors.is_empty() && !errors.iter().any(|error| error.in_source) => {
            Some(listed(errors).trim_end().to_owned())
        }
        _ => None,
    }
}

/// The first of them, with what they mean.
fn listed(errors: &[Diagnostic]) -> String {
    let mut text = String::new();
    let mut said = Vec::new();
    for error in errors.iter().take(ERRORS) {
        let _ = writeln!(text, "{}\n", rendered(error).trim_end());
        // Errors come in rows; once is enough.
        if let Some(meaning) = error.meaning.as_ref().filter(|m| !said.contains(m)) {
            let _ = writeln!(text, "{}\n", style::attention(meaning::meaning(meaning)));
            said.push(meaning);
        }
    }
    if errors.len() > ERRORS {
        let _ = writeln!(text, "… and {} more\n", errors.len() - ERRORS);
    }
    text
}

fn needed(signatures: &[Signature]) -> String {
    if signatures.is_empty() {
        return wrapped(
            "The check does not compile with this step, though its public items look as they \
             should: is a `derive` missing? `tutor diff` shows what else differs from the solution.",
        );
    }
    let mut text = String::from("Later steps and the check need these as they were:\n");
    for signature in signatures {
        let _ = write!(text, "\n  {}", style::heading(&signature.name));
        match &signature.found {
            None => text.push_str(" is not there, or not public\n"),
            Some((_, line)) => {
                let _ = writeln!(text, " was changed, line {line}");
            }
        }
        let _ = writeln!(text, "    needed  {}", style::right(&signature.needed));
        if let Some((found, _)) = &signature.found {
            let _ = writeln!(text, "    found   {}", style::wrong(found));
        }
    }
    text
}

/// rustc's own rendering, in its own colours.
fn rendered(diagnostic: &Diagnostic) -> String {
    // So that a terminal makes links of them.
    let here = env::current_dir().unwrap_or_default().join("");
    let here = here.display().to_string();
    let is_place = |line: &str| line.contains("--> ") || line.contains("::: ");
    let lines: Vec<String> = (diagnostic.rendered.lines())
        .map(|line| match is_place(line) {
            true => line.replacen(&here, "", 1),
            false => line.to_owned(),
        })
        .collect();
    lines.join("\n")
}
