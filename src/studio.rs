//! The finished model at work: programs of the course's, run with the learner's own steps.
//!
//! A program is the course's file `programs/NAME.rs`. It is told what to do by one JSON object on its
//! standard input, and tells what it does by JSON objects on its standard output, a line each; other
//! lines are what the steps themselves print.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts, seconds and places on a screen, all far below 2^52 and none negative"
)]

pub mod looking;
pub mod screen;
pub mod training;
pub mod writing;

use std::ops::ControlFlow;
use std::path::PathBuf;

use serde_json::Value;

use crate::course::{Course, Step};
use crate::engine::pipeline::{Earlier, OrHalt, Pipeline};
use crate::engine::sandbox::Ending;
use crate::engine::sandbox::foreground::Streams;
use crate::error::{Error, Result};
use crate::progress::Progress;

/// The profile of the kit that programs are compiled against, unless another one is asked for.
pub const PROFILE: &str = "run";

/// Whose steps a program is made of.
#[derive(Debug)]
pub struct Steps<'a> {
    /// The learner's own, in order.
    own: Vec<&'a Step>,
    /// Those that the reference stands in for.
    borrowed: Vec<&'a Step>,
}

impl<'a> Steps<'a> {
    /// The learner's own where they pass as they are now, the reference's elsewhere.
    #[must_use]
    pub fn own(course: &'a Course, progress: &Progress) -> Self {
        let passes = |step: &&Step| progress.has_passed(step) && !progress.is_edited(course, step);
        let (own, borrowed) = course.steps().iter().partition(passes);
        Self { own, borrowed }
    }

    /// The reference's throughout.
    #[must_use]
    pub fn reference(course: &'a Course) -> Self {
        Self {
            own: Vec::new(),
            borrowed: course.steps().iter().collect(),
        }
    }

    /// Which they are, in one sentence.
    #[must_use]
    pub fn words(&self) -> String {
        match (self.own.as_slice(), self.borrowed.as_slice()) {
            ([], _) => "The steps are the reference's.".into(),
            (_, []) => "All steps are your own.".into(),
            (own, borrowed) => format!(
                "Your own steps: {}. The reference's, until yours pass: {}.",
                ids(own),
                ids(borrowed)
            ),
        }
    }

    fn whose(&self) -> Earlier {
        if self.own.is_empty() {
            return Earlier::Reference;
        }
        Earlier::Own(self.own.iter().map(|step| step.id.clone()).collect())
    }
}

/// The ids of steps, runs of them as `s01 to s12`.
fn ids(steps: &[&Step]) -> String {
    let number = |step: &Step| step.id.trim_start_matches('s').parse::<u32>().ok();
    let mut runs: Vec<(&Step, &Step)> = Vec::new();
    for &step in steps {
        match runs.last_mut() {
            Some((_, last)) if number(step) == number(last).map(|last| last + 1) => *last = step,
            _ => runs.push((step, step)),
        }
    }
    let words = runs.iter().map(|(first, last)| {
        if first.id == last.id {
            first.id.clone()
        } else if number(last) == number(first).map(|first| first + 1) {
            format!("{}, {}", first.id, last.id)
        } else {
            format!("{} to {}", first.id, last.id)
        }
    });
    words.collect::<Vec<_>>().join(", ")
}

/// What a program says.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// Something that happened: an object with an `event`.
    Event(Value),
    /// What one of the steps printed.
    Printed(String),
}

impl Line {
    /// What a line of output is.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match serde_json::from_str::<Value>(text) {
            Ok(value) if value["event"].is_string() => Self::Event(value),
            _ => Self::Printed(text.to_owned()),
        }
    }
}

/// The file of the program that the course calls `name`.
///
/// # Errors
///
/// If the course has none.
pub fn program(course: &Course, name: &str) -> Result<PathBuf> {
    let path = course.root().join("programs").join(format!("{name}.rs"));
    if path.is_file() {
        return Ok(path);
    }
    Err(Error::Usage {
        message: format!("this course has no program `{name}`: there is no programs/{name}.rs"),
        next: "`tutor list` shows what there is to do".into(),
    })
}

/// Runs the program in the file `path` with these steps. `tell` hears what it says, and asks it to
/// stop by a break; so does Ctrl-C.
///
/// # Errors
///
/// If it cannot be compiled or started. What a program refuses to do is wrong usage, in its own
/// words, with `next` to be typed unless it says what. A step that does not compile halts with its verdict.
pub fn run(
    pipeline: &Pipeline<'_>,
    path: &std::path::Path,
    steps: &Steps<'_>,
    settings: &Value,
    next: &str,
    tell: &mut dyn FnMut(Line) -> ControlFlow<()>,
) -> OrHalt<Ending> {
    let program = pipeline.driver(path, &steps.whose())?;
    let foreground = pipeline.foreground(&program, Vec::new(), pipeline.course().root())?;
    let mut refusal = None;
    let mut hear = |text: &str| match Line::of(text) {
        Line::Event(event) if event["event"] == "refused" => {
            let message = event["message"].as_str().map(str::to_owned);
            let next = event["next"].as_str().unwrap_or(next).to_owned();
            refusal = message.map(|message| match is_full_disk(&message) {
                true => Error::FullDisk { message },
                false => Error::Usage { message, next },
            });
            ControlFlow::Continue(())
        }
        line => tell(line),
    };
    let ending = foreground.run(Streams::Conversation(&settings.to_string(), &mut hear))?;
    match refusal {
        Some(refusal) => Err(refusal.into()),
        None => Ok(ending),
    }
}

/// Whether these words are the operating system's for a full disk: a step may have made a text of its
/// error.
fn is_full_disk(words: &str) -> bool {
    // On Linux and macOS, and on Windows.
    ["(os error 28)", "(os error 112)"]
        .iter()
        .any(|code| words.contains(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::StepLimits;

    fn step(id: &str) -> Step {
        Step {
            id: id.into(),
            name: format!("{id}_x"),
            title: String::new(),
            learnt: None,
            points: 1,
            needs: Vec::new(),
            allows: Vec::new(),
            assets: Vec::new(),
            limits: StepLimits::default(),
        }
    }

    #[test]
    fn runs_of_steps_are_told_by_their_ends() {
        let all: Vec<Step> = ["s01", "s02", "s03", "s05", "s07", "s08"].map(step).into();
        let all: Vec<&Step> = all.iter().collect();
        assert_eq!(ids(&all), "s01 to s03, s05, s07, s08");
        assert_eq!(ids(&all[3..4]), "s05");
    }

    #[test]
    fn a_full_disk_is_told_from_other_errors() {
        let full = std::io::Error::from_raw_os_error(if cfg!(windows) { 112 } else { 28 });
        assert!(is_full_disk(&format!("`model.safetensors`: {full}")));
        let other = std::io::Error::from_raw_os_error(2);
        assert!(!is_full_disk(&format!("`model.safetensors`: {other}")));
    }

    #[test]
    fn what_is_no_event_was_printed_by_a_step() {
        assert!(matches!(Line::of(r#"{"event":"step"}"#), Line::Event(_)));
        let printed = r#"{"loss":1}"#;
        assert_eq!(Line::of(printed), Line::Printed(printed.into()));
        assert_eq!(Line::of("x"), Line::Printed("x".into()));
    }
}
