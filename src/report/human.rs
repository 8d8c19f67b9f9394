//! A verdict as a person reads it. Every sentence of it is here.

use std::fmt::Write;

use colored::Colorize;
use observation::{Parameter, Place};

use super::numbers::{bytes, list, number};
use super::shown;
use super::{burn_messages, grid};
use crate::compile::Diagnostic;
use crate::confined::Printed;
use crate::judge::pattern::{AxisPart, Part, Pattern, Triangle};
use crate::judge::{
    Departure, Fault, JudgedGroup, Mismatches, Outcome, ParameterFault, Reaction, Stop, Unreadable,
    Verdict,
};
use crate::pipeline::{Blame, Earlier, Judgement, Named, Trace};
use crate::surface::Signature;

/// How much of what a step printed is shown.
const PRINTED_LINES: usize = 12;

/// How many of rustc's errors are shown: those behind the first few often follow from them.
const ERRORS: usize = 3;

/// The whole of a judgement, its last line the next command; `again` is the one that led here.
#[must_use]
pub fn judgement(judgement: &Judgement, again: &str, finished_course: bool) -> String {
    let mut text = heading(judgement);
    text.push_str(&groups(&judgement.groups));
    let details = verdict(&judgement.verdict, judgement);
    if !details.is_empty() {
        let _ = write!(text, "\n{}", indented(&details));
    }
    text.push_str(&diagnosis(&judgement.diagnosis));
    text.push_str(&printed(judgement));
    if worth_warning(&judgement.verdict) {
        text.push_str(&warnings(&judgement.warnings));
    }
    let _ = write!(text, "\n{}\n", next(judgement, again, finished_course));
    text
}

/// A single line, for several steps at once.
#[must_use]
pub fn line(judgement: &Judgement) -> String {
    let passed = passed(&judgement.groups);
    let of = match judgement.groups.len() {
        0 => String::new(),
        _ if judgement.verdict == Verdict::Passed => String::new(),
        all => format!("  ({passed} of {all} parts)"),
    };
    let at = place(&judgement.verdict)
        .map(|at| format!("  {}", at_line(at)))
        .unwrap_or_default();
    format!(
        "{} {} {:<24} {}{of}{at}\n",
        mark(&judgement.verdict),
        judgement.step.id,
        judgement.step.title,
        words(&judgement.verdict),
    )
}

fn heading(judgement: &Judgement) -> String {
    format!(
        "{} {} {}: {}\n",
        mark(&judgement.verdict),
        judgement.step.id.bold(),
        judgement.step.title.bold(),
        words(&judgement.verdict),
    )
}

fn mark(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Passed => "✓".green(),
        Verdict::Failed {
            fault: Fault::NotStarted { .. },
            ..
        } => "·".yellow(),
        _ => "✗".red(),
    }
    .bold()
    .to_string()
}

/// The verdict in a few words.
fn words(verdict: &Verdict) -> String {
    let text = match verdict {
        Verdict::Passed => return "passed".green().to_string(),
        Verdict::Unreadable(_) => "cannot be read",
        Verdict::DoesNotCompile { .. } => "does not compile",
        Verdict::EarlierStep { step, .. } => {
            return format!("your own {step} stands in the way")
                .red()
                .to_string();
        }
        Verdict::Failed { fault, .. } => match fault {
            Fault::NotStarted { .. } => return "not started".yellow().to_string(),
            Fault::Panicked { .. } => "panicked",
            Fault::WrongParameters { .. } => "wrong parameters",
            Fault::WrongShape { .. } => "wrong shape",
            Fault::WrongType { .. } => "wrong element type",
            Fault::NotFinite(_) => "NaN or infinity",
            Fault::WrongValues(_) | Fault::WrongText { .. } => "wrong values",
            Fault::WrongRefusal { expected, .. } => match expected {
                Reaction::Accepts => "refuses good input",
                Reaction::ReturnsError | Reaction::Panics => "does not refuse bad input",
            },
            Fault::NotRecorded { .. } | Fault::StoppedEarly(_) => "stopped early",
            Fault::TimedOut { .. } => "timed out",
            Fault::OutOfMemory { .. } => "ran out of memory",
            Fault::StackOverflow => "overflowed its stack",
        },
    };
    text.red().to_string()
}

fn groups(groups: &[JudgedGroup]) -> String {
    if groups.is_empty() {
        return String::new();
    }
    let mut text = String::from("\n");
    for group in groups {
        let (mark, note) = match &group.outcome {
            Outcome::Passed => ("✓".green(), String::new()),
            Outcome::Failed(Fault::NotStarted { at }) => {
                let at = at.as_ref().map(|at| format!("todo!() at {}", at_line(at)));
                ("·".yellow(), at.unwrap_or_else(|| "todo!()".into()))
            }
            Outcome::Failed(_) => ("✗".red(), String::new()),
            Outcome::NotReached => ("·".dimmed(), "not reached".into()),
        };
        let line = format!("  {mark} {:<44} {}", group.name, note.dimmed());
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// What there is to say beyond the heading.
fn verdict(verdict: &Verdict, judgement: &Judgement) -> String {
    match verdict {
        Verdict::Passed => String::new(),
        Verdict::Unreadable(why) => unreadable(why, judgement),
        Verdict::DoesNotCompile {
            errors,
            signatures,
            timed_out,
        } => not_compiled(errors, signatures, *timed_out),
        Verdict::EarlierStep { step, verdict } => earlier(step, verdict, judgement),
        Verdict::Failed { group, fault } => {
            let rest = self::fault(fault);
            match fault {
                Fault::NotStarted { .. } => rest,
                _ => format!("{}: {rest}", group.bold()),
            }
        }
    }
}

fn unreadable(why: &Unreadable, judgement: &Judgement) -> String {
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

fn earlier(step: &str, verdict: &Verdict, judgement: &Judgement) -> String {
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

fn not_compiled(errors: &[Diagnostic], signatures: &[Signature], timed_out: bool) -> String {
    if timed_out {
        return "rustc was still at it after a minute and was stopped. Is there a constant or a \
                macro that never ends?"
            .into();
    }
    let own = errors.iter().any(|error| error.in_source);
    let mut text = String::new();
    if own || signatures.is_empty() {
        for error in errors.iter().take(ERRORS) {
            let _ = writeln!(text, "{}", rendered(error).trim_end());
            text.push('\n');
        }
        if errors.len() > ERRORS {
            let _ = writeln!(text, "… and {} more\n", errors.len() - ERRORS);
        }
    }
    if !own || !signatures.is_empty() {
        text.push_str(&needed(signatures));
    }
    text.trim_end().to_owned()
}

fn needed(signatures: &[Signature]) -> String {
    if signatures.is_empty() {
        return "The check does not compile with this step, though its public items look as they \
                should. `tutor diff` shows what else differs from the solution."
            .into();
    }
    let mut text = String::from("Later steps and the check need these as they were:\n");
    for signature in signatures {
        let _ = write!(text, "\n  {}", signature.name.bold());
        match &signature.found {
            None => text.push_str(" is not there\n"),
            Some((_, line)) => {
                let _ = writeln!(text, " was changed, line {line}");
            }
        }
        let _ = writeln!(text, "    needed  {}", signature.needed.green());
        if let Some((found, _)) = &signature.found {
            let _ = writeln!(text, "    found   {}", found.red());
        }
    }
    text
}

/// rustc's own rendering, in its own colours if there are colours.
fn rendered(diagnostic: &Diagnostic) -> String {
    let text = if colored::control::SHOULD_COLORIZE.should_colorize() {
        diagnostic.rendered.clone()
    } else {
        anstream::adapter::strip_str(&diagnostic.rendered).to_string()
    };
    match &diagnostic.at {
        // So that a terminal makes a link of it.
        Some(at) => text.replace(&at.file, &shown(at.file.as_ref())),
        None => text,
    }
}

fn fault(fault: &Fault) -> String {
    match fault {
        Fault::NotStarted { at } => match at {
            Some(at) => format!("The next `todo!()` is at {}", at_line(at)),
            None => "A `todo!()` was reached".into(),
        },
        Fault::Panicked { at, panic } => panicked(at.as_ref(), panic),
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
        Fault::TimedOut { limit } => format!(
            "it was still running after {} s and was stopped. Is there a loop that never ends?",
            number(limit.as_secs_f64())
        ),
        Fault::OutOfMemory { limit } => format!(
            "it asked for more memory than the {} it may have. The check's tensors are tiny: is a \
             size multiplied where it should be added?",
            bytes(*limit)
        ),
        Fault::StackOverflow => {
            "it called itself until the stack was used up. Does a function call itself where it \
             should call an inner one?"
                .into()
        }
        Fault::StoppedEarly(stop) => match stop {
            Stop::Exited(code) => format!(
                "the process ended with exit code {code} before the check was through. A step \
                 returns its results; it does not call `std::process::exit`"
            ),
            Stop::Signalled(signal) => {
                format!("the process was ended by signal {signal} before the check was through")
            }
        },
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

fn panicked(at: Option<&Place>, panic: &observation::Panic) -> String {
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
    if let Some(meaning) = burn_messages::translate(&panic.message) {
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
    let row = format!(
        "  {:<16} {:<14} got {:<12} expected {}",
        "first",
        element(&found.first.index),
        number(found.first.got).red(),
        number(found.first.expected).green(),
    );
    format!(
        "`{}`, shape {}: {} of {} elements are NaN or infinite and should not be\n\n{row}{}",
        found.observation,
        list(&found.shape),
        found.wrong,
        found.of,
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
    let row = |name: &str, mismatch: &crate::judge::Mismatch| {
        format!(
            "\n  {name:<16} {:<14} got {:<12} expected {:<12}",
            element(&mismatch.index),
            number(mismatch.got).red(),
            number(mismatch.expected).green(),
        )
        .trim_end()
        .to_owned()
    };
    let off = (found.largest.got - found.largest.expected).abs();
    format!(
        "`{}`, shape {}: {} of {} elements are wrong\n{}{}\n  {:<16} {}{}",
        found.observation,
        list(&found.shape),
        found.wrong,
        found.of,
        row("first", &found.first),
        row("largest error", &found.largest),
        "off by",
        number(off),
        where_and_how(found),
    )
}

/// Where all errors lie, and a picture if it fits.
fn where_and_how(found: &Mismatches) -> String {
    let mut text = String::new();
    if let Some(sentence) = place_of_errors(&found.pattern, &axis_names(found)) {
        let _ = write!(text, "\n  {:<16} {sentence}", "where");
    }
    if let Some(picture) = grid::picture(found) {
        let _ = write!(text, "\n\n{}", indented(&picture).trim_end_matches('\n'));
    }
    text
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

/// What it looks like, and what to think of.
fn diagnosis(named: &[Named]) -> String {
    let Some((first, others)) = named.split_first() else {
        return String::new();
    };
    let mut sentence = format!("It looks like your code {}", first.what);
    for other in others {
        let _ = write!(sentence, ", and {}", other.what);
    }
    let mut text = format!(
        "\n{}",
        indented(&wrapped(&format!("{sentence}.")).yellow().to_string())
    );
    for mistake in named {
        text.push_str(&indented(&wrapped(&mistake.pointer)));
    }
    text
}

/// Broken into lines that fit a narrow terminal.
fn wrapped(text: &str) -> String {
    const WIDTH: usize = 78;
    let mut result = String::new();
    let mut width = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            result.push('\n');
            width = 0;
        } else if width > 0 {
            result.push(' ');
            width += 1;
        }
        result.push_str(word);
        width += length;
    }
    result
}

/// What the step printed: shown when it may help.
fn printed(judgement: &Judgement) -> String {
    let mut text = String::new();
    for (name, printed) in [
        ("printed", &judgement.stdout),
        ("printed to stderr", &judgement.stderr),
    ] {
        if !printed.text.trim().is_empty() {
            text.push_str(&quoted(name, printed));
        }
    }
    text
}

fn quoted(name: &str, printed: &Printed) -> String {
    let lines: Vec<&str> = printed.text.trim_end().lines().collect();
    let mut text = format!("\n  {}\n", format!("your code {name}:").dimmed());
    for line in lines.iter().take(PRINTED_LINES) {
        let _ = writeln!(text, "  {} {}", "|".dimmed(), visible(line));
    }
    if lines.len() > PRINTED_LINES || printed.cut {
        let _ = writeln!(text, "  {}", "| … and more".dimmed());
    }
    text
}

/// Without what would move the cursor or colour the rest; at most a line's worth.
fn visible(line: &str) -> String {
    let plain = anstream::adapter::strip_str(line).to_string();
    let mut text: String = plain
        .chars()
        .filter(|c| !c.is_control() || *c == '\t')
        .take(160)
        .collect();
    if plain.chars().count() > 160 {
        text.push('…');
    }
    text
}

/// Before anything is written, unused variables are what one expects.
fn worth_warning(verdict: &Verdict) -> bool {
    !matches!(
        verdict,
        Verdict::DoesNotCompile { .. }
            | Verdict::Failed {
                fault: Fault::NotStarted { .. },
                ..
            }
    )
}

fn warnings(warnings: &[Diagnostic]) -> String {
    let mut text = String::new();
    for warning in warnings {
        let at = warning.at.as_ref().map(|at| format!("{}: ", at_line(at)));
        let _ = write!(
            text,
            "\n  {} {}{}",
            "rustc warns".yellow(),
            at.unwrap_or_default(),
            warning.message
        );
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
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

fn at_line(at: &Place) -> String {
    format!("{}:{}", shown(at.file.as_ref()), at.line)
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default()
}

fn passed(groups: &[JudgedGroup]) -> usize {
    groups
        .iter()
        .filter(|group| group.outcome == Outcome::Passed)
        .count()
}

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

/// The last line: what to do now.
fn next(judgement: &Judgement, again: &str, finished_course: bool) -> String {
    let id = &judgement.step.id;
    let file = shown(&judgement.file);
    let text = match &judgement.verdict {
        Verdict::Passed if finished_course => {
            "All steps pass. Try `tutor run all --mine`: the whole model on your own steps.".into()
        }
        Verdict::Passed => "Next: `tutor next`".into(),
        Verdict::Unreadable(
            Unreadable::Missing | Unreadable::Empty | Unreadable::TooLarge { .. },
        ) => {
            format!("Next: `tutor reset {id}` writes the skeleton again (a copy of yours is kept)")
        }
        Verdict::Unreadable(_) => format!("Next: mend `{file}`, then `{again}`"),
        Verdict::EarlierStep { step, .. } => format!("Next: `tutor run {step}`"),
        Verdict::Failed { .. } if judgement.earlier == Earlier::Mine => {
            format!("Next: `tutor trace {id}` says which of your steps is to blame")
        }
        Verdict::DoesNotCompile { .. } | Verdict::Failed { .. } => {
            format!("Next: edit {file}, then `{again}`")
        }
    };
    text.cyan().to_string()
}

fn indented(text: &str) -> String {
    let mut result = String::new();
    for line in text.lines() {
        if line.is_empty() {
            result.push('\n');
        } else {
            let _ = writeln!(result, "  {line}");
        }
    }
    result
}
