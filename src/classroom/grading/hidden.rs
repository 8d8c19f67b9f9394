//! A teacher's own checks beside the public ones. Students see how many of them pass, by number, and
//! neither their names nor what they looked at.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use observation::Observations;

use super::seed;
use super::session::{PreparedStep, Session};
use crate::classroom::record::{GradedStep, GroupOutcome, Hidden, Points, StepGrade};
use crate::course::Step;
use crate::course::verdict_kind::VerdictKind;
use crate::engine::compile::Source;
use crate::engine::cut::cut;
use crate::engine::judge::Verdict;
use crate::engine::observe::Seed;
use crate::engine::pipeline::{Base, Judgement, Pipeline, Subject, file_name};
use crate::error::{Error, Result};
use crate::hash;
use crate::report::text::{self, AfterPass};

/// Characters of a hidden check's verdict that are kept.
const SAID: usize = 8_000;

/// The checks in a folder, `sNN_name/check.rs` for each step that has one.
pub struct HiddenChecks<'a> {
    pipeline: Pipeline<'a>,
    folder: PathBuf,
    id: String,
    /// By the step's id.
    steps: BTreeMap<String, HiddenStep>,
}

/// A hidden check, and what the reference shows to it.
struct HiddenStep {
    seed: Seed,
    reference: Observations,
}

impl<'a> HiddenChecks<'a> {
    /// The checks in `folder`, for steps of the course.
    ///
    /// # Errors
    ///
    /// If there are none, or something else lies beside them.
    pub fn open(pipeline: &Pipeline<'a>, folder: &Path) -> Result<Self> {
        let course = pipeline.course();
        let read = |path: &Path| fs::read(path).map_err(Error::io("read", path));
        let mut names: Vec<String> = Vec::new();
        for entry in fs::read_dir(folder).map_err(Error::named("--checks", folder))? {
            let path = entry.map_err(Error::io("read", folder))?.path();
            // What several checks share lies beside them.
            if !path.is_dir() {
                continue;
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if !course.steps().iter().any(|step| step.name == name) {
                return Err(flawed(&path, "no step has this name"));
            }
            names.push(name.into_owned());
        }
        if names.is_empty() {
            return Err(flawed(folder, "there is no `sNN_name/check.rs` in it"));
        }
        let mut parts = Vec::new();
        let pipeline = pipeline.with_checks(folder.to_owned())?;
        for step in course
            .steps()
            .iter()
            .filter(|step| names.contains(&step.name))
        {
            read(&folder.join(&step.name).join("check.rs"))?;
            parts.push(step.name.clone().into_bytes());
            parts.push(pipeline.check(step)?.text.into_bytes());
        }
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        Ok(Self {
            pipeline,
            folder: folder.to_owned(),
            id: hash::of(&parts),
            steps: BTreeMap::new(),
        })
    }

    fn file(&self, step: &Step) -> Option<PathBuf> {
        let file = self.folder.join(&step.name).join("check.rs");
        file.is_file().then_some(file)
    }
}

impl<'a> Session<'a> {
    /// The same with hidden checks, which the solutions pass.
    ///
    /// # Errors
    ///
    /// If a check does not compile, or the solution does not pass it.
    pub fn with_hidden(mut self, mut checks: HiddenChecks<'a>, secret: u64) -> Result<Self> {
        for prepared in &self.steps {
            let step = prepared.step;
            let Some(file) = checks.file(step) else {
                continue;
            };
            let check = checks.pipeline.check(step)?;
            if let Err(failure) = checks.pipeline.try_reference(step, &check)? {
                let said = failure.errors.first().map_or("", |error| &error.rendered);
                return Err(flawed(&file, &format!("it does not compile\n{said}")));
            }
            let seed = seed::for_step(secret, &format!("{} hidden", step.id));
            let reference = checks.pipeline.reference(step, seed, self.time)?;
            if reference.groups.is_empty() {
                return Err(flawed(&file, "it has no group of observations"));
            }
            let hidden = HiddenStep { seed, reference };
            checks.steps.insert(step.id.clone(), hidden);
        }
        self.hidden = Some(checks);
        for prepared in &self.steps {
            let course = self.pipeline.course();
            let path = course.solution_file(prepared.step);
            let text = course.read("solution", prepared.step, &path)?;
            let base = self.on_reference(prepared, &text)?;
            let judged = self.judge_hidden(prepared, &text, &base, &prepared.libraries)?;
            if let (Some(judgement), Some(checks)) = (judged, &self.hidden)
                && judgement.verdict != Verdict::Passed
            {
                let said = plain(&judgement);
                let file = checks.file(prepared.step).unwrap_or_default();
                return Err(flawed(
                    &file,
                    &format!("the solution does not pass it\n{said}"),
                ));
            }
        }
        Ok(self)
    }

    /// Names the content of the hidden checks.
    pub(super) fn hidden_checks(&self) -> Option<String> {
        self.hidden.as_ref().map(|checks| checks.id.clone())
    }

    /// The groups of the hidden check of a step; none if it has none.
    pub(super) fn hidden_groups(&self, step: &Step) -> Vec<String> {
        let hidden = (self.hidden.as_ref()).and_then(|checks| checks.steps.get(&step.id));
        let groups = hidden.map(|hidden| hidden.reference.groups.iter());
        groups.map_or_else(Vec::new, |groups| {
            groups.map(|group| group.name.clone()).collect()
        })
    }

    /// Adds to `grade` what the step's hidden check shows of `text`, if it has one.
    pub(super) fn add_hidden(
        &self,
        grade: &mut StepGrade,
        graded: &GradedStep,
        prepared: &PreparedStep<'_>,
        text: &str,
        base: &Base<'a>,
        libraries: &Path,
    ) -> Result<()> {
        if graded.hidden.is_empty() {
            return Ok(());
        }
        // What never ran would not run now.
        let ran = (grade.groups.iter()).any(|outcome| *outcome != GroupOutcome::NotReached);
        let judged = match ran {
            true => self.judge_hidden(prepared, text, base, libraries)?,
            false => None,
        };
        match judged {
            Some(judgement) => put_beside(grade, graded, &judgement),
            None => nothing_hidden(grade, graded),
        }
        Ok(())
    }

    /// Judges a text by the hidden check of its step, if it has one.
    fn judge_hidden(
        &self,
        prepared: &PreparedStep<'_>,
        text: &str,
        base: &Base<'a>,
        libraries: &Path,
    ) -> Result<Option<Judgement>> {
        let Some(checks) = &self.hidden else {
            return Ok(None);
        };
        let Some(hidden) = checks.steps.get(&prepared.step.id) else {
            return Ok(None);
        };
        let judge = || {
            let scratch = self.scratch.dir()?;
            let subject = Subject {
                source: Source {
                    step: prepared.step,
                    path: file_name(prepared.step),
                    text: text.to_owned(),
                },
                base: base.clone(),
                seed: hidden.seed,
                reference: Some(&hidden.reference),
            };
            let workplace = self.workplace(scratch.path(), libraries);
            checks.pipeline.examine(&subject, &workplace)
        };
        let ran_out = |judged: &Result<Judgement>| {
            let judgement = judged.as_ref();
            judgement.is_ok_and(Judgement::ran_out_of_time)
        };
        self.turns.take(judge, ran_out).map(Some)
    }
}

/// Of a step that did not run, no hidden group was reached.
pub(super) fn nothing_hidden(grade: &mut StepGrade, graded: &GradedStep) {
    if !graded.hidden.is_empty() {
        grade.hidden = Some(Hidden {
            verdict: grade.verdict.clone(),
            groups: vec![GroupOutcome::NotReached; graded.hidden.len()],
            text: String::new(),
        });
    }
}

/// Puts what a hidden check showed beside what the public one did.
fn put_beside(grade: &mut StepGrade, graded: &GradedStep, judgement: &Judgement) {
    let groups: Vec<GroupOutcome> = match judgement.groups.len() {
        0 => vec![GroupOutcome::NotReached; graded.hidden.len()],
        _ => (judgement.groups.iter())
            .map(|group| group.outcome.kind())
            .collect(),
    };
    let verdict = judgement.verdict.kind();
    let passes_hidden = judgement.verdict == Verdict::Passed;
    let numbered = numbered(&groups);
    if grade.has_passed() && !passes_hidden {
        grade.verdict = verdict.into();
        grade.text.insert_str(
            0,
            "All that you can check yourself is right; a hidden check is not.\n",
        );
    }
    // At the front: the end of a long text may be cut off.
    let (first, rest) = grade.text.split_once('\n').unwrap_or((&grade.text, ""));
    grade.text = format!("{first}\n{numbered}\n{}", rest.trim_start_matches('\n'));
    grade.score = if grade.verdict == VerdictKind::Forbidden {
        Points::default()
    } else {
        graded.earned(grade.has_passed(), grade.groups.iter().chain(&groups))
    };
    grade.hidden = Some(Hidden {
        verdict: verdict.into(),
        groups,
        text: plain(judgement),
    });
}

/// What a student sees of hidden groups.
fn numbered(groups: &[GroupOutcome]) -> String {
    let of = groups.len();
    let line = |(place, outcome): (usize, &GroupOutcome)| {
        let sign = match outcome {
            GroupOutcome::Passed => VerdictKind::Passed.sign(),
            GroupOutcome::Failed => VerdictKind::WrongValues.sign(),
            GroupOutcome::NotReached => VerdictKind::NotStarted.sign(),
        };
        format!("  {sign} hidden check {} of {of}\n", place + 1)
    };
    groups.iter().enumerate().map(line).collect()
}

/// A verdict as plain text.
fn plain(judgement: &Judgement) -> String {
    let styled = text::judgement(judgement, "", &AfterPass::default());
    let mut text = anstream::adapter::strip_str(&styled).to_string();
    cut(&mut text, SAID);
    text
}

fn flawed(path: &Path, what: &str) -> Error {
    Error::Usage {
        message: format!("{}: {what}", path.display()),
        next: "mend the hidden checks, or leave `--checks` out".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_groups_have_numbers_and_no_names() {
        let groups = [
            GroupOutcome::Passed,
            GroupOutcome::Failed,
            GroupOutcome::NotReached,
        ];
        assert_eq!(
            numbered(&groups),
            "  ✓ hidden check 1 of 3\n  ✗ hidden check 2 of 3\n  · hidden check 3 of 3\n"
        );
    }
}
