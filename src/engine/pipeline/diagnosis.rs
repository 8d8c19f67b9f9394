//! Which known mistake is it? Compiles and runs them, when needed and once.

use std::thread;
use std::time::Duration;

use observation::Observations;
use serde::{Deserialize, Serialize};

use super::Pipeline;
use crate::course::Step;
use crate::course::mistakes::{self, Mistake};
use crate::engine::compile::Library;
use crate::engine::judge::diagnose::Suspects;
use crate::engine::judge::{Fault, JudgedGroup, Outcome};
use crate::engine::observe::{self, Run, RunRequest, Seed};
use crate::error::{Error, Result};
use crate::hash;
use crate::parallel::in_parallel;

/// A known mistake that explains a verdict, alone or with others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Diagnosis {
    /// As in `unbiased-variance`.
    pub id: String,
    /// Continues "it looks like your code …".
    pub what: String,
    /// Points ahead without giving the answer.
    #[serde(rename = "pointer")]
    pub nudge: String,
}

/// The known mistakes behind a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnoses {
    /// Each of them once.
    pub named: Vec<Diagnosis>,
    /// For each group of observations, the ids of those that explain it.
    pub groups: Vec<Vec<String>>,
}

impl Diagnoses {
    fn new(explanation: &[Vec<usize>], mistakes: &[Mistake]) -> Self {
        let id = |i: &usize| mistakes[*i].id.clone();
        let ids = |those: &Vec<usize>| those.iter().map(id).collect();
        let mut named = Vec::new();
        for mistake in explanation.iter().flatten().map(|&i| &mistakes[i]) {
            let one = Diagnosis::from(mistake);
            if !named.contains(&one) {
                named.push(one);
            }
        }
        Self {
            named,
            groups: explanation.iter().map(ids).collect(),
        }
    }
}

impl Pipeline<'_> {
    /// The known mistakes that explain what is wrong with `run`, group by group: in each one of
    /// them, several at once, or none.
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
        time: Duration,
    ) -> Result<Diagnoses> {
        let mistakes = mistakes::read(self.course, step)?;
        if mistakes.is_empty() {
            return Ok(Diagnoses::default());
        }
        let sources: Vec<&str> = mistakes.iter().map(|m| m.source.as_str()).collect();
        let runs = self.run_all(step, seed, &sources, time)?;
        let suspects: Vec<&Observations> = runs.iter().map(|run| &run.observations).collect();
        let suspects = Suspects::new(reference, &suspects);
        let case = suspects.case(run);
        let mut explanation = case.explain();
        let mut open = case.wrong_groups();
        open.retain(|&group| explanation[group].is_empty());
        let pairs = case.pairs_to_try(&open);
        if !pairs.is_empty() {
            let tried = self.try_pairs(step, seed, run, reference, (&mistakes, &pairs), time)?;
            for group in open {
                if let Some((i, j)) = tried.get(group).copied().flatten() {
                    explanation[group] = vec![i, j];
                }
            }
        }
        Ok(Diagnoses::new(&explanation, &mistakes))
    }

    /// For each group, the pair of mistakes that, made at once, explains it.
    fn try_pairs(
        &self,
        step: &Step,
        seed: Seed,
        run: &Observations,
        reference: &Observations,
        (mistakes, pairs): (&[Mistake], &[(usize, usize)]),
        time: Duration,
    ) -> Result<Vec<Option<(usize, usize)>>> {
        let solution = self.course.solution_file(step);
        let solution = self.course.read("solution", step, &solution)?;
        let combined: Vec<((usize, usize), String)> = pairs
            .iter()
            .filter_map(|&(i, j)| {
                let both = mistakes[i].with(&mistakes[j], &solution)?;
                Some(((i, j), both))
            })
            .collect();
        let sources: Vec<&str> = combined.iter().map(|(_, text)| text.as_str()).collect();
        // Two mistakes that are sound by themselves may not compile together: then this pair, and
        // those that share its executable, cannot be told. That costs a name, not a verdict.
        let Ok(runs) = self.run_all(step, seed, &sources, time) else {
            return Ok(Vec::new());
        };
        let suspects: Vec<&Observations> = runs.iter().map(|run| &run.observations).collect();
        let explanation = Suspects::new(reference, &suspects).case(run).explain();
        let pair = |those: &Vec<usize>| match those.as_slice() {
            [one] => Some(combined[*one].0),
            _ => None,
        };
        Ok(explanation.iter().map(pair).collect())
    }

    /// What each of several implementations of a step shows, compiled together.
    ///
    /// # Errors
    ///
    /// If one of them does not compile, or the machine cannot run them.
    pub fn run_all(
        &self,
        step: &Step,
        seed: Seed,
        sources: &[&str],
        time: Duration,
    ) -> Result<Vec<Run>> {
        let check = self.check(step)?;
        let libraries = self.reference_libraries_for(step, &sources.join("\n"))?;
        let limits = self.workplace(time).program_limits(step).id();
        let assets = self.assets_id(step)?;
        let mut parts: Vec<&[u8]> = vec![self.kit().id.as_bytes(), step.name.as_bytes()];
        let seed_bytes = seed.0.to_le_bytes();
        parts.extend([
            check.text.as_bytes(),
            &seed_bytes,
            &limits,
            assets.as_bytes(),
        ]);
        parts.extend(libraries.iter().map(|library| library.id().as_bytes()));
        parts.extend(sources.iter().map(|source| source.as_bytes()));
        let name = format!("{}.batch", hash::of(&parts));
        if let Some(runs) = self.kept(&name)
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
            self.run_batch(step, seed, chunk, &libraries, time)
        })
        .into_iter()
        .collect::<Result<_>>()?;
        let runs: Vec<Run> = runs.into_iter().flatten().collect();
        self.keep(&name, &runs)?;
        Ok(runs)
    }

    fn run_batch(
        &self,
        step: &Step,
        seed: Seed,
        members: &[&str],
        libraries: &[Library],
        time: Duration,
    ) -> Result<Vec<Run>> {
        let check = self.check(step)?;
        let workplace = self.workplace(time);
        let compiled = self
            .compiler
            .batch(step, members, &check, libraries, &workplace)?;
        let program = compiled.product.map_err(|failure| {
            let first = failure.errors.first();
            Error::Internal(format!(
                "a known mistake of {} does not compile:\n{}",
                step.id,
                first.map_or("", |error| error.rendered.as_str())
            ))
        })?;
        let source = self.course.solution_file(step);
        let runs = (0..members.len()).map(|choice| {
            let request = RunRequest {
                step,
                program: &program,
                source: &source,
                choice: Some(choice),
                seed,
            };
            observe::run(self.kit(), &request, &workplace)
        });
        runs.collect()
    }
}

/// Whether something is wrong with one of the groups that a known mistake may explain.
#[must_use]
pub fn is_worth_a_diagnosis(groups: &[JudgedGroup]) -> bool {
    let is_worth = |fault: &Fault| {
        !matches!(
            fault,
            Fault::NotStarted { .. }
                | Fault::StoppedEarly(_)
                | Fault::TooManyThreads
                | Fault::OutOfMemory { .. }
        )
    };
    groups
        .iter()
        .any(|group| matches!(&group.outcome, Outcome::Failed(fault) if is_worth(fault)))
}

impl From<&Mistake> for Diagnosis {
    fn from(mistake: &Mistake) -> Self {
        Self {
            id: mistake.id.clone(),
            what: mistake.what.clone(),
            nudge: mistake.nudge.clone(),
        }
    }
}
