//! Each figure is in the lesson, and is what its program describes now.

use std::fs;

use super::super::Case;
use super::super::reference::said;
use crate::authoring::flaw::{Flaw, Flaws};
use crate::course::experiments::Experiment;
use crate::course::figures;
use crate::engine::pipeline::Experimented;
use crate::error::Result;
use crate::figure::{Figure, svg};
use crate::files;

/// The flaws of a step's figures.
pub(in crate::authoring::check) fn flaws(case: &Case<'_>) -> Result<Vec<Flaw>> {
    let mut flaws = case.flaws();
    let (course, step) = (case.pipeline.course(), case.step);
    let folder = course.figures_folder(step);
    let Some(programs) = flaws.catch(&folder, figures::programs(course, step))? else {
        return Ok(flaws.found());
    };
    let lesson = course.lesson_file(step);
    let text = files::read_text(&lesson).unwrap_or_default();
    for program in &programs {
        let name = &program.name;
        if !text.contains(&format!("](figures/{name}.svg)")) {
            let what = format!("does not show the figure `{name}`: ![…](figures/{name}.svg)");
            flaws.add(&lesson, None, what);
        }
        is_drawn(case, program, &mut flaws)?;
    }
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_picture = path.extension().is_some_and(|extension| extension == "svg");
        if is_picture && !path.with_extension("rs").exists() {
            flaws.add(&path, None, "is the picture of no program");
        }
    }
    Ok(flaws.found())
}

fn is_drawn(case: &Case<'_>, program: &Experiment, flaws: &mut Flaws<'_>) -> Result<()> {
    let (file, picture) = (&program.path, figures::picture(program));
    let run = case.pipeline.experiment(case.step, program, true);
    let described = match flaws.catch(file, run)? {
        Some(Experimented::Printed(described)) => described,
        Some(Experimented::NotRun(judgement)) => {
            let what = format!("does not run on the solution: {}", said(&judgement.verdict));
            flaws.add(file, None, what);
            return Ok(());
        }
        None => return Ok(()),
    };
    let figure = match Figure::parse(&described) {
        Ok(figure) => figure,
        Err(message) => {
            flaws.add(file, None, format!("does not describe a figure: {message}"));
            return Ok(());
        }
    };
    let draw = format!("`tutor course draw {}`", case.step.id);
    match files::read_text(&picture) {
        Ok(drawn) if drawn == svg::file(&figure, &described) => {}
        Ok(_) => flaws.add(
            &picture,
            None,
            format!("is not what its program describes now: {draw} draws it anew"),
        ),
        Err(error) => flaws.add(
            &picture,
            None,
            format!("cannot be read: {error}; {draw} draws it"),
        ),
    }
    Ok(())
}
