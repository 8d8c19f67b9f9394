//! `tutor course check`: everything that makes a course sound.
//!
//! What a step's check sees is found out as for a learner: every wrong program is compiled, run and
//! judged, and so is every right one. Programs are the course's own, and trusted.

mod budget;
mod files;
mod lesson;
mod programs;
mod reference;
mod right;
mod seeds;
mod wrong;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

pub use budget::Cost;

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
    /// What becomes of the time that compiling takes.
    pub budget: Budget,
}

/// What becomes of the time that compiling takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Budget {
    /// It is not measured.
    Ignored,
    /// More than is allowed is a flaw.
    Held,
    /// The same, and it is told of each step.
    Told,
}

/// What was found out.
#[derive(Debug, Default)]
pub struct Found {
    /// What is not sound, step by step and file by file.
    pub flaws: Vec<Flaw>,
    /// What each step costs, as far as that was measured.
    pub costs: Vec<Cost>,
}

impl Depth {
    /// What a course is held to.
    pub const FULL: Self = Self {
        wrong: 20,
        right: 50,
        one_in: 1,
        budget: Budget::Held,
    };

    /// What takes a minute.
    pub const QUICK: Self = Self {
        wrong: 2,
        right: 3,
        one_in: 4,
        budget: Budget::Ignored,
    };

    /// With at most `seeds` seeds where there are many, and without a look at the clock.
    #[must_use]
    pub fn with_seeds(self, seeds: u64) -> Self {
        Self {
            wrong: self.wrong.min(seeds),
            right: self.right.min(seeds),
            budget: Budget::Ignored,
            ..self
        }
    }
}

/// What a program has: on a machine that does other things as well, a right one is no endless one.
const TIME: Duration = Duration::from_secs(20);

/// What is looked at, the parts that take longest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aspect {
    Wrong,
    Right,
    Experiments,
    Figures,
    Lesson,
}

/// All of it.
const ASPECTS: [Aspect; 5] = [
    Aspect::Wrong,
    Aspect::Right,
    Aspect::Experiments,
    Aspect::Figures,
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
            Aspect::Figures => lesson::figures::flaws(self),
            Aspect::Lesson => lesson::flaws(self),
        }
    }
}

/// Looks at `steps`. `tell` hears how many of how many parts of
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
) -> Result<Found> {
    let is_measured = depth.budget != Budget::Ignored;
    let total = steps.len() * (1 + ASPECTS.len() + usize::from(is_measured));
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

    let mut all = Found::default();
    let begun = in_parallel(&cases, |case| {
        let begun = (files::flaws(case), reference::flaws(case)?);
        finished(1, case);
        Ok(begun)
    });
    let begun = begun.into_iter().collect::<Result<Vec<_>>>()?;
    let unsound: Vec<&str> = (cases.iter().zip(&begun))
        .filter(|(_, (_, (is_sound, _)))| !is_sound)
        .map(|(case, _)| case.step.id.as_str())
        .collect();
    // Nothing can be said of what stands on a solution that does not work.
    let mut tasks = Vec::new();
    for (case, begun) in cases.iter().zip(begun) {
        let (of_files, (is_sound, found)) = begun;
        all.flaws.extend(of_files);
        // What an earlier step does wrong is told there.
        let mut needs = pipeline.course().needs(case.step);
        let stands = !needs.any(|earlier| unsound.contains(&earlier.id.as_str()));
        if stands {
            all.flaws.extend(found);
        }
        match is_sound && stands {
            true => tasks.extend(ASPECTS.map(|aspect| (case, aspect))),
            false => finished(ASPECTS.len() + usize::from(is_measured), case),
        }
    }
    let looked = in_parallel(&tasks, |(case, aspect)| {
        let found = case.look(*aspect);
        finished(1, case);
        found
    });
    for found in looked {
        all.flaws.extend(found?);
    }
    // One after the other: what runs beside it would be measured, too.
    let mut sound: Vec<&Case<'_>> = tasks.iter().map(|(case, _)| *case).collect();
    sound.dedup_by_key(|case| &case.step.id);
    for case in sound.into_iter().filter(|_| is_measured) {
        let (cost, flaws) = budget::look(case, depth.budget == Budget::Told)?;
        all.costs.extend(cost);
        all.flaws.extend(flaws);
        finished(1, case);
    }
    let position = |flaw: &Flaw| steps.iter().position(|step| step.id == flaw.step);
    (all.flaws).sort_by(|a, b| (position(a), a).cmp(&(position(b), b)));
    all.flaws.dedup();
    Ok(all)
}
