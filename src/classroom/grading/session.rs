//! All that is needed to judge steps apart: the sandbox, seeds, what the reference shows.

use std::path::{Path, PathBuf};
use std::time::Duration;

use observation::Observations;

use super::discretion::Discretion;
use super::hidden::HiddenChecks;
use super::scratch::Scratch;
use super::seed;
use super::turns::Turns;
use crate::classroom::record::{GradedStep, Sandbox};
use crate::course::Step;
use crate::engine::compile::{Source, gather};
use crate::engine::judge::Verdict;
use crate::engine::observe::Seed;
use crate::engine::pipeline::{Base, Earlier, Judgement, Pipeline, Subject, file_name};
use crate::engine::sandbox;
use crate::engine::sandbox::profiles::Profiles;
use crate::engine::sandbox::workplace::{Trust, Workplace};
use crate::error::{Error, Result};
use crate::parallel::in_parallel;
use crate::report::text::{self, AfterPass};

/// A place to judge in.
pub struct Session<'a> {
    pub(super) pipeline: &'a Pipeline<'a>,
    pub(super) scratch: Scratch,
    pub(super) profiles: Option<Profiles>,
    /// How long a step may run that asks for no more.
    pub(super) time: Duration,
    /// The folder of the course's assets.
    pub(super) assets: PathBuf,
    pub(super) steps: Vec<PreparedStep<'a>>,
    pub(super) turns: Turns,
    pub(super) discretion: Discretion,
    pub(super) hidden: Option<HiddenChecks<'a>>,
}

/// A step and what its reference shows.
pub(super) struct PreparedStep<'a> {
    pub step: &'a Step,
    pub seed: Seed,
    pub reference: Observations,
    /// A folder with nothing but the steps before it, from the reference.
    pub libraries: PathBuf,
}

/// What steps are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// The secret of the class.
    pub secret: u64,
    /// How long a step may run.
    pub time: Duration,
    /// Whether there is a sandbox.
    pub sandbox: bool,
    /// How many submissions are judged at a time.
    pub jobs: usize,
}

impl<'a> Session<'a> {
    /// Prepares to judge `steps`, and sees that their solutions pass.
    ///
    /// # Errors
    ///
    /// If this machine has no sandbox, or the course's own files are not sound.
    pub fn new(pipeline: &'a Pipeline<'a>, steps: &[&'a Step], terms: Terms) -> Result<Self> {
        let scratch = Scratch::new(&pipeline.kit().cache)?;
        if terms.sandbox {
            let possible = sandbox::probe(scratch.path())?;
            if !possible.is_empty() {
                return Err(Error::NoSandbox { possible });
            }
        }
        let mut prepared = Vec::new();
        for step in steps {
            let libraries = scratch.path().join(format!("libraries-{}", step.id));
            gather(&pipeline.libraries_before(step)?, &libraries)?;
            prepared.push((*step, libraries));
        }
        let observed = in_parallel(&prepared, |(step, _)| {
            pipeline.reference(step, seed::for_step(terms.secret, &step.id), terms.time)
        });
        let steps = prepared
            .into_iter()
            .zip(observed)
            .map(|((step, libraries), reference)| {
                Ok(PreparedStep {
                    step,
                    seed: seed::for_step(terms.secret, &step.id),
                    reference: reference?,
                    libraries,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let profiles = match steps.first() {
            Some(first) if terms.sandbox => {
                let program = pipeline.reference_program(first.step)?;
                Some(Profiles::find(pipeline.kit(), &program)?)
            }
            _ => None,
        };
        let root = pipeline.course().root();
        let discretion = Discretion::new(root, pipeline.kit(), scratch.path());
        let session = Self {
            pipeline,
            scratch,
            profiles,
            time: terms.time,
            assets: pipeline.course().assets_folder(),
            steps,
            turns: Turns::new(terms.jobs),
            discretion,
            hidden: None,
        };
        session.see_that_solutions_pass()?;
        Ok(session)
    }

    /// Whatever goes wrong from here on, a submission does.
    fn see_that_solutions_pass(&self) -> Result<()> {
        let judged = in_parallel(&self.steps, |prepared| {
            let course = self.pipeline.course();
            let file = course.solution_file(prepared.step);
            let text = course.read("solution", prepared.step, &file)?;
            let base = self.on_reference(prepared, &text)?;
            self.judge(prepared, &text, &base, &prepared.libraries)
        });
        for (prepared, judgement) in self.steps.iter().zip(judged) {
            let judgement = judgement?;
            if judgement.verdict != Verdict::Passed || !judgement.forbidden.is_empty() {
                let styled = text::judgement(&judgement, "", &AfterPass::default());
                let text = anstream::adapter::strip_str(&styled);
                let id = &prepared.step.id;
                return Err(match self.profiles {
                    Some(_) => Error::NoSandbox {
                        possible: vec![format!(
                            "inside, the solution of {id} does not pass\n{text}"
                        )],
                    },
                    None => Error::Internal(format!("the solution of {id} does not pass\n{text}")),
                });
            }
        }
        Ok(())
    }

    /// What `text`, a source of the step, stands on if it stands on the reference.
    pub(super) fn on_reference(&self, prepared: &PreparedStep<'_>, text: &str) -> Result<Base<'a>> {
        let libraries = (self.pipeline).reference_libraries_for(prepared.step, text)?;
        Ok(Base {
            whose: Earlier::Reference,
            libraries: Ok(libraries),
            sources: Vec::new(),
        })
    }

    /// Judges one text; what it stands on lies in the folder `libraries`. If its time was up, it is judged
    /// once more while nothing else is, and that counts.
    pub(super) fn judge(
        &self,
        prepared: &PreparedStep<'_>,
        text: &str,
        base: &Base<'a>,
        libraries: &Path,
    ) -> Result<Judgement> {
        self.turns.take(
            || self.judge_now(prepared, text, base.clone(), libraries),
            |judgement| judgement.as_ref().is_ok_and(Judgement::ran_out_of_time),
        )
    }

    fn judge_now(
        &self,
        prepared: &PreparedStep<'_>,
        text: &str,
        base: Base<'_>,
        libraries: &Path,
    ) -> Result<Judgement> {
        let scratch = self.scratch.dir()?;
        let subject = Subject {
            source: Source {
                step: prepared.step,
                path: file_name(prepared.step),
                text: text.to_owned(),
            },
            base,
            seed: prepared.seed,
            reference: Some(&prepared.reference),
        };
        let workplace = self.workplace(scratch.path(), libraries);
        self.pipeline.examine(&subject, &workplace)
    }

    /// Where a step is judged, with an empty folder `scratch` and a folder with nothing but the
    /// earlier steps' `libraries`.
    pub(super) fn workplace<'w>(&'w self, scratch: &'w Path, libraries: &'w Path) -> Workplace<'w> {
        Workplace {
            scratch,
            libraries,
            assets: &self.assets,
            time: self.time,
            trust: Trust::Untrusted,
            profiles: self.profiles.as_ref(),
        }
    }

    /// The graded steps as they are written down, each worth what `points` says.
    #[must_use]
    pub fn graded_steps(&self, points: impl Fn(&Step) -> u32) -> Vec<GradedStep> {
        self.steps
            .iter()
            .map(|prepared| GradedStep {
                id: prepared.step.id.clone(),
                name: prepared.step.name.clone(),
                title: prepared.step.title.clone(),
                points: points(prepared.step),
                seed: prepared.seed.0,
                groups: (prepared.reference.groups.iter())
                    .map(|group| group.name.clone())
                    .collect(),
                hidden: self.hidden_groups(prepared.step),
                weights: Vec::new(),
            })
            .collect()
    }

    /// What keeps submissions in.
    #[must_use]
    pub fn sandbox(&self) -> Sandbox {
        match self.profiles {
            Some(_) => Sandbox::Enforced,
            None => Sandbox::Off,
        }
    }
}
