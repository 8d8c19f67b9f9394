//! compile, observe, judge: one step from its source to its verdict.

mod advice;
mod assets;
mod base;
mod batch;
mod complaints;
mod cost;
mod delegated;
mod diagnosis;
mod driver;
mod experiment;
mod halt;
mod reference;
mod subject;
mod trace;

use std::borrow::Cow;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use observation::Observations;

pub use advice::Advice;
pub use base::{Base, in_the_way};
pub use batch::Batch;
pub use diagnosis::{Diagnosis, Known};
pub use experiment::Experimented;
pub use halt::{Halt, OrHalt};
pub use subject::{Earlier, Judgement, Request, Subject};
pub use trace::{Next, Part, Role, Trace};

use crate::course::source::read_source;
use crate::course::{Course, Step};
use crate::engine::cache::{Cache, Kind};
use crate::engine::compile::signatures::Signature;
use crate::engine::compile::{Check, CompileFailure, Compiler, Diagnostic, Source, unwritten};
use crate::engine::judge::Verdict;
use crate::engine::kit::Kit;
use crate::engine::observe::{self, Run, RunRequest};
use crate::engine::sandbox::workplace::{Trust, Workplace};
use crate::error::{Error, Result};
use crate::hash;

/// What compiling and running a source came to.
struct Shown {
    warnings: Vec<Diagnostic>,
    forbidden: Vec<String>,
    /// What it showed, or the verdict on what never ran.
    run: std::result::Result<Run, Verdict>,
}

/// Judges the steps of a course.
pub struct Pipeline<'a> {
    course: &'a Course,
    compiler: Compiler,
    /// The folder of libraries in the cache.
    libraries: PathBuf,
    /// The folder of the course's assets.
    assets: PathBuf,
    /// Where the observation programs lie, if not in the course.
    checks: Option<PathBuf>,
}

impl<'a> Pipeline<'a> {
    /// A pipeline for `course`, with the cache of `kit`.
    ///
    /// # Errors
    ///
    /// If the cache cannot be made.
    pub fn open(course: &'a Course, kit: Kit) -> Result<Self> {
        let cache = Cache::open(&kit.cache)?;
        Ok(Self {
            course,
            assets: course.assets_folder(),
            libraries: cache.folder(Kind::Libraries),
            compiler: Compiler::new(kit, cache, course.kit().guarded.clone()),
            checks: None,
        })
    }

    /// The same with other observation programs: `sNN_name/check.rs` in `checks`. Nobody has written
    /// down which mistakes they see, so there is no diagnosis.
    ///
    /// # Errors
    ///
    /// If the cache cannot be made.
    pub fn with_checks(&self, checks: PathBuf) -> Result<Self> {
        let mut other = Self::open(self.course, self.kit().clone())?;
        other.checks = Some(checks);
        Ok(other)
    }

    /// The course whose steps are judged.
    #[must_use]
    pub fn course(&self) -> &'a Course {
        self.course
    }

    /// The kit that they are compiled against.
    #[must_use]
    pub fn kit(&self) -> &Kit {
        self.compiler.kit()
    }

    /// Removes from the cache what has not been used for long.
    pub fn tidy_up(&self) {
        self.compiler.cache().prune();
    }

    /// Where trusted code is compiled and run, for at most `time`.
    #[must_use]
    pub fn workplace(&self, time: Duration) -> Workplace<'_> {
        Workplace {
            scratch: &self.kit().cache,
            libraries: &self.libraries,
            assets: &self.assets,
            time,
            trust: Trust::Trusted,
            profiles: None,
        }
    }

    /// Judges a step of the learner's.
    ///
    /// # Errors
    ///
    /// If the machine or the course keeps it from being judged; never because of the source.
    pub fn judge(&self, request: &Request<'_>) -> Result<Judgement> {
        let step = request.step;
        let path = match &request.file {
            Some(file) => file.clone(),
            None => self.course.step_file(step),
        };
        let earlier = &request.earlier;
        let text = match read_source(&path) {
            Ok(text) => text,
            Err(why) => {
                let verdict = Verdict::Unreadable(why);
                let earlier = earlier.clone();
                return Ok(Judgement::unobserved(step, path, earlier, verdict));
            }
        };
        let workplace = self.workplace(request.time);
        let subject = Subject {
            base: self.base(step, &text, earlier, &workplace)?,
            source: Source { step, path, text },
            seed: request.seed,
            reference: None,
        };
        self.examine(&subject, &workplace)
    }

    /// Judges a source.
    ///
    /// # Errors
    ///
    /// If the machine or the course keeps it from being judged; never because of the source.
    pub fn examine(&self, subject: &Subject<'_>, workplace: &Workplace<'_>) -> Result<Judgement> {
        // The reference takes as long as the source does, if it is not known yet.
        let (reference, shown) = thread::scope(|scope| {
            let reference = scope.spawn(|| self.reference_of(subject, workplace.time));
            let shown = self.show(subject, workplace);
            (reference.join(), shown)
        });
        let reference =
            reference.map_err(|_| Error::Internal("judging the reference panicked".into()))??;
        let shown = match shown {
            Ok(shown) => shown,
            Err(halt) => Shown {
                warnings: Vec::new(),
                forbidden: Vec::new(),
                run: Err(halt.verdict()?),
            },
        };
        let is_right_on_reference =
            self.is_right_on_reference(subject, &shown.run, &reference, workplace)?;
        let mut judgement = match shown.run {
            Ok(run) => self.conclude(subject, run, &reference, is_right_on_reference, workplace)?,
            Err(verdict) => Judgement::of(subject, verdict),
        };
        judgement.right_on_reference = is_right_on_reference;
        judgement.warnings = shown.warnings;
        judgement.forbidden = shown.forbidden;
        Ok(judgement)
    }

    fn reference_of<'s>(
        &self,
        subject: &Subject<'s>,
        time: Duration,
    ) -> Result<Cow<'s, Observations>> {
        Ok(match subject.reference {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(self.reference(subject.source.step, subject.seed, time)?),
        })
    }

    /// Compiles and runs a source.
    fn show(&self, subject: &Subject<'_>, workplace: &Workplace<'_>) -> OrHalt<Shown> {
        let source = &subject.source;
        let check = self.check(source.step)?;
        let built = self.build(source, &check, &subject.base, workplace)?;
        let warnings = self.as_shown(&source.path, built.warnings);
        let warnings = unwritten::without(warnings, &source.text);
        let calls = built.calls.into_iter().next().unwrap_or_default();
        let program = match built.product {
            Ok(program) => program,
            Err(failure) => {
                return Ok(Shown {
                    warnings,
                    forbidden: Vec::new(),
                    run: Err(self.not_compiled(source, failure)?),
                });
            }
        };
        let forbidden = self.delegated(subject, (&program, &calls), workplace)?;
        let run = self.run(
            &RunRequest {
                step: source.step,
                program: &program,
                source: &source.path,
                choice: None,
                seed: subject.seed,
            },
            workplace,
        )?;
        Ok(Shown {
            warnings,
            forbidden,
            run: Ok(run),
        })
    }

    /// Whether a learner's step that does not pass on own earlier steps does on the reference's.
    fn is_right_on_reference(
        &self,
        subject: &Subject<'_>,
        shown: &std::result::Result<Run, Verdict>,
        reference: &Observations,
        workplace: &Workplace<'_>,
    ) -> Result<bool> {
        if workplace.trust == Trust::Untrusted || subject.base.whose == Earlier::Reference {
            return Ok(false);
        }
        match shown {
            // An earlier step that does not even compile was told already.
            Err(Verdict::EarlierStep { .. }) => return Ok(false),
            Ok(run) if subject.verdict(run, reference).0 == Verdict::Passed => return Ok(false),
            _ => {}
        }
        let source = &subject.source;
        let base = self.base(source.step, &source.text, &Earlier::Reference, workplace)?;
        let on_reference = Subject {
            source: source.clone(),
            base,
            seed: subject.seed,
            reference: Some(reference),
        };
        Ok(match self.show(&on_reference, workplace) {
            Ok(Shown { run: Ok(run), .. }) => {
                on_reference.verdict(&run, reference).0 == Verdict::Passed
            }
            Ok(_) => false,
            Err(halt) => halt.verdict().map(|_| false)?,
        })
    }

    /// Says what `run` shows, and why.
    fn conclude(
        &self,
        subject: &Subject<'_>,
        run: Run,
        reference: &Observations,
        is_right_on_reference: bool,
        workplace: &Workplace<'_>,
    ) -> Result<Judgement> {
        let (mut verdict, mut groups) = subject.verdict(&run, reference);
        self.explain_panics(&mut verdict, &mut groups)?;
        let mut judgement = Judgement::of(subject, verdict);
        // What an earlier step does wrong is none of this step's mistakes.
        let has_mistakes = self.checks.is_none();
        if has_mistakes && !is_right_on_reference && diagnosis::is_worth_a_diagnosis(&groups) {
            let (step, shown) = (subject.source.step, &run.observations);
            match self.diagnose(step, subject.seed, shown, reference, workplace.time) {
                Ok(found) => {
                    judgement.diagnosis = found.named;
                    for (group, ids) in groups.iter_mut().zip(found.groups) {
                        group.diagnosis = ids;
                    }
                }
                Err(error) => judgement.diagnosis_error = Some(error.to_string()),
            }
        }
        judgement.groups = groups;
        judgement.stdout = run.stdout;
        judgement.stderr = run.stderr;
        judgement.peak_memory = run.peak_memory;
        Ok(judgement)
    }

    /// The observation program of `step`, with what it shares with others.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn check(&self, step: &Step) -> Result<Check> {
        let path = match &self.checks {
            Some(folder) => folder.join(&step.name).join("check.rs"),
            None => self.course.check_file(step),
        };
        let text = self.course.read("check", step, &path)?;
        Check::new(path, &text)
    }

    /// Runs a program, unless it is trusted and known what that shows.
    fn run(&self, request: &RunRequest<'_>, workplace: &Workplace<'_>) -> Result<Run> {
        if workplace.trust == Trust::Untrusted {
            return observe::run(self.kit(), request, workplace);
        }
        let limits = workplace.program_limits(request.step);
        let name = hash::of(&[
            request.program.as_os_str().as_encoded_bytes(),
            &request.seed.0.to_le_bytes(),
            &limits.id(),
            self.assets_id(request.step)?.as_bytes(),
        ]);
        let name = format!("{name}.run");
        if let Some(run) = self.kept(&name).and_then(|mut runs| runs.pop()) {
            return Ok(run);
        }
        let run = observe::run(self.kit(), request, workplace)?;
        if run.is_repeatable() {
            self.keep(&name, [&run])?;
        }
        Ok(run)
    }

    /// The runs kept under `name`.
    fn kept(&self, name: &str) -> Option<Vec<Run>> {
        observe::from_bytes(&self.compiler.cache().bytes(name)?)
    }

    fn keep<'r>(&self, name: &str, runs: impl IntoIterator<Item = &'r Run>) -> Result<()> {
        let bytes = observe::to_bytes(runs).map_err(|e| Error::Internal(e.to_string()))?;
        self.compiler.cache().keep_bytes(name, &bytes)
    }
}

/// The name of an untrusted source: it lies in the folder that rustc works in.
#[must_use]
pub fn file_name(step: &Step) -> PathBuf {
    format!("{}.rs", step.name).into()
}

fn compile_verdict(failure: CompileFailure, signatures: Vec<Signature>) -> Verdict {
    let (own, others): (Vec<_>, Vec<_>) = failure.errors.into_iter().partition(|e| e.in_source);
    Verdict::DoesNotCompile {
        // What is wrong in the check follows from what is wrong in the step.
        errors: if own.is_empty() { others } else { own },
        signatures,
        timed_out: failure.timed_out,
    }
}
