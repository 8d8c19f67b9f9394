//! `tutor course check`: everything that makes a course sound.
//!
//! What a step's check sees is found out as for a learner: every wrong program is compiled, run and
//! judged, and so is every right one. Programs are the course's own, and trusted.

mod files;
mod lesson;
mod programs;
mod reference;
mod right;
mod seeds;
mod wrong;

use std::sync::atomic::{AtomicUsize, Ordering};

use super::flaw::{Flaw, Flaws};
use crate::course::Step;
use crate::engine::pipeline::Pipeline;
use crate::error::Result;
use crate::parallel::in_parallel;

/// How closely a course is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    /// Seeds with which every wrong program is caught; the first is the default one.
    pub wrong: u64,
    /// Seeds with which every variant passes.
    pub right: u64,
    /// One in so many shortcuts and near misses is tried.
    pub one_in: usize,
}

impl Depth {
    /// What a course is held to.
    pub const FULL: Self = Self {
        wrong: 20,
        right: 50,
        one_in: 1,
    };

    /// What takes a minute.
    pub const QUICK: Self = Self {
        wrong: 2,
        right: 3,
        one_in: 4,
    };

    /// With at most `seeds` seeds where there are many.
    #[must_use]
    pub fn with_seeds(self, seeds: u64) -> Self {
        Self {
            wrong: self.wrong.min(seeds),
            right: self.right.min(seeds),
            ..self
        }
    }
}

/// What is looked at, the parts that take longest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aspect {
    Wrong,
    Right,
    Experiments,
    Lesson,
}

/// All of it.
const ASPECTS: [Aspect; 4] = [
    Aspect::Wrong,
    Aspect::Right,
    Aspect::Experiments,
    Aspect::Lesson,
];

/// One step of a course to look at, with all that looking takes.
#[derive(Clone, Copy)]
struct Case<'a> {
    pipeline: &'a Pipeline<'a>,
    step: &'a Step,
    depth: Depth,
}

impl<'a> Case<'a> {
    fn flaws(&self) -> Flaws<'a> {
        Flaws::of(self.pipeline.course(), self.step)
    }

    fn look(&self, aspect: Aspect) -> Result<Vec<Flaw>> {
        match aspect {
            Aspect::Wrong => wrong::flaws(self),
            Aspect::Right => right::flaws(self),
            Aspect::Experiments => lesson::experiments::flaws(self),
            Aspect::Lesson => lesson::flaws(self),
        }
    }
}

/// The flaws of `steps`, step by step and file by file. `tell` hears how many of how many parts of
/// the work are done, and of which step the last one was; it is called from several threads.
///
/// # Errors
///
/// If the machine cannot do it; never because of the course.
pub fn check(
    pipeline: &Pipeline<'_>,
    steps: &[&Step],
    depth: Depth,
    tell: &(dyn Fn(usize, usize, &str) + Sync),
) -> Result<Vec<Flaw>> {
    let total = steps.len() * (1 + ASPECTS.len());
    let done = AtomicUsize::new(0);
    let finished = |parts: usize, case: &Case<'_>| {
        let done = done.fetch_add(parts, Ordering::Relaxed) + parts;
        tell(done, total, &case.step.id);
    };
    let cases: Vec<Case<'_>> = (steps.iter())
        .map(|&step| Case {
            pipeline,
            step,
            depth,
        })
        .collect();

    let mut all = Vec::new();
    let begun = in_parallel(&cases, |case| {
        let mut found = files::flaws(case)?;
        let (is_sound, more) = reference::flaws(case)?;
        found.extend(more);
        finished(1, case);
        Ok((is_sound, found))
    });
    // Nothing can be said of what stands on a solution that does not work.
    let mut tasks = Vec::new();
    for (case, begun) in cases.iter().zip(begun) {
        let (is_sound, found) = begun?;
        all.extend(found);
        match is_sound {
            true => tasks.extend(ASPECTS.map(|aspect| (case, aspect))),
            false => finished(ASPECTS.len(), case),
        }
    }
    let looked = in_parallel(&tasks, |(case, aspect)| {
        let found = case.look(*aspect);
        finished(1, case);
        found
    });
    for found in looked {
        all.extend(found?);
    }
    let position = |flaw: &Flaw| steps.iter().position(|step| step.id == flaw.step);
    all.sort_by(|a, b| (position(a), a).cmp(&(position(b), b)));
    all.dedup();
    Ok(all)
}
