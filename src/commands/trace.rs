//! `tutor trace`

use crate::commands::setup;
use crate::course::Course;
use crate::engine::judge::Verdict;
use crate::engine::observe::Seed;
use crate::engine::pipeline::Pipeline;
use crate::error::{Code, Result};
use crate::report::human;
use crate::terminal;

/// Finds the earlier step that is to blame, and the first number that goes astray.
pub fn trace(course: &Course, step: &str) -> Result<Code> {
    let step = course.step(step)?;
    let (kit, store) = setup::ready(course)?;
    let trace = Pipeline::new(course, &kit, &store).trace(step, Seed::default())?;
    terminal::print(&human::trace(&trace))?;
    Ok(if trace.on_mine.verdict == Verdict::Passed {
        Code::Passed
    } else {
        Code::NotPassed
    })
}
