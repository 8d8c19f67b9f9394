//! What is judged, and what came of it.

use std::path::PathBuf;
use std::time::Duration;

use observation::Observations;

use super::{Base, Diagnosis};
use crate::course::Step;
use crate::engine::compile::{Diagnostic, Source};
use crate::engine::judge::{self, Fault, JudgedGroup, Outcome, Verdict};
use crate::engine::observe::{Run, Seed};
use crate::engine::sandbox::Printed;

/// Whose earlier steps a step is compiled against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    /// The reference's, so that an old bug does not leak into a new step.
    Reference,
    /// The learner's own.
    Mine,
    /// The learner's own of these steps, by id; the reference's otherwise.
    Own(Vec<String>),
}

impl Earlier {
    pub(super) fn is_mine(&self, step: &Step) -> bool {
        match self {
            Self::Reference => false,
            Self::Mine => true,
            Self::Own(ids) => ids.contains(&step.id),
        }
    }
}

/// What is to be judged, and how.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The step.
    pub step: &'a Step,
    /// Another file than the learner's own.
    pub file: Option<PathBuf>,
    /// Decides inputs and parameters.
    pub seed: Seed,
    /// How long it may run.
    pub time: Duration,
    /// What it stands on.
    pub earlier: Earlier,
}

/// A source to be judged, and all that the verdict depends on but the place where it is judged.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The source.
    pub source: Source<'a>,
    /// What it stands on.
    pub base: Base<'a>,
    /// Decides inputs and parameters.
    pub seed: Seed,
    /// What the reference shows with this seed, if that is known already.
    pub reference: Option<&'a Observations>,
}

impl Subject<'_> {
    /// The verdict on what it showed, and on each group.
    pub(super) fn verdict(
        &self,
        run: &Run,
        reference: &Observations,
    ) -> (Verdict, Vec<JudgedGroup>) {
        let path = self.source.path.clone();
        let own: Vec<PathBuf> = self.base.own_files().chain([path]).collect();
        judge::judge(run, reference, &own)
    }
}

/// A verdict and what belongs to it.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The step.
    pub step: Step,
    /// The file that was judged.
    pub file: PathBuf,
    /// What it stood on.
    pub earlier: Earlier,
    /// The verdict.
    pub verdict: Verdict,
    /// What became of each group of observations, as far as it came to observing.
    pub groups: Vec<JudgedGroup>,
    /// The known mistakes that explain what is wrong, if any do.
    pub diagnosis: Vec<Diagnosis>,
    /// Whether the same file passes on the reference's earlier steps: then what is wrong comes of
    /// one of the learner's own.
    pub right_on_reference: bool,
    /// Why no diagnosis could be tried: a flaw of the course, which does not touch the verdict.
    pub diagnosis_error: Option<String>,
    /// What it calls of the guarded although the step is not allowed to, as paths.
    pub forbidden: Vec<String>,
    /// rustc's warnings about the file.
    pub warnings: Vec<Diagnostic>,
    /// What the step printed.
    pub stdout: Printed,
    /// What the step printed to standard error.
    pub stderr: Printed,
    /// The largest resident memory of its run, in bytes.
    pub peak_memory: u64,
}

impl Judgement {
    /// Of a step that nothing could be observed of.
    #[must_use]
    pub fn unobserved(step: &Step, file: PathBuf, earlier: Earlier, verdict: Verdict) -> Self {
        Self {
            step: step.clone(),
            file,
            earlier,
            verdict,
            groups: Vec::new(),
            diagnosis: Vec::new(),
            right_on_reference: false,
            diagnosis_error: None,
            forbidden: Vec::new(),
            warnings: Vec::new(),
            stdout: Printed::default(),
            stderr: Printed::default(),
            peak_memory: 0,
        }
    }

    /// Whether rustc or the step was stopped because its time was up.
    #[must_use]
    pub fn ran_out_of_time(&self) -> bool {
        let is_over =
            |group: &JudgedGroup| matches!(group.outcome, Outcome::Failed(Fault::TimedOut { .. }));
        match &self.verdict {
            Verdict::DoesNotCompile { timed_out, .. } => *timed_out,
            Verdict::Failed { fault, .. } => {
                matches!(fault, Fault::TimedOut { .. }) || self.groups.iter().any(is_over)
            }
            _ => false,
        }
    }

    /// Of a subject that nothing could be observed of.
    pub(super) fn of(subject: &Subject<'_>, verdict: Verdict) -> Self {
        let Source { step, path, .. } = &subject.source;
        Self::unobserved(step, path.clone(), subject.base.whose.clone(), verdict)
    }
}
