//! All that is needed to judge steps apart: the sandbox, seeds, what the reference shows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use observation::Observations;

use super::scratch::Scratch;
use super::seed;
use crate::classroom::record::{GradedStep, Sandbox};
use crate::course::Step;
use crate::engine::compile::Library;
use crate::engine::judge::Verdict;
use crate::engine::kit::Kit;
use crate::engine::observe::Seed;
use crate::engine::pipeline::{Earlier, EarlierFault, Exam, Judgement, Pipeline};
use crate::engine::sandbox;
use crate::engine::sandbox::profiles::Profiles;
use crate::error::{Error, Result};
use crate::parallel::in_parallel;

/// A place to judge in.
pub struct Room<'a> {
    pub(super) pipeline: &'a Pipeline<'a>,
    pub(super) scratch: Scratch,
    pub(super) profiles: Option<Profiles>,
    /// How long a step may run.
    pub(super) time: Duration,
    pub(super) steps: Vec<Prepared<'a>>,
}

/// A step and what its reference shows.
pub(super) struct Prepared<'a> {
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
}

impl<'a> Room<'a> {
    /// Prepares to judge `steps`, and sees that their solutions pass.
    ///
    /// # Errors
    ///
    /// If this machine has no sandbox, or the course's own files are not sound.
    pub fn new(
        pipeline: &'a Pipeline<'a>,
        kit: &Kit,
        steps: &[&'a Step],
        terms: Terms,
    ) -> Result<Self> {
        let scratch = Scratch::new(&kit.store)?;
        if terms.sandbox {
            let possible = sandbox::probe(scratch.path())?;
            if !possible.is_empty() {
                return Err(Error::NoSandbox { possible });
            }
        }
        let mut prepared = Vec::new();
        for step in steps {
            let libraries = scratch.path().join(format!("libraries-{}", step.id));
            pipeline.gather(&pipeline.libraries_before(step)?, &libraries)?;
            prepared.push((*step, libraries));
        }
        let observed = in_parallel(&prepared, |(step, _)| {
            pipeline.reference(step, seed::for_step(terms.secret, &step.id))
        });
        let steps = prepared
            .into_iter()
            .zip(observed)
            .map(|((step, libraries), reference)| {
                Ok(Prepared {
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
                Some(Profiles::find(kit, &program)?)
            }
            _ => None,
        };
        let room = Self {
            pipeline,
            scratch,
            profiles,
            time: terms.time,
            steps,
        };
        room.see_that_solutions_pass()?;
        Ok(room)
    }

    /// Whatever goes wrong from here on, a submission does.
    fn see_that_solutions_pass(&self) -> Result<()> {
        let judged = in_parallel(&self.steps, |prepared| {
            let text = self.pipeline.solution(prepared.step)?;
            self.judge(prepared, &text, &self.on_reference(prepared, &text)?)
        });
        for (prepared, judgement) in self.steps.iter().zip(judged) {
            let judgement = judgement?;
            if judgement.verdict != Verdict::Passed || !judgement.forbidden.is_empty() {
                let styled = crate::report::human::judgement(&judgement, "", None);
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
    pub(super) fn on_reference<'p>(
        &self,
        prepared: &'p Prepared<'_>,
        text: &str,
    ) -> Result<Ground<'p>> {
        Ok(Ground {
            earlier: Ok((self.pipeline).reference_libraries_for(prepared.step, text)?),
            libraries: &prepared.libraries,
            own: BTreeMap::new(),
            whose: &Earlier::Reference,
        })
    }

    /// Judges one text.
    pub(super) fn judge(
        &self,
        prepared: &Prepared<'_>,
        text: &str,
        ground: &Ground<'_>,
    ) -> Result<Judgement> {
        let scratch = self.scratch.room()?;
        self.pipeline
            .judge_apart(&self.exam(prepared, text, ground, scratch.path()))
    }

    pub(super) fn exam<'e>(
        &'e self,
        prepared: &'e Prepared<'_>,
        text: &'e str,
        ground: &'e Ground<'_>,
        scratch: &'e Path,
    ) -> Exam<'e> {
        Exam {
            step: prepared.step,
            text,
            seed: prepared.seed,
            time: self.time,
            reference: &prepared.reference,
            earlier: ground.earlier.as_deref(),
            libraries: ground.libraries,
            own: &ground.own,
            whose: ground.whose,
            profiles: self.profiles.as_ref(),
            scratch,
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

/// The earlier steps that a step stands on.
pub(super) struct Ground<'a> {
    /// Those that it uses, or the one that is in the way.
    pub earlier: std::result::Result<Vec<Library>, EarlierFault>,
    /// The folder that they lie in.
    pub libraries: &'a Path,
    /// The sources of those that are the student's own, by position in the course.
    pub own: BTreeMap<usize, String>,
    pub whose: &'a Earlier,
}
