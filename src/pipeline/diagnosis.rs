//! Which known mistake is it? Compiles and runs them, when needed and once.

use std::thread;

use observation::Observations;

use super::Pipeline;
use crate::compile::Library;
use crate::course::Step;
use crate::error::{Error, Result};
use crate::hash;
use crate::judge::Verdict;
use crate::judge::diagnose::{diagnose, pairs_to_try};
use crate::mistakes::{self, Mistake};
use crate::observe::{self, Order, Run, Seed};
use crate::parallel::in_parallel;

/// A known mistake that explains a verdict, alone or with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// As in `unbiased-variance`.
    pub id: String,
    /// Continues "it looks like your code …".
    pub what: String,
    /// Points ahead.
    pub pointer: String,
}

impl Pipeline<'_> {
    /// The known mistakes that explain all that is wrong with `run`: one, several at once, or
    /// none.
    ///
    /// # Errors
    ///
    /// If the course's mistakes are not sound, or the machine cannot run them.
    pub fn diagnose(
        &self,
        step: &Step,
        seed: Seed,
        run: &Observations,
        reference: &Observations,
    ) -> Result<Vec<Named>> {
        let mistakes = mistakes::read(self.course, step)?;
        if mistakes.is_empty() {
            return Ok(Vec::new());
        }
        let sources: Vec<&str> = mistakes.iter().map(|m| m.source.as_str()).collect();
        let runs = self.run_all(step, seed, &sources)?;
        let suspects: Vec<&Observations> = runs.iter().map(|run| &run.observations).collect();
        let mut found = diagnose(run, reference, &suspects);
        if found.is_empty() {
            let pairs = pairs_to_try(run, reference, &suspects);
            found = self.try_pairs(step, seed, run, reference, (&mistakes, &pairs))?;
        }
        Ok(found.into_iter().map(|i| named(&mistakes[i])).collect())
    }

    /// The first pair of mistakes that, made at once, explains `run`.
    fn try_pairs(
        &self,
        step: &Step,
        seed: Seed,
        run: &Observations,
        reference: &Observations,
        (mistakes, pairs): (&[Mistake], &[(usize, usize)]),
    ) -> Result<Vec<usize>> {
        let solution = self.course.solution_file(step);
        let solution = self.course.read("solution", step, &solution)?;
        let combined: Vec<((usize, usize), String)> = pairs
            .iter()
            .filter_map(|&(i, j)| {
                let both = mistakes[i].with(&mistakes[j], &solution)?;
                Some(((i, j), both))
            })
            .collect();
        if combined.is_empty() {
            return Ok(Vec::new());
        }
        let sources: Vec<&str> = combined.iter().map(|(_, text)| text.as_str()).collect();
        // Two mistakes that are sound by themselves may not compile together: then this pair, and
        // those that share its executable, cannot be told. That costs a name, not a verdict.
        let Ok(runs) = self.run_all(step, seed, &sources) else {
            return Ok(Vec::new());
        };
        let suspects: Vec<&Observations> = runs.iter().map(|run| &run.observations).collect();
        Ok(match diagnose(run, reference, &suspects).as_slice() {
            [single] => {
                let (i, j) = combined[*single].0;
                vec![i, j]
            }
            _ => Vec::new(),
        })
    }

    /// What each of several implementations of a step shows, compiled together.
    ///
    /// # Errors
    ///
    /// If one of them does not compile, or the machine cannot run them.
    pub fn run_all(&self, step: &Step, seed: Seed, sources: &[&str]) -> Result<Vec<Run>> {
        let check = self.check(step)?;
        let libraries = self.reference_libraries_for(step, &sources.join("\n"))?;
        let mut parts: Vec<&[u8]> = vec![self.kit.id.as_bytes(), step.name.as_bytes()];
        let seed_bytes = seed.0.to_le_bytes();
        parts.extend([check.text.as_bytes(), &seed_bytes[..]]);
        parts.extend(libraries.iter().map(|library| library.id().as_bytes()));
        parts.extend(sources.iter().map(|source| source.as_bytes()));
        let name = format!("{}.family", hash::of(&parts));
        if let Some(runs) = self.store.result::<Vec<Run>>(&name)
            && runs.len() == sources.len()
        {
            return Ok(runs);
        }

        // One executable for each core: most of what rustc does is the same for one and for ten.
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let chunks: Vec<&[&str]> = sources
            .chunks(sources.len().div_ceil(cores).max(1))
            .collect();
        let runs: Vec<Vec<Run>> = in_parallel(&chunks, |chunk| {
            self.run_family(step, seed, chunk, &libraries)
        })
        .into_iter()
        .collect::<Result<_>>()?;
        let runs: Vec<Run> = runs.into_iter().flatten().collect();
        self.store.keep(&name, &runs)?;
        Ok(runs)
    }

    fn run_family(
        &self,
        step: &Step,
        seed: Seed,
        members: &[&str],
        libraries: &[Library],
    ) -> Result<Vec<Run>> {
        let check = self.check(step)?;
        let compiled = self.compiler.family(step, members, &check, libraries)?;
        let program = compiled.product.map_err(|failure| {
            let first = failure.errors.first();
            Error::Internal(format!(
                "a known mistake of {} does not compile:\n{}",
                step.id,
                first.map_or("", |error| error.rendered.as_str())
            ))
        })?;
        (0..members.len())
            .map(|choice| {
                observe::run(
                    self.kit,
                    &Order {
                        program: &program,
                        source: &self.course.solution_file(step),
                        choice: Some(choice),
                        seed,
                        time: observe::DEFAULT_TIME,
                        apart: None,
                    },
                )
            })
            .collect()
    }
}

/// Whether a verdict is one that a known mistake may explain.
#[must_use]
pub fn is_worth_a_diagnosis(verdict: &Verdict) -> bool {
    use crate::judge::Fault;
    match verdict {
        Verdict::Failed { fault, .. } => !matches!(
            fault,
            Fault::NotStarted { .. }
                | Fault::StoppedEarly(_)
                | Fault::TooManyThreads
                | Fault::OutOfMemory { .. }
        ),
        _ => false,
    }
}

fn named(mistake: &Mistake) -> Named {
    Named {
        id: mistake.id.clone(),
        what: mistake.what.clone(),
        pointer: mistake.pointer.clone(),
    }
}
