//! `tutor grade`

mod again;
mod apart;
mod deadline;
pub mod guarded;
mod intake;
mod overrides;
mod results;

use std::io;
use std::path::Path;
use std::thread;

use crate::classroom::grading::ledger::Ledger;
use crate::classroom::grading::{self, Changes, Class, merge, seed};
use crate::classroom::overrides::Overrides;
use crate::classroom::record::{EarlierSteps, Grades};
use crate::classroom::submissions::Entry;
use crate::classroom::weights::Weights;
use crate::cli::{Grade, InsteadOfGrading, Results};
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
            let Some(ledger) = guarded::ledger() else {
                return guarded::guarded();
            };
            let ledger = ledger?;
            let decisions = overrides::read(course, &options.results)?;
            let done = graded(course, options, &decisions, &ledger).and_then(|mut grades| {
                decisions.put_over(&mut grades);
                results::write(course, &grades, &options.results)
            });
            done.map_err(halted)?;
        }
        Some(InsteadOfGrading::Merge { parts, results }) => {
            let mut merged = merge::put_together(parts)?;
            if results.overrides.is_none() {
                overrides::gather(parts, &results.out)?;
            }
            let decisions = fitting(course, &merged.grades, results)?;
            merge::keep(&merged, parts, &results.out)?;
            decisions.put_over(&mut merged.grades);
            results::write(course, &merged.grades, results)?;
        }
        Some(InsteadOfGrading::Write { results }) => {
            let mut grades = merge::again(&results.out)?;
            fitting(course, &grades, results)?.put_over(&mut grades);
            results::write(course, &grades, results)?;
        }
        Some(InsteadOfGrading::Seed) => terminal::print(&format!("{}\n", seed::draw()?))?,
    }
    Ok(Code::Passed)
}

/// What the machine refuses now it may grant later: then the grading goes on.
fn halted(error: Error) -> Error {
    let Error::Io { source, .. } = &error else {
        return error;
    };
    let first = match source.kind() {
        io::ErrorKind::StorageFull => "free some space, then type".to_owned(),
        _ => format!("{}; then type", error.next()),
    };
    Error::Halted {
        next: format!("{first} `{}`", guarded::again()),
        cause: Box::new(error),
    }
}

/// Says what is not as it was when the grading began.
fn tell(changes: &Changes) {
    for (ids, what) in [
        (&changes.new, "Handed in since the grading began"),
        (
            &changes.changed,
            "Changed since they were judged, and judged anew",
        ),
        (
            &changes.known_otherwise,
            "Handed in the same; what else is known of them has changed, and is taken over",
        ),
        (
            &changes.gone,
            "No longer there, and no longer among the results",
        ),
    ] {
        if !ids.is_empty() {
            terminal::note(&text::line(&format!("{what}: {}", ids.join(", "))));
        }
    }
}

/// What was decided by hand about what is graded already.
fn fitting(course: &Course, grades: &Grades, results: &Results) -> Result<Overrides> {
    let decisions = overrides::read(course, results)?;
    // Who is in another part of the class is not known here.
    if grades.header.shard.is_none() {
        let students: Vec<&str> = (grades.records.iter())
            .map(|record| record.student.id.as_str())
            .collect();
        let steps: Vec<(&str, u32)> = (grades.header.steps.iter())
            .map(|step| (step.id.as_str(), step.points))
            .collect();
        decisions.fit(&students, &steps)?;
    }
    Ok(decisions)
}

fn graded(
    course: &Course,
    options: &Grade,
    decisions: &Overrides,
    ledger: &Ledger,
) -> Result<Grades> {
    let steps = steps(course, &options.steps)?;
    let points = points(course, &steps, &options.points)?;
    let weights = match &options.weights {
        Some(file) => Weights::read(file, course)?,
        None => Weights::default(),
    };
    let deadline = deadline::deadline(&options.intake)?;
    let folder = options.folder.as_deref().unwrap_or(Path::new("."));
    apart::course(course, folder)?;
    apart::results(folder, &options.results.out, options.single)?;
    terminal::note(&format!("Course: {}", course.root().display()));
    let found = intake::entries(course, folder, options)?;
    let students: Vec<&str> = found.entries.iter().map(|e| e.id.as_str()).collect();
    let worth: Vec<(&str, u32)> = (steps.iter().zip(&points))
        .map(|(step, points)| (step.id.as_str(), *points))
        .collect();
    decisions.fit(&students, &worth)?;
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
        weights,
        checks: options.checks.clone(),
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
        deadline,
        out: options.results.out.clone(),
        resume: options.resume || ledger.goes_on(),
    };
    let grades = grading::grade(&pipeline, class, ledger, tell, |done, _, id| {
        bar.set(done, &text::line(id));
    });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_comes_with_the_command_that_works() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let error = halted(Error::io("write", Path::new("grades.jsonl"))(full));
        assert_eq!(error.code(), Code::Machine);
        assert!(error.to_string().contains("grades.jsonl"), "{error}");
        let next = error.next();
        assert!(
            next.starts_with("free some space, then type `tutor "),
            "{next}"
        );
        assert!(next.ends_with(" --resume`"), "{next}");
        let other = halted(Error::Internal("a slip".into()));
        assert!(!other.next().contains("--resume"));
    }
}
