//! Runs many observation programs of one executable in few processes.
//!
//! Starting a process costs more than most runs do. So a process is given a list; what it had
//! finished when it died is kept, and what took it down is run again in a process of its own.

use std::collections::{HashSet, VecDeque};
use std::path::Path;

use observation::{Instructions, Observations, Turn};

use super::{Executed, Run, RunEnding, bounds, execute, read};
use crate::course::Step;
use crate::engine::kit::Kit;
use crate::engine::sandbox::Printed;
use crate::engine::sandbox::workplace::Workplace;
use crate::error::Result;

/// Runs in one process at most: their records fit into what one may write.
const AT_ONCE: usize = 64;

/// Runs the observation programs in `program` that `turns` name, in order. What a program remembers
/// from one run shows in the next: each run of one in `alone` has a process of its own, and so has
/// each of a step that writes files. None of them is told which file it was, so no panic is traced back to a line. For trusted code.
///
/// # Errors
///
/// If a process cannot be started, or if there is no place for its record.
pub fn run_several(
    kit: &Kit,
    step: &Step,
    program: &Path,
    turns: &[Turn],
    alone: &[usize],
    workplace: &Workplace<'_>,
) -> Result<Vec<Run>> {
    let mut alone: HashSet<usize> = alone.iter().copied().collect();
    let mut runs: Vec<Option<Run>> = vec![None; turns.len()];
    let mut open: VecDeque<usize> = (0..turns.len()).collect();
    while !open.is_empty() {
        let writes = step.limits.files.is_some();
        let is_alone = |i: &usize| writes || alone.contains(&turns[*i].choice);
        let together: Vec<usize> = (open.iter().copied())
            .filter(|i| !is_alone(i))
            .take(AT_ONCE)
            .collect();
        let now = match together.is_empty() {
            true => vec![open[0]],
            false => together,
        };
        let those: Vec<Turn> = now.iter().map(|&i| turns[i]).collect();
        let done = execute(kit, step, program, &instructions(&those), workplace)?;
        if let [only] = now[..] {
            let limits = workplace.program_limits(step);
            let observations = Observations::read(&done.record);
            let run = read(&limits, done.outcome, observations, workplace.trust);
            runs[only] = Some(run);
        } else {
            let finished = finished(done);
            // Whatever was under way took the process down.
            alone.extend(those.get(finished.len()).map(|turn| turn.choice));
            for (&i, run) in now.iter().zip(finished) {
                runs[i] = Some(run);
            }
        }
        open.retain(|&i| runs[i].is_none());
    }
    Ok(runs.into_iter().flatten().collect())
}

/// `those`, as a program is told them.
fn instructions(those: &[Turn]) -> Instructions {
    Instructions {
        seed: those[0].seed,
        source: None,
        choice: Some(those[0].choice),
        then: those[1..].to_vec(),
    }
}

/// The runs that a process came to the end of. What it printed belongs to none of them.
fn finished(done: Executed) -> Vec<Run> {
    let peak_memory = done.outcome.peak_memory;
    let records = Observations::read_each(&done.record).into_iter();
    let finished = records.filter(|record| record.finished);
    let run = |mut observations| {
        bounds::bound(&mut observations);
        Run {
            observations,
            ending: RunEnding::Finished,
            stdout: Printed::default(),
            stderr: Printed::default(),
            peak_memory,
        }
    };
    finished.map(run).collect()
}
