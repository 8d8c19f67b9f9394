//! The solution through its own check, the skeleton, and what belongs to both.

use std::path::{Path, PathBuf};

use observation::Observations;

use super::programs::files_in;
use super::{Case, TIME};
use crate::authoring::flaw::{Flaw, Flaws, first_error};
use crate::course::verdict_kind::VerdictKind;
use crate::engine::compile::Check;
use crate::engine::judge::Verdict;
use crate::engine::observe::{RunEnding, Seed};
use crate::engine::pipeline::{Earlier, Judgement, Request};
use crate::error::Result;
use crate::files;

/// The flaws, and whether there is something to hold other programs against.
pub(super) fn flaws(case: &Case<'_>) -> Result<(bool, Vec<Flaw>)> {
    let mut flaws = case.flaws();
    let (course, step) = (case.pipeline.course(), case.step);
    let solution = course.solution_file(step);
    let check = course.check_file(step);
    let is_there = runs(case, &check, "the solution with its check", &mut flaws)?.is_some();
    if !is_there || !repeats(case, &mut flaws)? {
        return Ok((false, flaws.found()));
    }
    let Some(solved) = judged(case, &solution, &solution, &mut flaws)? else {
        return Ok((false, flaws.found()));
    };
    if solved.verdict != Verdict::Passed {
        let what = format!("the solution does not pass: {}", said(&solved.verdict));
        flaws.add(&solution, line(&solved), what);
        return Ok((false, flaws.found()));
    }
    for warning in &solved.warnings {
        let line = warning.at.as_ref().map(|at| at.line as usize);
        let what = format!("rustc warns of the solution: {}", warning.message);
        flaws.add(&solution, line, what);
    }
    for call in &solved.forbidden {
        flaws.add(&solution, None, not_allowed(call));
    }
    let taken = solved.peak_memory >> 20;
    if let Some(most) = course.check_rules().megabytes
        && taken > most
    {
        let what = format!("takes {taken} MB with its check; `course.toml` allows {most}");
        flaws.add(&solution, None, what);
    }
    begins(case, &mut flaws)?;
    delegates(case, &mut flaws)?;
    traces(case, &mut flaws)?;
    Ok((true, flaws.found()))
}

/// The judgement of `file`; what keeps it from being judged is a flaw of `blamed`.
fn judged(
    case: &Case<'_>,
    file: &Path,
    blamed: &Path,
    flaws: &mut Flaws<'_>,
) -> Result<Option<Judgement>> {
    let request = Request {
        step: case.step,
        file: Some(file.to_owned()),
        seed: Seed::default(),
        time: TIME,
        earlier: Earlier::Reference,
    };
    flaws.catch(blamed, case.pipeline.judge(&request))
}

/// A right program calls what its step has no permission for.
pub(super) fn not_allowed(call: &str) -> String {
    format!("calls `{call}`, which is guarded and stands in no `allows` of the step")
}

/// A verdict in a few words.
pub(super) fn said(verdict: &Verdict) -> String {
    let phrase = verdict.kind().phrase();
    match verdict {
        Verdict::Failed { group, .. } => format!("{phrase}, in `{group}`"),
        Verdict::DoesNotCompile { errors, .. } => {
            format!("{phrase}: {}", first_error(errors).1)
        }
        _ => phrase.to_owned(),
    }
}

/// The line where a file does not compile.
fn line(judgement: &Judgement) -> Option<usize> {
    match &judgement.verdict {
        Verdict::DoesNotCompile { errors, .. } => first_error(errors).0,
        _ => None,
    }
}

/// Whether two processes show the same, bit for bit.
fn repeats(case: &Case<'_>, flaws: &mut Flaws<'_>) -> Result<bool> {
    let (course, step) = (case.pipeline.course(), case.step);
    let check = course.check_file(step);
    let known = case.pipeline.reference(step, Seed::default(), TIME);
    let again = case.pipeline.observe_again(step, Seed::default());
    let (Some(known), Some(again)) = (flaws.catch(&check, known)?, flaws.catch(&check, again)?)
    else {
        return Ok(false);
    };
    let place = difference(&known, &again.observations);
    if let Some(place) = &place {
        let what = format!("the solution does not show the same twice with one seed: {place}");
        flaws.add(&check, None, what);
    }
    Ok(place.is_none())
}

/// The first place where two runs differ.
fn difference(one: &Observations, other: &Observations) -> Option<String> {
    if one == other {
        return None;
    }
    let groups = one.groups.iter().zip(&other.groups);
    let (group, theirs) = groups.into_iter().find(|(a, b)| a != b)?;
    let mut pairs = group.observations.iter().zip(&theirs.observations);
    Some(match pairs.find(|(a, b)| a != b) {
        Some((observation, _)) => format!("`{}` in `{}`", observation.name, group.name),
        None => format!("the group `{}`", group.name),
    })
}

fn begins(case: &Case<'_>, flaws: &mut Flaws<'_>) -> Result<()> {
    let skeleton = case.pipeline.course().skeleton_file(case.step);
    if let Some(judgement) = judged(case, &skeleton, &skeleton, flaws)?
        && judgement.verdict.kind() != VerdictKind::NotStarted
    {
        let what = format!(
            "the skeleton is to be \"{}\" and is judged \"{}\"",
            VerdictKind::NotStarted.phrase(),
            said(&judgement.verdict)
        );
        flaws.add(&skeleton, line(&judgement), what);
    }
    Ok(())
}

/// Files that pass by calling what the step is not allowed are noticed.
fn delegates(case: &Case<'_>, flaws: &mut Flaws<'_>) -> Result<()> {
    for delegation in files_in(case, "delegations", flaws) {
        let Some(judgement) = judged(case, &delegation.file, &delegation.file, flaws)? else {
            continue;
        };
        let what = match judgement.verdict {
            Verdict::Passed if !judgement.forbidden.is_empty() => continue,
            Verdict::Passed => "passes, and nothing that it calls is guarded".to_owned(),
            verdict => format!("a delegation is to pass: {}", said(&verdict)),
        };
        flaws.add(&delegation.file, None, what);
    }
    Ok(())
}

/// A trace that does not work says nothing of where a step departs, and nobody would notice.
fn traces(case: &Case<'_>, flaws: &mut Flaws<'_>) -> Result<()> {
    let trace = case.pipeline.course().trace_file(case.step);
    if trace.exists() {
        runs(case, &trace, "the trace", flaws)?;
    }
    Ok(())
}

/// What the observation program in `file` records of the solution, if it gets to its end.
pub(super) fn runs(
    case: &Case<'_>,
    file: &Path,
    what: &str,
    flaws: &mut Flaws<'_>,
) -> Result<Option<Observations>> {
    let read = files::read_text(file).map_err(crate::error::Error::io("read", file));
    let check = read.and_then(|text| Check::new(PathBuf::from(file), &text));
    let Some(check) = flaws.catch(file, check)? else {
        return Ok(None);
    };
    let compiled = case.pipeline.try_reference(case.step, &check);
    match flaws.catch(file, compiled)? {
        Some(Ok(_)) => {}
        Some(Err(failure)) => {
            let (line, error) = first_error(&failure.errors);
            let place = failure.errors.first().and_then(|error| error.at.as_ref());
            let place = place.map_or(file, |at| Path::new(&at.file));
            flaws.add(place, line, format!("{what} does not compile: {error}"));
            return Ok(None);
        }
        None => return Ok(None),
    }
    let seed = Seed::default();
    let run = (case.pipeline).run_reference(case.step, &check, seed, TIME);
    let Some(run) = flaws.catch(file, run)? else {
        return Ok(None);
    };
    let groups = &run.observations.groups;
    if let Some(group) = groups.iter().find(|group| !group.panics.is_empty()) {
        let panic = &group.panics[0];
        let what = format!("{what} panics in `{}`: {}", group.name, panic.message);
        let root = case.pipeline.course().root();
        let mut places = panic.at.iter().chain(&panic.calls);
        match places.find(|place| Path::new(&place.file).starts_with(root)) {
            Some(place) => flaws.add(Path::new(&place.file), Some(place.line as usize), what),
            None => flaws.add(file, None, what),
        }
        return Ok(None);
    }
    if run.ending != RunEnding::Finished {
        flaws.add(file, None, format!("{what} does not come to its end"));
        return Ok(None);
    }
    Ok(Some(run.observations))
}
