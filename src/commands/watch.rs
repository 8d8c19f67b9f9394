//! `tutor watch`

use std::io::{self, IsTerminal};

use crate::commands::setup;
use crate::course::Course;
use crate::error::{Code, Error, Result};
use crate::progress::Progress;
use crate::watch;

/// Watches a step, or the one to do now.
pub fn watch(course: &Course, step: Option<&str>) -> Result<Code> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Error::Usage {
            message: "watching needs a terminal".into(),
            next: "`tutor run` judges once, and works in a pipe".into(),
        });
    }
    let step = match step {
        Some(step) => course.step(step)?,
        None => {
            let (progress, _) = Progress::read(course)?;
            progress.next(course).unwrap_or(&course.steps()[0])
        }
    };
    // Before the screen is taken over: preparing the kit has a progress bar of its own.
    setup::ready(course)?;
    watch::watch(course, step)?;
    Ok(Code::Passed)
}
