//! One submission: its step files, judged and written down.

use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::bounds;
use super::hidden::nothing_hidden;
use super::intake;
use super::ledger::{Ledger, Place};
use super::log::Kept;
use super::own_steps::OwnSteps;
use super::session::{PreparedStep, Session};
use crate::classroom::record::{
    EarlierSteps, GradedStep, GroupOutcome, Header, Points, Record, StepGrade, Student, Timing,
};
use crate::classroom::submissions::{Content, Entry, Found, Submission};
use crate::course::Step;
use crate::course::source::Unreadable;
use crate::course::verdict_kind::VerdictKind;
use crate::engine::compile::gather;
use crate::engine::judge::Verdict;
use crate::engine::pipeline::{Base, Earlier, Judgement, file_name};
use crate::error::{Error, Result};
use crate::hash;
use crate::report::text::{self, AfterPass};

/// Grades students by the same terms.
pub(super) struct Examiner<'a> {
    pub session: &'a Session<'a>,
    pub header: &'a Header,
    ledger: &'a Ledger,
    /// What is known of files that were judged already, by all that the verdict hangs on. Whoever
    /// hands in the same is not judged again.
    judged: Mutex<HashMap<String, Arc<Mutex<Option<StepGrade>>>>>,
}

/// What became of a submission.
pub(super) struct Graded {
    pub kept: Kept,
    /// The texts of its graded steps.
    pub handed: Vec<Handed>,
}

/// What became of what is on record of a student.
pub(super) enum Still {
    /// Nothing.
    Same,
    /// The same was handed in, and something else is known of it or of the student.
    KnownOtherwise(Box<Kept>),
    /// Something else was handed in.
    Changed,
}

/// What is said of what `tutor` cannot judge.
const BROKE_DOWN: &str = "judging it brought tutor down, which is a bug in tutor. It counts as \
                          nothing until somebody looks at it";

/// A text that was handed in, and its name by content.
pub(super) struct Handed {
    pub name: String,
    pub text: String,
}

impl<'a> Examiner<'a> {
    pub fn new(session: &'a Session<'a>, header: &'a Header, ledger: &'a Ledger) -> Self {
        Self {
            session,
            header,
            ledger,
            judged: Mutex::default(),
        }
    }

    /// Whether what is on record of a student is still so.
    pub fn still(&self, entry: &Entry, kept: &Kept) -> Result<Still> {
        let submission = self.read(entry)?;
        if content(&submission) != kept.content {
            return Ok(Still::Changed);
        }
        let recorded = &kept.record.student;
        let mut student = self.known(entry, submission);
        student.steps.clone_from(&recorded.steps);
        bounds::bound(&mut student);
        Ok(if student == *recorded {
            Still::Same
        } else {
            let mut now = kept.clone();
            now.record.student = student;
            Still::KnownOtherwise(Box::new(now))
        })
    }

    /// What is known of a student before anything is judged.
    fn known(&self, entry: &Entry, submission: Submission) -> Student {
        let deadline = self.header.deadline;
        let intake = intake::of(entry, &submission, deadline);
        let on_time = intake::notes(entry, &submission, &intake, deadline);
        Student {
            id: entry.id.clone(),
            entry: entry.name.clone(),
            intake,
            notes: [entry.notes.clone(), submission.notes, on_time].concat(),
            comment: None,
            steps: Vec::new(),
        }
    }

    fn read(&self, entry: &Entry) -> Result<Submission> {
        let steps = self.session.pipeline.course().steps();
        let names: Vec<&str> = steps.iter().map(|s| s.name.as_str()).collect();
        let place = Place {
            student: entry.id.clone(),
            step: None,
        };
        if self.ledger.has_given_up(&place) {
            return Ok(Submission::nothing(&names, vec![BROKE_DOWN.to_owned()]));
        }
        self.ledger.during(&place, || entry.read(&names))
    }

    /// Grades one submission.
    pub fn grade(&self, entry: &Entry) -> Result<Graded> {
        let started = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis());
        let course = self.session.pipeline.course();
        let submission = self.read(entry)?;
        let content = content(&submission);
        let (steps, seconds) = self.steps(&entry.id, &submission.files)?;
        let mut handed = Vec::new();
        for (grade, prepared) in steps.iter().zip(&self.session.steps) {
            let found = &submission.files[course.position(prepared.step)];
            if let (Some(name), Content::Text(text)) = (&grade.source, &found.content) {
                handed.push(Handed {
                    name: name.clone(),
                    text: text.clone(),
                });
            }
        }
        let mut student = self.known(entry, submission);
        student.steps = steps;
        let timing = Timing {
            started: u64::try_from(started).unwrap_or_default(),
            seconds,
        };
        bounds::bound(&mut student);
        let record = Record { student, timing };
        Ok(Graded {
            kept: Kept { record, content },
            handed,
        })
    }

    /// What judging something comes to; nothing if it breaks down, which is a bug, and must not cost
    /// the others their grades.
    fn judged(
        &self,
        place: &Place,
        judge: impl FnOnce() -> Result<StepGrade>,
    ) -> Result<Option<StepGrade>> {
        if self.ledger.has_given_up(place) {
            return Ok(None);
        }
        let judge = || panic::catch_unwind(AssertUnwindSafe(judge));
        match self.ledger.during(place, judge)? {
            Ok(Ok(grade)) => Ok(Some(grade)),
            // All that judging needs was seen to work with the solutions.
            Ok(Err(Error::Internal(_))) | Err(_) => Ok(None),
            Ok(Err(error)) => Err(error),
        }
    }

    /// Judges the graded steps of a student among `files`, which has one for each step of the course;
    /// and how many seconds that took for each.
    pub fn steps(&self, student: &str, files: &[Found]) -> Result<(Vec<StepGrade>, Vec<f64>)> {
        let mut own = match self.header.earlier {
            EarlierSteps::Mine => Some(OwnSteps::new(self.session, files)?),
            EarlierSteps::Reference => None,
        };
        let course = self.session.pipeline.course();
        let mut steps = Vec::new();
        let mut seconds = Vec::new();
        for (prepared, graded) in self.session.steps.iter().zip(&self.header.steps) {
            let clock = Instant::now();
            let found = &files[course.position(prepared.step)];
            let place = Place {
                student: student.to_owned(),
                step: Some(graded.id.clone()),
            };
            let judged =
                self.judged(&place, || self.step(prepared, graded, found, own.as_mut()))?;
            let mut grade = judged.unwrap_or_else(|| broken_down(prepared.step, graded));
            grade.file.clone_from(&found.path);
            grade.notes = [found.notes.clone(), grade.notes].concat();
            if let Content::Text(text) = &found.content {
                grade.source = Some(hash::of(&[text.as_bytes()]));
            }
            steps.push(grade);
            seconds.push((clock.elapsed().as_secs_f64() * 1000.0).round() / 1000.0);
        }
        Ok((steps, seconds))
    }

    fn step(
        &self,
        prepared: &PreparedStep<'_>,
        graded: &GradedStep,
        found: &Found,
        own: Option<&mut OwnSteps<'a>>,
    ) -> Result<StepGrade> {
        let text = match &found.content {
            Content::Text(text) => text,
            Content::Missing => return Ok(unread(prepared.step, graded, Unreadable::Missing)),
            Content::Unreadable(why) => return Ok(unread(prepared.step, graded, why.clone())),
        };
        let Some(own) = own else {
            let base = self.session.on_reference(prepared, text)?;
            return self.once(prepared, graded, text, base, &prepared.libraries);
        };
        let base = own.base(prepared.step, text)?;
        let folder = own.libraries();
        if let Ok(libraries) = &base.libraries {
            gather(libraries, &folder)?;
        }
        self.once(prepared, graded, text, base, &folder)
    }

    /// Judges a text, unless that was done.
    fn once(
        &self,
        prepared: &PreparedStep<'_>,
        graded: &GradedStep,
        text: &str,
        base: Base<'a>,
        libraries: &Path,
    ) -> Result<StepGrade> {
        let fault = format!("{:?}", base.libraries.as_ref().err());
        let mut parts = vec![
            prepared.step.id.as_bytes(),
            text.as_bytes(),
            fault.as_bytes(),
        ];
        let compiled = base.libraries.iter().flatten();
        parts.extend(compiled.map(|library| library.id().as_bytes()));
        parts.extend(base.sources.iter().map(|source| source.text.as_bytes()));
        let key = hash::of(&parts);
        let place = self
            .judged
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(key)
            .or_default()
            .clone();
        // Whoever comes second waits for the first.
        let mut known = place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(grade) = &*known {
            return Ok(grade.clone());
        }
        let mut judgement = self.session.judge(prepared, text, &base, libraries)?;
        let discreet = |text: &str| self.session.discretion.applied(text, prepared.seed);
        for printed in [&mut judgement.stdout, &mut judgement.stderr] {
            // Before lines are cut: a part of a name tells as much.
            printed.text = discreet(&printed.text);
        }
        let mut grade = written_down(&judgement, graded);
        (self.session).add_hidden(&mut grade, graded, prepared, text, &base, libraries)?;
        grade.text = discreet(&grade.text);
        for text in grade.forbidden.iter_mut().chain(&mut grade.notes) {
            *text = discreet(text);
        }
        bounds::bound_step(&mut grade);
        *known = Some(grade.clone());
        Ok(grade)
    }
}

/// Names all that was found in a submission for the steps. What else is known of it is compared as it
/// is.
fn content(submission: &Submission) -> String {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for Found {
        path,
        notes,
        content,
    } in &submission.files
    {
        parts.push(format!("{path:?} {notes:?}").into_bytes());
        parts.push(match content {
            Content::Text(text) => hash::of(&[text.as_bytes()]).into_bytes(),
            other => format!("{other:?}").into_bytes(),
        });
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    hash::of(&parts)
}

/// A step whose judging broke down.
fn broken_down(step: &Step, graded: &GradedStep) -> StepGrade {
    let reason = BROKE_DOWN.to_owned();
    let mut grade = unread(step, graded, Unreadable::Refused { reason });
    grade.notes.push(format!("{}: {BROKE_DOWN}", graded.id));
    grade
}

/// A step of which there is no source.
fn unread(step: &Step, graded: &GradedStep, why: Unreadable) -> StepGrade {
    nothing_observed(step, graded, Verdict::Unreadable(why))
}

fn nothing_observed(step: &Step, graded: &GradedStep, verdict: Verdict) -> StepGrade {
    let judgement = Judgement::unobserved(step, file_name(step), Earlier::Reference, verdict);
    let mut grade = written_down(&judgement, graded);
    nothing_hidden(&mut grade, graded);
    grade
}

fn written_down(judgement: &Judgement, graded: &GradedStep) -> StepGrade {
    let is_forbidden = !judgement.forbidden.is_empty();
    let groups: Vec<GroupOutcome> = match judgement.groups.len() {
        0 => vec![GroupOutcome::NotReached; graded.groups.len()],
        _ => (judgement.groups.iter())
            .map(|group| group.outcome.kind())
            .collect(),
    };
    let score = match judgement.verdict {
        _ if is_forbidden => Points::default(),
        ref verdict => graded.earned(*verdict == Verdict::Passed, &groups),
    };
    let styled = text::judgement(
        judgement,
        &format!("tutor run {}", graded.id),
        &AfterPass::default(),
    );
    let mut text = anstream::adapter::strip_str(&styled).to_string();
    if is_forbidden {
        text.insert_str(
            0,
            "No points: this step calls what it should write itself; see below.\n\n",
        );
    }
    let verdict = match &judgement.verdict {
        Verdict::Unreadable(Unreadable::Missing) => VerdictKind::Missing,
        _ if is_forbidden => VerdictKind::Forbidden,
        other => other.kind(),
    };
    StepGrade {
        step: graded.id.clone(),
        file: None,
        source: None,
        notes: (judgement.diagnosis_error.iter())
            .map(|flaw| format!("No known mistake could be looked for: {flaw}"))
            .collect(),
        verdict: verdict.into(),
        line: text::place(&judgement.verdict).map(|at| at.line),
        score,
        groups,
        hidden: None,
        decision: None,
        diagnosis: judgement.diagnosis.clone(),
        forbidden: judgement.forbidden.clone(),
        text,
    }
}
