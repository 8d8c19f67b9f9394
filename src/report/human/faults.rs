//! What is wrong with a group of observations.

use std::fmt::Write;

use colored::Colorize;
use observation::{Panic, Parameter, Place};

use super::super::grid;
use super::super::numbers::{bytes, list, number};
use super::{at_line, indented, meaning, wrapped};
use crate::confined::THREADS;
use crate::judge::pattern::{AxisPart, Part, Pattern, Triangle};
use crate::judge::{Fault, Mismatch, Mismatches, ParameterFault, Reaction, Stop};

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
        } => format!(
            "`{observation}` has another shape\n\n  got       {}\n  expected  {}",
            list(got).red(),
            list(expected).green()
        ),
        Fault::WrongType {
            observation,
            got,
            expected,
        } => format!(
            "the elements of `{observation}` have another type\n\n  got       {}\n  expected  {}",
            got.to_string().red(),
            expected.to_string().green()
        ),
        Fault::NotFinite(found) => not_finite(found),
        Fault::WrongValues(found) => wrong_values(found),
        Fault::WrongText {
            observation,
            got,
            expected,
        } => format!(
            "`{observation}`\n\n  got       {}\n  expected  {}",
            got.red(),
            expected.green()
        ),
        Fault::WrongRefusal {
            observation,
            got,
            expected,
            message,
        } => {
            let mut text = format!(
                "`{observation}` {}, and it should {}",
                did(*got),
                should(*expected)
            );
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
            "it was still running after {} s and was stopped. Is there a loop that never ends?",
            number(limit.as_secs_f64())
        ),
        Fault::OutOfMemory { limit } => format!(
            "it asked for more memory than the {} it may have. The check's tensors are tiny: is a \
             size multiplied where it should be added?",
            bytes(*limit)
        ),
        Fault::TooManyThreads => format!(
            "it had more than {THREADS} threads at a time and was stopped. A step needs none of \
             its own"
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
                25 => ": it wrote more than 64 MB. Is a tensor far larger than it should be?",
                _ => "",
            };
            format!(
                "the process was ended by signal {signal} before the check was through{meaning}"
            )
        }
        _ => String::new(),
    }
}

fn did(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Accepts => "accepted its input",
        Reaction::ReturnsError => "returned an error",
        Reaction::Panics => "panicked",
    }
}

fn should(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Accepts => "accept it",
        Reaction::ReturnsError => "return an error",
        Reaction::Panics => "refuse it with a panic",
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
            format!("raised in {}:{}", in_crate(&inside.file), inside.line).dimmed()
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
    let shape = |parameter: &Parameter| list(&parameter.shape);
    for fault in faults {
        let _ = match fault {
            ParameterFault::Missing { parameter, perhaps } => {
                let perhaps = perhaps
                    .as_ref()
                    .map(|name| format!(" (is it the one called `{name}`?)"))
                    .unwrap_or_default();
                write!(
                    text,
                    "\n  missing    {} {}{perhaps}",
                    parameter.path.green(),
                    shape(parameter)
                )
            }
            ParameterFault::Extra(parameter) => {
                write!(
                    text,
                    "\n  extra      {} {}",
                    parameter.path.red(),
                    shape(parameter)
                )
            }
            ParameterFault::Misshapen {
                parameter,
                expected,
            } => write!(
                text,
                "\n  misshapen  {}  got {}  expected {}",
                parameter.path,
                shape(parameter).red(),
                list(expected).green()
            ),
        };
    }
    text
}

fn not_finite(found: &Mismatches) -> String {
    format!(
        "`{}`: {} of {} elements are NaN or infinite\n\n{}{}{}",
        found.observation,
        found.wrong,
        found.of,
        row("shape", &list(&found.shape)),
        mismatch_row("first", &found.first),
        where_and_how(found),
    )
}

fn wrong_values(found: &Mismatches) -> String {
    if found.shape.is_empty() {
        return format!(
            "`{}`\n\n  got       {}\n  expected  {}",
            found.observation,
            number(found.first.got).red(),
            number(found.first.expected).green(),
        );
    }
    let off = (found.largest.got - found.largest.expected).abs();
    format!(
        "`{}`: {} of {} elements are wrong\n\n{}{}{}{}{}",
        found.observation,
        found.wrong,
        found.of,
        row("shape", &list(&found.shape)),
        mismatch_row("first", &found.first),
        mismatch_row("largest error", &found.largest),
        row("off by", &number(off)),
        where_and_how(found),
    )
}

fn row(name: &str, text: &str) -> String {
    format!("  {name:<16} {text}\n")
}

fn mismatch_row(name: &str, mismatch: &Mismatch) -> String {
    let text = format!(
        "{:<14} got {:<12} expected {}",
        element(&mismatch.index),
        number(mismatch.got).red(),
        number(mismatch.expected).green(),
    );
    row(name, &text)
}

/// Where all errors lie, and a picture if it fits.
fn where_and_how(found: &Mismatches) -> String {
    let axes = axis_names(found);
    let mut text = match place_of_errors(&found.pattern, &axes) {
        Some(sentence) => row("where", &sentence),
        None => String::new(),
    };
    if let Some(picture) = grid::picture(found, &axes) {
        text.push('\n');
        text.push_str(&indented(&picture));
    }
    text.trim_end_matches('\n').to_owned()
}

/// What the axes are called: checks say so behind the name, as in `weights [batch, head, …]`.
fn axis_names(found: &Mismatches) -> Vec<String> {
    let named: Option<Vec<String>> = (|| {
        let (_, names) = found.observation.strip_suffix(']')?.rsplit_once('[')?;
        let names: Vec<String> = names.split(", ").map(str::to_owned).collect();
        (names.len() == found.shape.len()).then_some(names)
    })();
    named.unwrap_or_else(|| {
        (0..found.shape.len())
            .map(|i| format!("axis {i}"))
            .collect()
    })
}

fn place_of_errors(pattern: &Pattern, axes: &[String]) -> Option<String> {
    match pattern {
        Pattern::Everywhere => Some("every element".into()),
        Pattern::Scattered => None,
        Pattern::Triangle(triangle) => Some(
            match triangle {
                Triangle::Above => "above the diagonal only",
                Triangle::Below => "below the diagonal only",
                Triangle::Diagonal => "on the diagonal only",
            }
            .into(),
        ),
        Pattern::Within(parts) => {
            let parts: Vec<String> = parts
                .iter()
                .map(|AxisPart { axis, part }| {
                    let axis = &axes[*axis];
                    match part {
                        Part::Only(i) => format!("only in {axis} {i}"),
                        Part::After(i) => format!("in every {axis} after {i}"),
                        Part::Before(i) => format!("in every {axis} before {i}"),
                        Part::These(these) => format!("only in {axis} {}", list(these)),
                    }
                })
                .collect();
            Some(parts.join(", "))
        }
    }
}

fn element(index: &[usize]) -> String {
    if index.is_empty() {
        "the number".into()
    } else {
        list(index)
    }
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default()
}
