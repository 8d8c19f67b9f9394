//! What the course's own solutions show.

use std::path::PathBuf;

use observation::Observations;

use super::{Pipeline, compile_verdict};
use crate::course::Step;
use crate::engine::compile::{Library, Source};
use crate::engine::judge::Verdict;
use crate::engine::observe::{self, RunRequest, Seed};
use crate::error::{Error, Result};
use crate::parallel::in_parallel;

impl Pipeline<'_> {
    /// What the reference shows for `step`.
    ///
    /// # Errors
    ///
    /// If the course's own files are not sound.
    pub fn reference(&self, step: &Step, seed: Seed) -> Result<Observations> {
        let program = self.reference_program(step)?;
        let run = self.run(&RunRequest {
            program: &program,
            source: &self.course.solution_file(step),
            choice: None,
            seed,
            time: observe::DEFAULT_TIME,
            apart: None,
        })?;
        let flaw = run
            .observations
            .groups
            .iter()
            .find(|group| !group.panics.is_empty());
        if run.ending != observe::RunEnding::Finished || flaw.is_some() {
            return Err(Error::Internal(format!(
                "the solution of {} does not run through its own check: {:?}, {:?}",
                step.id, run.ending, flaw
            )));
        }
        Ok(run.observations)
    }

    /// The observation program of the reference.
    ///
    /// # Errors
    ///
    /// If the course's own files are not sound.
    pub fn reference_program(&self, step: &Step) -> Result<PathBuf> {
        let source = self.reference_source(step)?;
        let libraries = self.reference_libraries_for(step, &source.text)?;
        let compiled = self
            .compiler
            .program(&source, &self.check(step)?, &libraries)?;
        compiled
            .product
            .map_err(|failure| unsound(&step.id, &compile_verdict(failure, Vec::new())))
    }

    /// The reference's own source.
    pub(super) fn reference_source<'s>(&self, step: &'s Step) -> Result<Source<'s>> {
        let path = self.course.solution_file(step);
        let text = self.course.read("solution", step, &path)?;
        Ok(Source { step, path, text })
    }

    /// Compiles all that judging needs besides the learner's own code.
    ///
    /// # Errors
    ///
    /// If the course's own files are not sound, or the machine cannot do it.
    pub fn prepare(&self, seed: Seed) -> Result<()> {
        // First the libraries, in order, since each needs those before it.
        for step in self.course.steps() {
            self.reference_libraries(step)?;
        }
        let observed = in_parallel(self.course.steps(), |step| {
            self.reference(step, seed).map(drop)
        });
        self.store.prune();
        observed.into_iter().collect()
    }

    /// All steps before `step`, compiled from the reference.
    ///
    /// # Errors
    ///
    /// If the course's own files are not sound.
    pub fn libraries_before(&self, step: &Step) -> Result<Vec<Library>> {
        let names: Vec<&str> = (self.course.before(step).iter())
            .map(|earlier| earlier.name.as_str())
            .collect();
        self.reference_libraries_for(step, &names.join(" "))
    }

    /// The steps that `step` needs, compiled from the reference.
    ///
    /// # Errors
    ///
    /// If the course's own files are not sound.
    pub fn reference_libraries(&self, step: &Step) -> Result<Vec<Library>> {
        self.reference_libraries_for(step, "")
    }

    /// The steps that `step` needs and those that `text`, a source of it, uses besides, compiled
    /// from the reference.
    ///
    /// # Errors
    ///
    /// If the course's own files are not sound.
    pub fn reference_libraries_for(&self, step: &Step, text: &str) -> Result<Vec<Library>> {
        self.libraries(step, text)?
            .map_err(|(id, verdict)| unsound(&id, &verdict))
    }
}

/// The course is at fault.
pub(super) fn unsound(step: &str, verdict: &Verdict) -> Error {
    let detail = match verdict {
        Verdict::DoesNotCompile { errors, .. } => errors
            .first()
            .map(|e| e.rendered.clone())
            .unwrap_or_default(),
        other => format!("{other:?}"),
    };
    Error::Internal(format!("the solution of {step} is not sound: {detail}"))
}
