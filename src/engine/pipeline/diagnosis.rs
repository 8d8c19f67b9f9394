//! Which known mistake is it? Compiles and runs them, when needed and once.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use observation::Observations;
use serde::{Deserialize, Serialize};

use super::Pipeline;
use crate::course::Step;
use crate::course::mistakes::{self, Mistake};
use crate::engine::judge::diagnose::Suspects;
use crate::engine::judge::{Fault, JudgedGroup, Outcome};
use crate::engine::observe::{Run, Seed};
use crate::error::{Error, Result};

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

/// The known mistakes of a step, and what each of them shows with one seed.
pub struct Known {
    /// As they are written down.
    pub mistakes: Vec<Mistake>,
    /// In the same order.
    pub runs: Vec<Run>,
}

impl Known {
    /// For each of `runs`, the ids of those that explain it where nothing is tried out besides.
    #[must_use]
    pub fn named(&self, runs: &[&Observations], reference: &Observations) -> Vec<Vec<String>> {
        let suspects = self.suspects(reference);
        let named = |run: &&Observations| {
            let explanation = suspects.case(run).explain();
            let named = Diagnoses::new(&explanation, &self.mistakes).named;
            named.into_iter().map(|named| named.id).collect()
        };
        runs.iter().map(named).collect()
    }

    fn suspects<'s>(&'s self, reference: &'s Observations) -> Suspects<'s> {
        let shown: Vec<&Observations> = self.runs.iter().map(|run| &run.observations).collect();
        Suspects::new(reference, &shown)
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
        let known = self.known(step, seed, time)?;
        let mut found = self.diagnose_each(step, seed, &[run], reference, &known, time)?;
        Ok(found.pop().unwrap_or_default())
    }

    /// The known mistakes of a step, with what they show.
    fn known(&self, step: &Step, seed: Seed, time: Duration) -> Result<Known> {
        let mistakes = mistakes::read(self.course, step)?;
        let sources: Vec<&str> = mistakes.iter().map(|m| m.source.as_str()).collect();
        let runs = self.run_all(step, seed, &sources, time)?.into_iter();
        let runs = runs.zip(&mistakes).map(|(run, mistake)| {
            run.map_err(|error| {
                Error::Internal(format!(
                    "the known mistake `{}` of {} does not compile:\n{}",
                    mistake.id, step.id, error.rendered
                ))
            })
        });
        Ok(Known {
            runs: runs.collect::<Result<_>>()?,
            mistakes,
        })
    }

    /// The same for each of several runs; the pairs of mistakes that they ask for are compiled
    /// together.
    ///
    /// # Errors
    ///
    /// If the machine cannot run them.
    pub fn diagnose_each(
        &self,
        step: &Step,
        seed: Seed,
        runs: &[&Observations],
        reference: &Observations,
        known: &Known,
        time: Duration,
    ) -> Result<Vec<Diagnoses>> {
        let suspects = known.suspects(reference);
        let mut explanations = Vec::new();
        let mut open = Vec::new();
        for run in runs {
            let case = suspects.case(run);
            let explanation = case.explain();
            let mut groups = case.wrong_groups();
            groups.retain(|&group| explanation[group].is_empty());
            open.push((case.pairs_to_try(&groups), groups));
            explanations.push(explanation);
        }
        let wanted: BTreeSet<(usize, usize)> = open.iter().flat_map(|(p, _)| p).copied().collect();
        let pairs = self.run_pairs(step, seed, &known.mistakes, wanted, time)?;
        for ((run, explanation), (wanted, groups)) in runs.iter().zip(&mut explanations).zip(open) {
            let tried: Vec<(&(usize, usize), &Observations)> = (wanted.iter())
                .filter_map(|pair| Some((pair, &pairs.get(pair)?.observations)))
                .collect();
            let shown: Vec<&Observations> = tried.iter().map(|(_, shown)| *shown).collect();
            let found = Suspects::new(reference, &shown).case(run).explain();
            for group in groups {
                if let [one] = found[group][..] {
                    let (i, j) = *tried[one].0;
                    explanation[group] = vec![i, j];
                }
            }
        }
        let told = explanations.iter();
        Ok(told
            .map(|explanation| Diagnoses::new(explanation, &known.mistakes))
            .collect())
    }

    /// What pairs of mistakes show that are made at once. Two that are sound by themselves may not
    /// go together: then nothing is known of the pair.
    fn run_pairs(
        &self,
        step: &Step,
        seed: Seed,
        mistakes: &[Mistake],
        pairs: BTreeSet<(usize, usize)>,
        time: Duration,
    ) -> Result<HashMap<(usize, usize), Run>> {
        if pairs.is_empty() {
            return Ok(HashMap::new());
        }
        let solution = self.course.solution_file(step);
        let solution = self.course.read("solution", step, &solution)?;
        let (pairs, sources): (Vec<(usize, usize)>, Vec<String>) = pairs
            .into_iter()
            .filter_map(|(i, j)| Some(((i, j), mistakes[i].with(&mistakes[j], &solution)?)))
            .unzip();
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        // That costs a name, not a verdict.
        let runs = self.run_all(step, seed, &sources, time).unwrap_or_default();
        let shown = pairs.into_iter().zip(runs);
        Ok(shown
            .filter_map(|(pair, run)| Some((pair, run.ok()?)))
            .collect())
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
