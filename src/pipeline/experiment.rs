//! Runs an experiment of a lesson on a step.

use super::{Earlier, Judgement, Pipeline, Request};
use crate::compile::{Check, Source};
use crate::course::Step;
use crate::error::Result;
use crate::experiments::Experiment;
use crate::judge::Verdict;
use crate::observe::{DEFAULT_TIME, Order, RunEnding, Seed};
use crate::source::read_source;

/// What came of an experiment.
#[derive(Debug)]
pub enum Experimented {
    /// What it printed.
    Printed(String),
    /// The step did not get through it: what is wrong with it.
    NotRun(Box<Judgement>),
}

impl Pipeline<'_> {
    /// Runs `experiment` on the learner's step, or on the reference's.
    ///
    /// # Errors
    ///
    /// If the machine or the course keeps it from being run; never because of the source.
    pub fn experiment(
        &self,
        step: &Step,
        experiment: &Experiment,
        solution: bool,
    ) -> Result<Experimented> {
        let path = if solution {
            self.course.solution_file(step)
        } else {
            self.course.step_file(step)
        };
        let request = Request {
            step,
            file: Some(path.clone()),
            seed: Seed::default(),
            time: DEFAULT_TIME,
            earlier: Earlier::Reference,
        };
        let Ok(text) = read_source(&path) else {
            return Ok(Experimented::NotRun(Box::new(self.judge(&request)?)));
        };
        let source = Source { step, path, text };
        let check = Check {
            path: experiment.path.clone(),
            text: experiment.text.clone(),
        };
        let built = self.build(&source, &check, &Earlier::Reference)?;
        if let Ok(Ok(program)) = built.map(|built| built.compiled.product) {
            let run = self.run(&Order {
                program: &program,
                source: &source.path,
                choice: None,
                seed: Seed::default(),
                time: DEFAULT_TIME,
                apart: None,
            })?;
            let panicked = run
                .observations
                .groups
                .iter()
                .any(|group| !group.panics.is_empty());
            if run.ending == RunEnding::Finished && !panicked {
                return Ok(Experimented::Printed(run.stdout.text));
            }
        }
        let judgement = self.judge(&request)?;
        Ok(match judgement.verdict {
            // The step is as the check wants it, and yet it does not get through: print what
            // there is to see.
            Verdict::Passed => Experimented::Printed("it did not get to its end".into()),
            _ => Experimented::NotRun(Box::new(judgement)),
        })
    }
}
