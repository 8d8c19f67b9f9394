//! `tutor grade`

mod again;
mod results;

use std::fs;
use std::path::Path;
use std::thread;

use crate::classroom::grading::{self, Class, merge, seed};
use crate::classroom::record::{EarlierSteps, Grades};
use crate::classroom::submissions::{self, Entries, Entry};
use crate::cli::{Grade, InsteadOfGrading};
use crate::commands::setup;
use crate::course::{Course, Step};
use crate::error::{Code, Error, Result};
use crate::terminal;
use crate::terminal::progress_bar::ProgressBar;
use crate::text;

/// Grades a class, or does what is to be done instead.
pub fn grade(course: &Course, options: &Grade) -> Result<Code> {
    match &options.instead {
        None if options.again.is_some() => return again::again(course, options),
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
    see_that_they_are_apart(course, folder)?;
    terminal::note(&format!("Course: {}", course.root().display()));
    let mut found = submissions(folder, options.single)?;
    pass_over_results(&mut found, &options.results.out);
    if !found.passed_over.is_empty() {
        terminal::note(&format!(
            "Not a submission, and passed over: {}",
            text::line(&found.passed_over.join(", "))
        ));
    }
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
        out: options.results.out.clone(),
        resume: options.resume,
    };
    let grades = grading::grade(&pipeline, class, |done, _, id| {
        bar.set(done, &text::line(id));
    });
    bar.finish();
    pipeline.tidy_up();
    grades
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// The submissions that are meant.
fn submissions(folder: &Path, single: bool) -> Result<Entries> {
    if single {
        return submissions::single(folder);
    }
    submissions::entries(folder)
}

/// Refuses a course among the submissions: it would be a student's, and judge by the student's check. And
/// submissions in the course: what judges and what is judged stay apart.
fn see_that_they_are_apart(course: &Course, folder: &Path) -> Result<()> {
    let real = (fs::canonicalize(folder), fs::canonicalize(course.root()));
    let (Ok(folder), Ok(root)) = real else {
        // What is wrong with the folder is told where it is read.
        return Ok(());
    };
    let how = if root.starts_with(&folder) {
        "the course lies among the submissions"
    } else if folder.starts_with(&root) {
        "the submissions lie in the course"
    } else {
        return Ok(());
    };
    Err(Error::Usage {
        message: format!(
            "{how}: the course is `{}`, the submissions are in `{}`",
            root.display(),
            folder.display()
        ),
        next: "keep them apart, and type it in the folder of your own course".into(),
    })
}

/// The folder that results go to may lie among the submissions, and is nobody's.
fn pass_over_results(found: &mut Entries, out: &Path) {
    let Ok(out) = fs::canonicalize(out) else {
        return;
    };
    let (results, entries): (Vec<Entry>, Vec<Entry>) = std::mem::take(&mut found.entries)
        .into_iter()
        .partition(|entry| fs::canonicalize(&entry.path).is_ok_and(|path| path == out));
    found.entries = entries;
    let names = results.into_iter().map(|entry| entry.name);
    found.passed_over.extend(names);
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
