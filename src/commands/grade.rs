//! `tutor grade`

mod intake;
mod results;

use std::path::Path;
use std::thread;

use crate::classroom::grading::{self, Class, merge, seed};
use crate::classroom::record::{Deadline, EarlierSteps, Grades};
use crate::classroom::submissions::Entry;
use crate::cli::{Grade, InsteadOfGrading};
use crate::commands::setup;
use crate::course::{Course, Step};
use crate::error::{Code, Error, Result};
use crate::terminal;
use crate::terminal::progress_bar::ProgressBar;

/// Grades a class, or does what is to be done instead.
pub fn grade(course: &Course, options: &Grade) -> Result<Code> {
    match &options.instead {
        None => {
            let grades = graded(course, options)?;
            results::write(course, &grades, &options.results)?;
        }
        Some(InsteadOfGrading::Merge { parts, results }) => {
            let grades = merge::merge(parts, &results.out)?;
            results::write(course, &grades, results)?;
        }
        Some(InsteadOfGrading::Seed) => terminal::print(&format!("{}\n", seed::draw()?))?,
    }
    Ok(Code::Passed)
}

fn graded(course: &Course, options: &Grade) -> Result<Grades> {
    let steps = steps(course, &options.steps)?;
    let points = points(course, &steps, &options.points)?;
    let folder = options.folder.as_deref().unwrap_or(Path::new("."));
    let found = intake::entries(course, folder, options)?;
    let all = found.entries.len();
    let entries: Vec<Entry> = match options.shard {
        Some(shard) => (found.entries.into_iter())
            .skip(shard.number - 1)
            .step_by(shard.of)
            .collect(),
        None => found.entries,
    };
    if let Some(shard) = options.shard {
        terminal::note(&format!(
            "Part {} of {}: {} of {all} submissions",
            shard.number,
            shard.of,
            entries.len()
        ));
    }
    let pipeline = setup::ready(course)?;
    if options.no_sandbox {
        terminal::note("Without a sandbox: submissions may do whatever you may.");
    }
    let mut bar = ProgressBar::with_time_left(entries.len(), "students");
    let class = Class {
        entries,
        steps,
        points,
        earlier: if options.mine {
            EarlierSteps::Mine
        } else {
            EarlierSteps::Reference
        },
        seed: options.seed,
        time: options.timeout.0,
        jobs: options.jobs.map_or_else(cores, usize::from),
        sandbox: !options.no_sandbox,
        shard: options.shard,
        deadline: Deadline {
            due: options.intake.due,
            late_rule: options.intake.late,
        },
        out: options.results.out.clone(),
        resume: options.resume,
    };
    let grades = grading::grade(&pipeline, class, |done, _, id| bar.set(done, id));
    bar.finish();
    pipeline.tidy_up();
    grades
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// The steps that count, in the course's order.
fn steps<'a>(course: &'a Course, names: &[String]) -> Result<Vec<&'a Step>> {
    if names.is_empty() {
        return Ok(course.steps().iter().collect());
    }
    let meant: Vec<&Step> = names
        .iter()
        .map(|name| course.step(name.trim()))
        .collect::<Result<_>>()?;
    Ok(course
        .steps()
        .iter()
        .filter(|step| meant.contains(step))
        .collect())
}

/// What each of `steps` is worth.
fn points(course: &Course, steps: &[&Step], said: &[(String, u32)]) -> Result<Vec<u32>> {
    let mut points: Vec<u32> = steps.iter().map(|step| step.points).collect();
    for (name, worth) in said {
        let meant = course.step(name.trim())?;
        match steps.iter().position(|step| step.id == meant.id) {
            Some(position) => points[position] = *worth,
            None => {
                return Err(Error::Usage {
                    message: format!("`--points {name}={worth}`: {} does not count", meant.id),
                    next: "name it in `--steps` too, or leave it out of both".into(),
                });
            }
        }
    }
    Ok(points)
}
