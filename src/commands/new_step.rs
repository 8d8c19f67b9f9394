//! `tutor course new-step`.

use crate::authoring::new_step;
use crate::cli::authors::NewStep;
use crate::course::Course;
use crate::error::{Code, Result};
use crate::terminal;

/// Writes the files of a new step, and says which.
pub fn new_step(course: &Course, options: &NewStep) -> Result<Code> {
    let after = match &options.after {
        Some(name) => course.step(name)?,
        None => course.last_step(),
    };
    let written = new_step::write(course, &options.name, after)?;
    let id = options.name.split('_').next().unwrap_or_default();
    let list: String = written
        .iter()
        .map(|path| format!("  {}\n", path.display()))
        .collect();
    terminal::print(&format!(
        "Written, for a step that adds up numbers until you fill it in:\n{list}\
         Next: `tutor course check {id}` finds no flaw in it; it will tell what you break.\n"
    ))?;
    Ok(Code::Passed)
}
