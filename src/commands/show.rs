//! `tutor show`

use crate::cli::Shown;
use crate::course::Course;
use crate::error::{Code, Result};
use crate::highlight;
use crate::terminal;

/// Prints one of a step's files.
pub fn show(course: &Course, what: Shown, step: &str) -> Result<Code> {
    let step = course.step(step)?;
    let text = match what {
        Shown::Skeleton => course.read("skeleton", step, &course.skeleton_file(step))?,
        Shown::Solution => course.read("solution", step, &course.solution_file(step))?,
    };
    terminal::print(&highlight::rust(&text))?;
    Ok(Code::Passed)
}
