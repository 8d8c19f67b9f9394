//! `tutor trace`

use std::time::Duration;

use crate::commands::setup;
use crate::course::Course;
use crate::engine::judge::Verdict;
use crate::engine::observe::Seed;
use crate::error::{Code, Result};
use crate::report::text;
use crate::terminal;

/// Finds the earlier step that is to blame, and the first number that goes astray.
pub fn trace(course: &Course, step: &str, time: Duration) -> Result<Code> {
    let step = course.step(step)?;
    let trace = setup::ready(course)?.trace(step, Seed::default(), time)?;
    terminal::print(&text::trace(&trace))?;
    Ok(if trace.on_mine.verdict == Verdict::Passed {
        Code::Passed
    } else {
        Code::NotPassed
    })
}
