//! `tutor course draw`

use std::fs;

use crate::commands::setup;
use crate::course::figures;
use crate::course::{Course, Step};
use crate::engine::pipeline::Experimented;
use crate::error::{Code, Error, Result};
use crate::figure::{Figure, svg};
use crate::report::text::{self, AfterPass};
use crate::terminal;

/// Runs the figures' programs on the solutions and writes what is drawn of them.
pub fn draw(course: &Course, step: Option<&str>) -> Result<Code> {
    let steps: Vec<&Step> = match step {
        Some(name) => vec![course.step(name)?],
        None => course.steps().iter().collect(),
    };
    let pipeline = setup::ready(course)?;
    for step in steps {
        for program in figures::programs(course, step)? {
            let description = match pipeline.experiment(step, &program, true)? {
                Experimented::Printed(description) => description,
                Experimented::NotRun(judgement) => {
                    let again = format!("tutor course draw {}", step.id);
                    terminal::print(&text::judgement(&judgement, &again, &AfterPass::default()))?;
                    return Ok(Code::NotPassed);
                }
            };
            let figure = Figure::parse(&description).map_err(|message| Error::Course {
                path: program.path.clone(),
                at: None,
                message,
            })?;
            let file = figures::picture(&program);
            fs::write(&file, svg::file(&figure, &description))
                .map_err(Error::io("write", &file))?;
            terminal::print(&format!("Written: {}\n", file.display()))?;
        }
    }
    Ok(Code::Passed)
}
