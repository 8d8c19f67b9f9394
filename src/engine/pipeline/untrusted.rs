//! Judging a step that nobody vouches for: compiled and run apart, and nothing of it kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use observation::Observations;

use super::base::{Base, Built, EarlierFault};
use super::{Earlier, Judgement, Pipeline};
use crate::course::{Course, Step};
use crate::engine::compile::unwritten;
use crate::engine::compile::{Apart, Check, Compiled, Library, Source};
use crate::engine::judge::Verdict;
use crate::engine::observe::{self, RunRequest, Seed};
use crate::engine::sandbox::profiles::Profiles;
use crate::error::{Error, Result};

/// A step to be judged apart.
#[derive(Debug, Clone, Copy)]
pub struct Exam<'a> {
    /// The step.
    pub step: &'a Step,
    /// What was handed in.
    pub text: &'a str,
    /// Decides inputs and parameters.
    pub seed: Seed,
    /// How long it may run.
    pub time: Duration,
    /// What the reference shows with this seed.
    pub reference: &'a Observations,
    /// The steps it stands on, compiled, each with the student's source if it is the student's
    /// own; or the one that is in the way.
    pub earlier: std::result::Result<&'a [Library], &'a EarlierFault>,
    /// A folder with nothing but these.
    pub libraries: &'a Path,
    /// The student's own earlier steps that it uses, if it stands on them, by position in the
    /// course.
    pub own: &'a BTreeMap<usize, String>,
    /// Whose they are.
    pub whose: &'a Earlier,
    /// What keeps it in; nothing if the teacher does without.
    pub profiles: Option<&'a Profiles>,
    /// A folder to work in, for this one alone.
    pub scratch: &'a Path,
}

impl Exam<'_> {
    /// The step's source, under the name that compiler and verdict know it by.
    fn source(&self) -> Source<'_> {
        Source {
            step: self.step,
            path: file_name(self.step),
            text: self.text.to_owned(),
        }
    }

    fn apart(&self) -> Apart<'_> {
        Apart {
            scratch: self.scratch,
            libraries: self.libraries,
            profiles: self.profiles,
            time: self.time,
        }
    }
}

fn file_name(step: &Step) -> PathBuf {
    format!("{}.rs", step.name).into()
}

impl Pipeline<'_> {
    /// Judges a step apart.
    ///
    /// # Errors
    ///
    /// If the machine or the course keeps it from being judged; never because of the source.
    pub fn judge_apart(&self, exam: &Exam<'_>) -> Result<Judgement> {
        let source = exam.source();
        let mut judgement = Judgement::new(exam.step, source.path.clone(), exam.whose.clone());
        let check = self.check(exam.step)?;
        let Built { compiled, ground } = match self.build_apart(exam, &source, &check)? {
            Ok(built) => built,
            Err((step, verdict)) => {
                judgement.verdict = Verdict::EarlierStep {
                    step,
                    verdict: Box::new(verdict),
                };
                return Ok(judgement);
            }
        };
        let warnings = self.as_shown(&source, compiled.warnings);
        judgement.warnings = unwritten::without(warnings, &source.text);
        let program = match compiled.product {
            Ok(program) => program,
            Err(failure) => {
                judgement.verdict = self.not_compiled(&source, failure)?;
                return Ok(judgement);
            }
        };
        judgement.forbidden = self.forbidden(exam.step, &program, |reference, check| {
            self.on_the_same(exam, &ground, reference, check)
        })?;
        let run = observe::run(
            self.kit,
            &RunRequest {
                program: &program,
                source: &source.path,
                choice: None,
                seed: exam.seed,
                time: exam.time,
                apart: Some(exam.apart()),
            },
        )?;
        let files: Vec<PathBuf> = (self.course.before(exam.step).iter().map(file_name))
            .chain([source.path.clone()])
            .collect();
        self.conclude(&mut judgement, run, exam.reference, exam.seed, &files)?;
        Ok(judgement)
    }

    /// Like [`build`](Self::build), apart.
    fn build_apart<'e>(
        &self,
        exam: &'e Exam<'_>,
        source: &Source<'_>,
        check: &Check,
    ) -> Result<std::result::Result<Built<'e>, EarlierFault>>
    where
        Self: 'e,
    {
        let apart = match exam.earlier {
            Ok(libraries) => {
                let ground = Base::Libraries(libraries.to_vec());
                let compiled = self.compile_apart(&ground, source, check, exam.apart())?;
                Ok(Built { compiled, ground })
            }
            Err(fault) => Err(fault.clone()),
        };
        let steps = self.course.steps();
        let own: Vec<Source<'_>> = (exam.own.iter())
            .map(|(&position, text)| Source {
                step: &steps[position],
                path: file_name(&steps[position]),
                text: text.clone(),
            })
            .collect();
        let is_good = (apart.as_ref()).is_ok_and(|built| built.compiled.product.is_ok());
        if is_good || own.is_empty() || !self.is_in_order([source].into_iter().chain(&own)) {
            return Ok(apart);
        }
        let ground = Base::OneCrate(own);
        let compiled = self.compile_apart(&ground, source, check, exam.apart())?;
        let whole = Built { compiled, ground };
        Ok(if whole.is_to_the_point() {
            Ok(whole)
        } else {
            apart
        })
    }

    fn compile_apart(
        &self,
        ground: &Base<'_>,
        source: &Source<'_>,
        check: &Check,
        apart: Apart<'_>,
    ) -> Result<Compiled<PathBuf>> {
        match ground {
            Base::Libraries(libraries) => {
                self.compiler.program_apart(source, check, libraries, apart)
            }
            Base::OneCrate(own) => self.compiler.whole_apart(source, check, own, apart),
        }
    }

    /// The reference's program on the student's own earlier steps, if there are any and it fits
    /// them.
    fn on_the_same(
        &self,
        exam: &Exam<'_>,
        ground: &Base<'_>,
        reference: &Source<'_>,
        check: &Check,
    ) -> Result<Option<PathBuf>> {
        let mut earlier = self.course.before(exam.step).iter();
        if !earlier.any(|step| exam.whose.is_mine(step)) {
            return Ok(None);
        }
        // Removed with the folder around it; until then, the sandbox keeps the student's program from it.
        let scratch = exam.scratch.join("reference");
        fs::create_dir(&scratch).map_err(Error::io("create", &scratch))?;
        let source = Source {
            path: file_name(exam.step),
            ..reference.clone()
        };
        let apart = Apart {
            scratch: &scratch,
            ..exam.apart()
        };
        let compiled = self.compile_apart(ground, &source, check, apart)?;
        Ok(compiled.product.ok())
    }

    /// Compiles a student's earlier step apart.
    ///
    /// # Errors
    ///
    /// If the machine keeps it from being compiled; never because of the source.
    pub fn library_apart(
        &self,
        step: &Step,
        text: &str,
        earlier: &[Library],
        apart: Apart<'_>,
    ) -> Result<std::result::Result<Library, Verdict>> {
        let source = Source {
            step,
            path: file_name(step),
            text: text.to_owned(),
        };
        let compiled = self.compiler.library_apart(&source, earlier, apart)?;
        Ok(match compiled.product {
            Ok(library) => Ok(library),
            Err(failure) => Err(self.not_compiled(&source, failure)?),
        })
    }

    /// Puts `earlier`, and nothing else, into the folder `libraries`.
    ///
    /// # Errors
    ///
    /// If the folder cannot be filled.
    pub fn gather(&self, earlier: &[Library], libraries: &Path) -> Result<()> {
        self.compiler.gather(earlier, libraries)
    }

    /// The text of a step's solution.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn solution(&self, step: &Step) -> Result<String> {
        let path = self.course.solution_file(step);
        self.course.read("solution", step, &path)
    }

    /// The course whose steps are judged.
    #[must_use]
    pub fn course(&self) -> &Course {
        self.course
    }
}
