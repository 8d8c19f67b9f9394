//! What the course's own solutions show.

use std::path::PathBuf;
use std::time::Duration;

use observation::Observations;

use super::{Earlier, Pipeline, compile_verdict};
use crate::course::Step;
use crate::engine::compile::{Below, Check, CompileFailure, Compiled, Library, Reuse, Source};
use crate::engine::judge::Verdict;
use crate::engine::observe::{self, Run, RunRequest, Seed};
use crate::engine::sandbox::workplace::DEFAULT_TIME;
use crate::error::{Error, Result};
use crate::parallel::in_parallel;

impl Pipeline<'_> {
    /// What the reference shows for `step`. It has `time` to do so, and never less than a step has
    /// by default.
    ///
    /// # Errors
    ///
    /// If the course's own files are not sound.
    pub fn reference(&self, step: &Step, seed: Seed, time: Duration) -> Result<Observations> {
        let check = self.check(step)?;
        let run = self.run_reference(step, &check, seed, time)?;
        match run.flaw() {
            None => Ok(run.observations),
            Some(flaw) => Err(Error::Course {
                path: check.path,
                at: None,
                message: format!(
                    "the solution of {} does not run through it: {flaw}",
                    step.id
                ),
            }),
        }
    }

    /// Runs the solution of `step` with the observation program `check`.
    ///
    /// # Errors
    ///
    /// If the course's own files are not sound.
    pub fn run_reference(
        &self,
        step: &Step,
        check: &Check,
        seed: Seed,
        time: Duration,
    ) -> Result<Run> {
        let request = RunRequest {
            step,
            program: &self.compile_reference(step, check)?,
            source: &self.course.solution_file(step),
            choice: None,
            seed,
        };
        self.run(&request, &self.workplace(time.max(DEFAULT_TIME)))
    }

    /// The observation program of the reference.
    ///
    /// # Errors
    ///
    /// If the course's own files are not sound.
    pub fn reference_program(&self, step: &Step) -> Result<PathBuf> {
        self.compile_reference(step, &self.check(step)?)
    }

    /// The solution of `step` with the observation program `check`.
    ///
    /// # Errors
    ///
    /// If they do not compile.
    pub fn compile_reference(&self, step: &Step, check: &Check) -> Result<PathBuf> {
        self.try_reference(step, check)?
            .map_err(|failure| unsound(&step.id, &compile_verdict(failure, Vec::new())))
    }

    /// The same, where the program `check` may be what does not compile.
    ///
    /// # Errors
    ///
    /// If an earlier step does not compile, or the machine cannot do it.
    pub fn try_reference(
        &self,
        step: &Step,
        check: &Check,
    ) -> Result<std::result::Result<PathBuf, CompileFailure>> {
        Ok(self.reference_with(step, check)?.product)
    }

    /// The same, with all that rustc and its product tell.
    pub(super) fn reference_with(&self, step: &Step, check: &Check) -> Result<Compiled<PathBuf>> {
        let source = self.reference_source(step)?;
        let libraries = self.reference_libraries_for(step, &source.text)?;
        let below = Below::Libraries(&libraries);
        let workplace = self.workplace(DEFAULT_TIME);
        self.compiler
            .program(&source, check, below, &workplace, Reuse::Nothing)
    }

    /// What the solution of `step` shows this time, whatever is known of other times.
    ///
    /// # Errors
    ///
    /// If the course's own files are not sound.
    pub fn observe_again(&self, step: &Step, seed: Seed) -> Result<Run> {
        let request = RunRequest {
            step,
            program: &self.reference_program(step)?,
            source: &self.course.solution_file(step),
            choice: None,
            seed,
        };
        observe::run(self.kit(), &request, &self.workplace(DEFAULT_TIME))
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
            self.reference(step, seed, DEFAULT_TIME).map(drop)
        });
        self.tidy_up();
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
        let workplace = self.workplace(DEFAULT_TIME);
        let base = self.base(step, text, &Earlier::Reference, &workplace)?;
        base.libraries.map_err(|verdict| match verdict {
            Verdict::EarlierStep { step, verdict } => unsound(&step, &verdict),
            verdict => unsound(&step.id, &verdict),
        })
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
