//! Compares what a step showed with what the reference showed. Pure: no files, no processes.

mod align;
mod compare;
pub mod diagnose;
mod marks;
mod parameters;
pub mod pattern;
mod relation;
mod serialize;
mod verdict;

use std::path::{Path, PathBuf};

use observation::{Group, Observations, Panic, Place};

pub use align::Entries;
pub use compare::depart;
pub use parameters::ParameterFault;
pub use pattern::Pattern;
pub use relation::Relation;
pub use verdict::{
    Departure, Fault, GroupOutcome, JudgedGroup, Mismatch, Mismatches, Outcome, Reaction, Stop,
    Tensors, Verdict,
};

use crate::engine::observe::{Run, RunEnding};

/// Judges a run by the reference's observations. A panic is blamed on a line in one of the files
/// `own`: the step's, and the learner's earlier ones if it stands on them.
#[must_use]
pub fn judge(run: &Run, reference: &Observations, own: &[PathBuf]) -> (Verdict, Vec<JudgedGroup>) {
    let groups: Vec<JudgedGroup> = reference
        .groups
        .iter()
        .enumerate()
        .map(|(position, expected)| JudgedGroup {
            name: expected.name.clone(),
            outcome: judge_group(run, position, expected, own),
            diagnosis: Vec::new(),
        })
        .collect();
    let failed = || {
        groups.iter().filter_map(|group| match &group.outcome {
            Outcome::Failed(fault) => Some((group.name.clone(), fault.clone())),
            Outcome::Passed | Outcome::NotReached => None,
        })
    };
    // What is wrong says more than what is not there yet.
    let is_wrong = |(_, fault): &(String, Fault)| !matches!(fault, Fault::NotStarted { .. });
    let first = failed().find(is_wrong).or_else(|| failed().next());
    let verdict = match first {
        Some((group, fault)) => Verdict::Failed { group, fault },
        None => match ending_fault(&run.ending) {
            // It died after its last group.
            Some(fault) => Verdict::Failed {
                group: "the end of the check".into(),
                fault,
            },
            None => Verdict::Passed,
        },
    };
    (verdict, groups)
}

fn judge_group(run: &Run, position: usize, expected: &Group, own: &[PathBuf]) -> Outcome {
    let groups = &run.observations.groups;
    let Some(got) = groups
        .get(position)
        .filter(|group| group.name == expected.name)
    else {
        // The process may have died before its first group, or gone on without this one.
        let died_before = position == groups.len() && position == 0;
        return match ending_fault(&run.ending) {
            Some(fault) if died_before => Outcome::Failed(fault),
            Some(_) => Outcome::NotReached,
            None => Outcome::Failed(Fault::NotRecorded { observation: None }),
        };
    };
    match group_fault(got, expected, &run.ending, own) {
        Some(fault) => Outcome::Failed(fault),
        None => Outcome::Passed,
    }
}

/// The first thing that is wrong with a group, in the order in which things happened.
fn group_fault(
    got: &Group,
    expected: &Group,
    ending: &RunEnding,
    own: &[PathBuf],
) -> Option<Fault> {
    let faults = || {
        let pairs = align::pairs(got, expected).into_iter();
        pairs.filter_map(|(got, expected)| compare::observations(got?, expected, own))
    };
    // NaN spreads: where it arose first says more than values that are merely wrong. And where
    // names differ, so does what is counted with them.
    let recorded = faults()
        .find(|fault| matches!(fault, Fault::NotFinite(_)))
        .or_else(|| align::entries(got, expected).map(Fault::WrongEntries))
        .or_else(|| faults().find(|fault| !matches!(fault, Fault::NotStarted { .. })))
        .or_else(|| faults().next());
    let panicked = || got.panics.first().map(|panic| panic_fault(panic, own));
    let died = || (!got.ended).then(|| ending_fault(ending)).flatten();
    let missing = || {
        let pairs = align::pairs(got, expected);
        let (_, unrecorded) = pairs.into_iter().find(|(got, _)| got.is_none())?;
        Some(Fault::NotRecorded {
            observation: Some(unrecorded.name.clone()),
        })
    };
    recorded.or_else(panicked).or_else(died).or_else(missing)
}

/// What a panic means: a `todo!()` is where the learner has not been yet.
fn panic_fault(panic: &Panic, own: &[PathBuf]) -> Fault {
    let is_own = |place: &&Place| own.iter().any(|path| path == Path::new(&place.file));
    let at = panic.at.iter().chain(&panic.calls).find(is_own).cloned();
    if compare::is_todo_message(&panic.message) {
        return Fault::NotStarted { at };
    }
    Fault::Panicked {
        at,
        panic: panic.clone(),
        meaning: None,
    }
}

/// What is wrong with the way a process ended, if anything is.
fn ending_fault(ending: &RunEnding) -> Option<Fault> {
    Some(match *ending {
        RunEnding::Finished => return None,
        RunEnding::Exited(code) => Fault::StoppedEarly(Stop::Exited(code)),
        RunEnding::Signalled(signal) => Fault::StoppedEarly(Stop::Signalled(signal)),
        RunEnding::StackOverflow => Fault::StackOverflow,
        RunEnding::OutOfMemory { limit } => Fault::OutOfMemory { limit },
        RunEnding::TimedOut { limit } => Fault::TimedOut { limit },
        RunEnding::TooManyThreads => Fault::TooManyThreads,
    })
}

#[cfg(test)]
mod tests;
