//! Which earlier step is to blame when a step fails on the learner's own ones, and where in the
//! step the numbers first go astray.

use observation::Observations;

use super::{Earlier, Judgement, Pipeline, Request};
use crate::compile::{Check, Source};
use crate::course::Step;
use crate::error::Result;
use crate::judge::{Departure, Verdict, depart};
use crate::observe::{DEFAULT_TIME, Order, Seed};
use crate::parallel::in_parallel;
use crate::source::read_source;

/// What was found out.
#[derive(Debug)]
pub struct Trace {
    /// The step on the reference's earlier steps.
    pub on_reference: Judgement,
    /// The step on the learner's own earlier steps.
    pub on_mine: Judgement,
    /// Each earlier step of the learner's, by itself among the reference's.
    pub blames: Vec<Blame>,
    /// The intermediate results in the order in which they arise; empty if the step records none,
    /// or if it does not compile.
    pub walk: Vec<Departure>,
}

/// What becomes of a step when one earlier step is the learner's own.
#[derive(Debug)]
pub struct Blame {
    /// The earlier step.
    pub step: Step,
    /// The verdict on the later one.
    pub verdict: Verdict,
}

impl Pipeline<'_> {
    /// Traces `step` on the learner's own earlier steps.
    ///
    /// # Errors
    ///
    /// If the machine or the course keeps it from being traced; never because of the sources.
    pub fn trace(&self, step: &Step, seed: Seed) -> Result<Trace> {
        let judge = |earlier: Earlier| {
            self.judge(&Request {
                step,
                file: None,
                seed,
                time: DEFAULT_TIME,
                earlier,
            })
        };
        let on_reference = judge(Earlier::Reference)?;
        let on_mine = judge(Earlier::Mine)?;
        let needs: Vec<&Step> = self.course.needs(step).collect();
        let is_astray =
            on_reference.verdict == Verdict::Passed && on_mine.verdict != Verdict::Passed;
        let blames = if is_astray {
            in_parallel(&needs, |need| {
                let judgement = judge(Earlier::Swapped(need.id.clone()))?;
                Ok(Blame {
                    step: (*need).clone(),
                    verdict: judgement.verdict,
                })
            })
            .into_iter()
            .collect::<Result<_>>()?
        } else {
            Vec::new()
        };
        Ok(Trace {
            walk: self.walk(step, seed)?,
            on_reference,
            on_mine,
            blames,
        })
    }

    /// Records the step's intermediate results, its own and the reference's, and compares them.
    fn walk(&self, step: &Step, seed: Seed) -> Result<Vec<Departure>> {
        let path = self.course.trace_file(step);
        if !path.is_file() {
            return Ok(Vec::new());
        }
        let text = self.course.read("trace", step, &path)?;
        let check = Check { path, text };
        let expected = self.intermediates(step, seed, &check, &Earlier::Reference)?;
        let got = self.intermediates(step, seed, &check, &Earlier::Mine)?;
        Ok(match (expected, got) {
            (Some(expected), Some(got)) => depart(&got, &expected),
            _ => Vec::new(),
        })
    }

    /// What the trace program records; nothing if the learner's sources do not compile.
    fn intermediates(
        &self,
        step: &Step,
        seed: Seed,
        check: &Check,
        whose: &Earlier,
    ) -> Result<Option<Observations>> {
        let path = match whose {
            Earlier::Mine => self.course.step_file(step),
            _ => self.course.solution_file(step),
        };
        let Ok(text) = read_source(&path) else {
            return Ok(None);
        };
        let source = Source { step, path, text };
        let built = self.build(&source, check, whose)?;
        let Ok(Ok(program)) = built.map(|built| built.compiled.product) else {
            return Ok(None);
        };
        let run = self.run(&Order {
            program: &program,
            source: &source.path,
            choice: None,
            seed,
            time: DEFAULT_TIME,
            apart: None,
        })?;
        Ok(Some(run.observations))
    }
}
