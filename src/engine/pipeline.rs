//! compile, observe, judge: one step from its source to its verdict.

mod base;
mod complaints;
mod diagnosis;
mod experiment;
mod forbidden;
mod reference;
mod trace;
mod untrusted;

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use observation::Observations;

use base::Built;

pub use base::EarlierFault;
pub use diagnosis::Diagnosis;
pub use experiment::Experimented;
pub use trace::{Next, Part, Role, Trace};
pub use untrusted::Exam;

use crate::course::source::read_source;
use crate::course::{Course, Step};
use crate::engine::cache::Cache;
use crate::engine::compile::signatures;
use crate::engine::compile::unwritten;
use crate::engine::compile::{Check, CompileFailure, Compiler, Diagnostic, Source};
use crate::engine::judge::{self, JudgedGroup, Verdict};
use crate::engine::kit::Kit;
use crate::engine::observe::{self, Run, RunRequest, Seed};
use crate::engine::sandbox::Printed;
use crate::error::{Error, Result};
use crate::hash;

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
    fn is_mine(&self, step: &Step) -> bool {
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
    /// What it calls although the step forbids it, as paths.
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
    pub fn unobserved(step: &Step, verdict: Verdict) -> Self {
        let file = format!("{}.rs", step.name).into();
        Self {
            verdict,
            ..Self::new(step, file, Earlier::Reference)
        }
    }

    /// Of something that nothing is known of yet.
    fn new(step: &Step, file: PathBuf, earlier: Earlier) -> Self {
        Self {
            step: step.clone(),
            file,
            earlier,
            verdict: Verdict::Passed,
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
}

/// Judges the steps of a course.
pub struct Pipeline<'a> {
    course: &'a Course,
    kit: &'a Kit,
    store: &'a Cache,
    compiler: Compiler<'a>,
}

impl<'a> Pipeline<'a> {
    /// A pipeline for `course`.
    #[must_use]
    pub fn new(course: &'a Course, kit: &'a Kit, store: &'a Cache) -> Self {
        Self {
            course,
            kit,
            store,
            compiler: Compiler::new(kit, store),
        }
    }

    /// Judges one step.
    ///
    /// # Errors
    ///
    /// If the machine or the course keeps it from being judged; never because of the source.
    pub fn judge(&self, request: &Request<'_>) -> Result<Judgement> {
        let step = request.step;
        let file = match &request.file {
            Some(file) => file.clone(),
            None => self.course.step_file(step),
        };
        let mut judgement = Judgement::new(step, file.clone(), request.earlier.clone());
        let text = match read_source(&file) {
            Ok(text) => text,
            Err(why) => {
                judgement.verdict = Verdict::Unreadable(why);
                return Ok(judgement);
            }
        };
        let source = Source {
            step,
            path: file,
            text,
        };
        // The reference takes as long as the source does, if it is not known yet.
        let (reference, observed) = thread::scope(|scope| {
            let reference = scope.spawn(|| self.reference(step, request.seed));
            let observed = self.observe_source(&source, request, &mut judgement);
            (reference.join(), observed)
        });
        let reference =
            reference.map_err(|_| Error::Internal("judging the reference panicked".into()))??;
        let own = self.own(&source, request);
        let observed = observed?;
        let passed = (observed.as_ref())
            .is_some_and(|run| judge::judge(run, &reference, &own).0 == Verdict::Passed);
        judgement.right_on_reference =
            !passed && self.is_right_on_reference(&judgement, request)?;
        if let Some(run) = observed {
            self.conclude(&mut judgement, run, &reference, request.seed, &own)?;
        }
        Ok(judgement)
    }

    /// Whether a step that does not pass on the learner's own earlier steps does on the
    /// reference's.
    fn is_right_on_reference(&self, judgement: &Judgement, request: &Request<'_>) -> Result<bool> {
        // An earlier step that does not even compile was told already.
        let is_told = matches!(judgement.verdict, Verdict::EarlierStep { .. });
        if is_told || request.earlier == Earlier::Reference {
            return Ok(false);
        }
        let on_reference = self.judge(&Request {
            earlier: Earlier::Reference,
            ..request.clone()
        })?;
        Ok(on_reference.verdict == Verdict::Passed)
    }

    /// Says what `run` shows, and why.
    ///
    /// # Errors
    ///
    /// If the course's messages are not sound.
    fn conclude(
        &self,
        judgement: &mut Judgement,
        run: Run,
        reference: &Observations,
        seed: Seed,
        own: &[PathBuf],
    ) -> Result<()> {
        let (mut verdict, mut groups) = judge::judge(&run, reference, own);
        self.explain_panics(&mut verdict, &mut groups)?;
        // What an earlier step does wrong is none of this step's mistakes.
        if !judgement.right_on_reference && diagnosis::is_worth_a_diagnosis(&groups) {
            match self.diagnose(&judgement.step, seed, &run.observations, reference) {
                Ok(found) => {
                    judgement.diagnosis = found.named;
                    for (group, ids) in groups.iter_mut().zip(found.groups) {
                        group.diagnosis = ids;
                    }
                }
                Err(error) => judgement.diagnosis_error = Some(error.to_string()),
            }
        }
        judgement.verdict = verdict;
        judgement.groups = groups;
        judgement.stdout = run.stdout;
        judgement.stderr = run.stderr;
        judgement.peak_memory = run.peak_memory;
        Ok(())
    }

    /// The files that the learner wrote.
    fn own(&self, source: &Source<'_>, request: &Request<'_>) -> Vec<PathBuf> {
        let earlier = self.course.before(source.step);
        earlier
            .iter()
            .filter(|need| request.earlier.is_mine(need))
            .map(|need| self.course.step_file(need))
            .chain([source.path.clone()])
            .collect()
    }

    /// Compiles and runs the source. If that cannot be, the verdict says why.
    fn observe_source(
        &self,
        source: &Source<'_>,
        request: &Request<'_>,
        judgement: &mut Judgement,
    ) -> Result<Option<Run>> {
        let check = self.check(source.step)?;
        let Built { compiled, ground } = match self.build(source, &check, &request.earlier)? {
            Ok(built) => built,
            Err((step, verdict)) => {
                judgement.verdict = Verdict::EarlierStep {
                    step,
                    verdict: Box::new(verdict),
                };
                return Ok(None);
            }
        };
        let warnings = self.as_shown(source, compiled.warnings);
        judgement.warnings = unwritten::without(warnings, &source.text);
        match compiled.product {
            Ok(program) => {
                judgement.forbidden =
                    self.forbidden(source.step, &program, |reference, check| {
                        let compiled = self.compile_on(&ground, reference, check)?;
                        Ok(compiled.product.ok())
                    })?;
                self.run(&RunRequest {
                    program: &program,
                    source: &source.path,
                    choice: None,
                    seed: request.seed,
                    time: request.time,
                    apart: None,
                })
                .map(Some)
            }
            Err(failure) => {
                judgement.verdict = self.not_compiled(source, failure)?;
                Ok(None)
            }
        }
    }

    fn check(&self, step: &Step) -> Result<Check> {
        let path = self.course.check_file(step);
        let text = self.course.read("check", step, &path)?;
        Ok(Check { path, text })
    }

    /// Runs a program, unless it is known what that shows.
    fn run(&self, order: &RunRequest<'_>) -> Result<Run> {
        let name = hash::of(&[
            order.program.as_os_str().as_encoded_bytes(),
            &order.seed.0.to_le_bytes(),
            &order.time.as_millis().to_le_bytes(),
        ]);
        let name = format!("{name}.run");
        if let Some(run) = self.store.result(&name) {
            return Ok(run);
        }
        let run = observe::run(self.kit, order)?;
        if run.is_repeatable() {
            self.store.keep(&name, &run)?;
        }
        Ok(run)
    }
}

fn compile_verdict(failure: CompileFailure, signatures: Vec<signatures::Signature>) -> Verdict {
    let (own, others): (Vec<_>, Vec<_>) = failure.errors.into_iter().partition(|e| e.in_source);
    Verdict::DoesNotCompile {
        // What is wrong in the check follows from what is wrong in the step.
        errors: if own.is_empty() { others } else { own },
        signatures,
        timed_out: failure.timed_out,
    }
}
