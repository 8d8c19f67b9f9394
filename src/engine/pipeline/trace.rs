//! Which earlier step is to blame when a step fails on the learner's own ones, and where in the
//! step the numbers first go astray.

mod sweep;

use std::time::Duration;

use observation::Observations;

pub use sweep::{Part, Role};

use super::{Base, Earlier, Halt, Judgement, OrHalt, Pipeline, Request, compile_verdict};
use crate::course::Step;
use crate::course::source::read_source;
use crate::engine::compile::{Check, Source};
use crate::engine::judge::{self, Departure, Verdict, depart};
use crate::engine::observe::{Run, RunRequest, Seed};
use crate::engine::sandbox::workplace::Workplace;
use crate::error::Result;
use crate::parallel::in_parallel;

/// What was found out.
#[derive(Debug)]
pub struct Trace {
    /// The step on the reference's earlier steps.
    pub on_reference: Judgement,
    /// The step on the learner's own earlier steps.
    pub on_mine: Judgement,
    /// What each of the learner's own earlier steps has to do with it, in the course's order; empty
    /// unless the step fails because of them.
    pub parts: Vec<Part>,
    /// If the step passes: the learner's own earlier steps that do not pass their own checks.
    pub unfinished: Vec<(Step, Verdict)>,
    /// What leads on from [`suspect`](Trace::suspect).
    pub next: Option<Next>,
    /// The intermediate results in the order in which they arise; empty if the step passes or
    /// records none, or if it does not compile.
    pub walk: Vec<Departure>,
}

/// What leads on from a step that is to blame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Its own check, which it does not pass.
    Run,
    /// Its own check on the learner's own earlier steps: without them it does not compile.
    RunMine,
    /// A look at the reference: its own check does not see what is wrong.
    Diff,
}

impl Pipeline<'_> {
    /// Traces `step` on the learner's own earlier steps.
    ///
    /// # Errors
    ///
    /// If the machine or the course keeps it from being traced; never because of the sources.
    pub fn trace(&self, step: &Step, seed: Seed, time: Duration) -> Result<Trace> {
        let judge = |earlier: Earlier| {
            self.judge(&Request {
                step,
                file: None,
                seed,
                time,
                earlier,
            })
        };
        let on_reference = judge(Earlier::Reference)?;
        let on_mine = judge(Earlier::Mine)?;
        let mut trace = Trace {
            parts: Vec::new(),
            unfinished: Vec::new(),
            next: None,
            walk: Vec::new(),
            on_reference,
            on_mine,
        };
        let alone = Alone {
            pipeline: self,
            seed,
            workplace: self.workplace(time),
        };
        if trace.on_mine.verdict == Verdict::Passed {
            trace.unfinished = alone.unfinished(step)?;
            return Ok(trace);
        }
        trace.walk = self.walk(step, seed, &alone.workplace)?;
        if trace.is_astray() {
            let steps = self.course.steps().iter();
            let earlier: Vec<&Step> = steps.take_while(|earlier| *earlier != step).collect();
            let verdict = |earlier: &Earlier| alone.verdict(step, earlier);
            trace.parts = sweep::sweep(&earlier, &trace.on_reference.verdict, verdict)?;
            let needs: Vec<&Step> = self.course.needs(step).collect();
            // Of steps that it does not stand on there is nothing to say.
            trace
                .parts
                .retain(|part| part.role != Role::Sound || needs.contains(&&part.step));
        }
        trace.next = match trace.suspect() {
            Some(part) => Some(alone.next(part)?),
            None => None,
        };
        Ok(trace)
    }

    /// Records the step's intermediate results, its own and the reference's, and compares them.
    fn walk(&self, step: &Step, seed: Seed, workplace: &Workplace<'_>) -> Result<Vec<Departure>> {
        let path = self.course.trace_file(step);
        if !path.is_file() {
            return Ok(Vec::new());
        }
        let text = self.course.read("trace", step, &path)?;
        let check = Check::new(path, &text)?;
        let recorded = |whose| match self.intermediates(step, seed, &check, whose, workplace) {
            Ok(recorded) => Ok(Some(recorded)),
            // The sources do not compile: there is nothing to walk along.
            Err(halt) => halt.verdict().map(|_| None),
        };
        let (expected, got) = (recorded(&Earlier::Reference)?, recorded(&Earlier::Mine)?);
        let (Some(expected), Some(got)) = (expected, got) else {
            return Ok(Vec::new());
        };
        // Group by group: one that ended early has fewer results, and the next starts anew.
        let alone = |group| Observations {
            groups: vec![group],
            ..Observations::default()
        };
        let mut found = got.groups.into_iter();
        let walk = expected.groups.into_iter().flat_map(|group| {
            let got = found.next().map(alone).unwrap_or_default();
            depart(&got, &alone(group))
        });
        Ok(walk.collect())
    }

    /// What the trace program records.
    fn intermediates(
        &self,
        step: &Step,
        seed: Seed,
        check: &Check,
        whose: &Earlier,
        workplace: &Workplace<'_>,
    ) -> OrHalt<Observations> {
        let path = match whose {
            Earlier::Mine => self.course.step_file(step),
            _ => self.course.solution_file(step),
        };
        let text = read_source(&path)?;
        let base = self.base(step, &text, whose, workplace)?;
        let source = Source { step, path, text };
        let run = self.shown(&source, check, &base, seed, workplace)?;
        Ok(run.observations)
    }

    /// What `source` shows of itself with `check`; no warnings, nothing forbidden.
    fn shown(
        &self,
        source: &Source<'_>,
        check: &Check,
        base: &Base<'_>,
        seed: Seed,
        workplace: &Workplace<'_>,
    ) -> OrHalt<Run> {
        let built = self.build(source, check, base, workplace)?;
        let product = built.product;
        let program = product.map_err(|failure| compile_verdict(failure, Vec::new()))?;
        let request = RunRequest {
            step: source.step,
            program: &program,
            source: &source.path,
            choice: None,
            seed,
        };
        Ok(self.run(&request, workplace)?)
    }
}

/// Verdicts, and nothing else: no diagnosis, no warnings.
struct Alone<'a> {
    pipeline: &'a Pipeline<'a>,
    seed: Seed,
    workplace: Workplace<'a>,
}

impl Alone<'_> {
    /// What leads on from a step that is to blame.
    fn next(&self, Part { step, role }: &Part) -> Result<Next> {
        let is_stuck = matches!(role, Role::Guilty(Verdict::EarlierStep { .. }));
        Ok(match self.verdict(step, &Earlier::Reference)? {
            Verdict::Passed if is_stuck => Next::RunMine,
            Verdict::Passed => Next::Diff,
            // It may stand on something of the learner's own.
            alone @ Verdict::DoesNotCompile { .. } => match self.verdict(step, &Earlier::Mine)? {
                Verdict::Passed => Next::Diff,
                on_mine if first_error(&on_mine) == first_error(&alone) => Next::Run,
                _ => Next::RunMine,
            },
            _ => Next::Run,
        })
    }

    /// The learner's own steps before `step` that do not pass their own checks.
    fn unfinished(&self, step: &Step) -> Result<Vec<(Step, Verdict)>> {
        let needs: Vec<&Step> = self.pipeline.course.needs(step).collect();
        let judged = in_parallel(&needs, |need| {
            let verdict = match self.verdict(need, &Earlier::Reference)? {
                Verdict::DoesNotCompile { .. } => self.verdict(need, &Earlier::Mine)?,
                verdict => verdict,
            };
            Ok(((*need).clone(), verdict))
        });
        let judged: Vec<_> = judged.into_iter().collect::<Result<_>>()?;
        let is_unfinished = |(_, verdict): &(Step, Verdict)| *verdict != Verdict::Passed;
        Ok(judged.into_iter().filter(is_unfinished).collect())
    }

    /// The verdict on the learner's `step`.
    fn verdict(&self, step: &Step, earlier: &Earlier) -> Result<Verdict> {
        self.judged(step, earlier).or_else(Halt::verdict)
    }

    fn judged(&self, step: &Step, earlier: &Earlier) -> OrHalt<Verdict> {
        let Self {
            pipeline,
            seed,
            workplace,
        } = self;
        let path = pipeline.course.step_file(step);
        let text = read_source(&path)?;
        let base = pipeline.base(step, &text, earlier, workplace)?;
        let source = Source { step, path, text };
        let check = pipeline.check(step)?;
        let run = pipeline.shown(&source, &check, &base, *seed, workplace)?;
        let reference = pipeline.reference(step, *seed, workplace.time)?;
        Ok(judge::judge(&run, &reference, &[source.path]).0)
    }
}

/// rustc's first error, for what does not compile.
fn first_error(verdict: &Verdict) -> Option<&str> {
    match verdict {
        Verdict::DoesNotCompile { errors, .. } => errors.first().map(|e| e.message.as_str()),
        _ => None,
    }
}

impl Trace {
    /// Whether the step fails because of what it stands on.
    #[must_use]
    pub fn is_astray(&self) -> bool {
        let does_not_compile =
            |verdict: &Verdict| matches!(verdict, Verdict::DoesNotCompile { .. });
        match (&self.on_reference.verdict, &self.on_mine.verdict) {
            (_, Verdict::Passed) => false,
            (Verdict::Passed, _) => true,
            // It uses something of the learner's own that the reference has not.
            (reference, mine) => does_not_compile(reference) && !does_not_compile(mine),
        }
    }

    /// The steps that are to blame.
    pub fn guilty(&self) -> impl Iterator<Item = &Part> {
        (self.parts.iter()).filter(|part| matches!(part.role, Role::Guilty(_)))
    }

    /// Where to look first: at the first step that is to blame, or may be.
    #[must_use]
    pub fn suspect(&self) -> Option<&Part> {
        (self.parts.iter()).find(|part| {
            matches!(
                part.role,
                Role::Guilty(_) | Role::DoesNotFit | Role::Entangled(_)
            )
        })
    }
}
