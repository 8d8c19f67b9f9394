//! What is wrong with a group of observations.

use std::fmt::Write;

use observation::{Panic, Place};

use super::super::numbers::{bytes, list, number};
use super::{at_line, entries, meaning, values, wrapped};
use crate::engine::judge::{Fault, ParameterFault, Reaction, Stop};
use crate::engine::sandbox::THREADS;
use crate::terminal::style;

pub fn fault(fault: &Fault) -> String {
    match fault {
        Fault::NotStarted { at } => match at {
            Some(at) => format!("The next `todo!()` is at {}", at_line(at)),
            None => "A `todo!()` was reached".into(),
        },
        Fault::Panicked { at, panic, meaning } => panicked(at.as_ref(), panic, meaning.as_deref()),
        Fault::WrongParameters { faults, .. } => parameter_faults(faults),
        Fault::WrongShape {
            observation,
            got,
            expected,
            exchanged,
        } => format!(
            "`{observation}` has another shape\n\n  got       {}\n  expected  {}{}",
            style::wrong(list(got)),
            style::right(list(expected)),
            exchanged.map_or_else(String::new, |axes| exchanged_axes(
                observation,
                expected,
                axes
            )),
        ),
        Fault::WrongType {
            observation,
            got,
            expected,
        } => format!(
            "the elements of `{observation}` have another type\n\n  got       {}\n  expected  {}",
            style::wrong(got),
            style::right(expected)
        ),
        Fault::NotFinite(found) => values::not_finite(found),
        Fault::WrongValues(found) => values::wrong_values(found),
        Fault::WrongEntries(entries) => entries::wrong(entries),
        Fault::WrongText {
            observation,
            got,
            expected,
        } => format!(
            "`{observation}`\n\n  got       {}\n  expected  {}",
            style::wrong(got),
            style::right(expected)
        ),
        Fault::WrongRefusal {
            observation,
            got,
            expected,
            message,
        } => {
            let mut text = format!("`{observation}` {}", refusal(*got, *expected));
            if let Some(message) = message {
                let _ = write!(text, "\n\n  it said   {}", first_line(message));
            }
            text
        }
        Fault::NotRecorded { observation } => match observation {
            Some(name) => format!("the check did not get to observe `{name}`"),
            None => "the check did not get that far".into(),
        },
        Fault::TimedOut { .. }
        | Fault::TooManyThreads
        | Fault::OutOfMemory { .. }
        | Fault::StackOverflow
        | Fault::StoppedEarly(_) => wrapped(&ending(fault)),
    }
}

/// How the process ended when it should not have.
fn ending(fault: &Fault) -> String {
    match fault {
        Fault::TimedOut { limit } => format!(
            "it took longer than {} s and was stopped. Is there a loop that never ends?",
            number(limit.as_secs_f64())
        ),
        Fault::OutOfMemory { limit } => format!(
            "it asked for more memory than the {} it may have. The check's tensors are tiny: is a \
             size multiplied where it should be added?",
            bytes(*limit)
        ),
        Fault::TooManyThreads => format!(
            "it had more than {THREADS} threads at a time and was stopped. A step needs none but \
             the one it is called in"
        ),
        Fault::StackOverflow => {
            "it called itself until the stack was used up. Does a function call itself where it \
             should call an inner one?"
                .into()
        }
        Fault::StoppedEarly(Stop::Exited(127)) if cfg!(target_os = "linux") => {
            "the process ended with exit code 127 before the check was through. That is how the \
             system ends a program that needs a function which no library has: does an `extern` \
             block declare one?"
                .into()
        }
        Fault::StoppedEarly(Stop::Exited(code)) => format!(
            "the process ended with exit code {code} before the check was through. A step returns \
             its results; it does not call `std::process::exit`"
        ),
        Fault::StoppedEarly(Stop::Signalled(signal)) => {
            let meaning = match signal {
                6 => ": it called `abort`",
                11 => ": it touched memory that is not its own. Is there `unsafe` code?",
                25 => {
                    ": it wrote more than it may, which is 64 MB unless the step needs more. Is a \
                     tensor far larger than it should be?"
                }
                _ => "",
            };
            format!(
                "the process was ended by signal {signal} before the check was through{meaning}"
            )
        }
        _ => String::new(),
    }
}

/// What became of a call, and what should have.
fn refusal(got: Reaction, expected: Reaction) -> &'static str {
    match (got, expected) {
        (_, Reaction::Accepts) => "was refused, and should not be",
        (Reaction::Accepts, Reaction::ReturnsError) => "was accepted, and should be an error",
        (Reaction::Accepts, Reaction::Panics) => "was accepted, and should be refused by a panic",
        (_, Reaction::ReturnsError) => "panicked, and should return an error",
        (_, Reaction::Panics) => "returned an error, and should panic",
    }
}

/// Two axes that only have to be exchanged.
fn exchanged_axes(observation: &str, expected: &[usize], (a, b): (usize, usize)) -> String {
    let names = values::names_of(observation, expected.len());
    format!(
        "\n\n  The numbers are right: {} and {} are exchanged.",
        names[a], names[b]
    )
}

/// A fault in a line or two, for the groups behind the first.
pub fn in_short(found: &Fault) -> String {
    match found {
        Fault::WrongValues(found) => values::in_short(found),
        Fault::WrongShape {
            observation,
            got,
            expected,
            ..
        } => format!(
            "`{observation}` has the shape {}, expected {}",
            style::wrong(list(got)),
            style::right(list(expected))
        ),
        Fault::WrongText {
            observation,
            got,
            expected,
        } if got.len() + expected.len() < 60 => format!(
            "`{observation}`: got {}, expected {}",
            style::wrong(got),
            style::right(expected)
        ),
        Fault::Panicked { at, panic, meaning } => {
            let at = at.as_ref().map(|at| format!(" at {}", at_line(at)));
            let words = meaning.as_deref().unwrap_or_else(|| gist(&panic.message));
            format!("it panicked{}: {words}", at.unwrap_or_default())
        }
        Fault::NotFinite(_)
        | Fault::WrongText { .. }
        | Fault::NotStarted { .. }
        | Fault::WrongParameters { .. }
        | Fault::WrongType { .. }
        | Fault::WrongRefusal { .. }
        | Fault::WrongEntries(_)
        | Fault::NotRecorded { .. }
        | Fault::TimedOut { .. }
        | Fault::TooManyThreads
        | Fault::OutOfMemory { .. }
        | Fault::StackOverflow
        | Fault::StoppedEarly(_) => fault(found),
    }
}

fn panicked(at: Option<&Place>, panic: &Panic, meaning: Option<&str>) -> String {
    let mut text = match at {
        Some(at) => format!("it panicked at {}", at_line(at)),
        None => "it panicked".into(),
    };
    if let Some(thread) = &panic.thread {
        let _ = write!(text, ", in the thread `{thread}`");
    }
    let _ = write!(
        text,
        "\n\n  it said   {}",
        panic.message.trim().replace('\n', "\n            ")
    );
    if let Some(meaning) = meaning {
        let meaning = meaning::meaning(meaning).replace('\n', "\n            ");
        let _ = write!(text, "\n  that is   {meaning}");
    }
    if let Some(inside) = panic.at.as_ref().filter(|inside| Some(*inside) != at) {
        let _ = write!(
            text,
            "\n  {}",
            style::dim(format!(
                "raised in {}:{}",
                in_crate(&inside.file),
                inside.line
            ))
        );
    }
    text
}

/// Without the folder that cargo keeps crates in.
fn in_crate(file: &str) -> &str {
    file.split_once("/registry/src/")
        .and_then(|(_, rest)| rest.split_once('/'))
        .map_or(file, |(_, rest)| rest)
}

fn parameter_faults(faults: &[ParameterFault]) -> String {
    let mut text = String::from("the parameters are not those that the step asks for\n");
    for fault in faults {
        let _ = match fault {
            ParameterFault::Missing {
                path,
                expected,
                perhaps,
            } => {
                let perhaps = perhaps
                    .as_ref()
                    .map(|name| format!(" (is it the one called `{name}`?)"))
                    .unwrap_or_default();
                write!(
                    text,
                    "\n  missing    {} {}{perhaps}",
                    style::right(path),
                    list(expected)
                )
            }
            ParameterFault::Extra { path, got } => {
                write!(text, "\n  extra      {} {}", style::wrong(path), list(got))
            }
            ParameterFault::Misshapen {
                path,
                got,
                expected,
            } => write!(
                text,
                "\n  misshapen  {}  got {}  expected {}",
                path,
                style::wrong(list(got)),
                style::right(list(expected))
            ),
        };
    }
    text
}

/// The line of a panic's message that says most: some crates set theirs out under headings.
fn gist(message: &str) -> &str {
    let mut lines = message.lines().skip_while(|line| !line.contains("Reason:"));
    lines.nth(1).map_or_else(
        || first_line(message),
        |line| line.trim().trim_start_matches("1. "),
    )
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default()
}
