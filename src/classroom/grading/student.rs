//! One submission: its step files, judged and written down.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::intake;
use super::own_steps::OwnSteps;
use super::session::{PreparedStep, Session};
use crate::classroom::record::{
    EarlierSteps, GradedStep, GroupOutcome, Header, Points, Record, StepGrade, Student, Timing,
};
use crate::classroom::submissions::{Content, Entry, Found};
use crate::course::Step;
use crate::course::source::Unreadable;
use crate::course::verdict_kind::VerdictKind;
use crate::engine::compile::gather;
use crate::engine::judge::{Outcome, Verdict};
use crate::engine::pipeline::{Base, Earlier, Judgement, file_name};
use crate::error::Result;
use crate::hash;
use crate::report::text;

/// Grades students by the same terms.
pub(super) struct Examiner<'a> {
    pub session: &'a Session<'a>,
    pub header: &'a Header,
    /// What is known of files that were judged already, by all that the verdict hangs on. Whoever
    /// hands in the same is not judged again.
    judged: Mutex<HashMap<String, Arc<Mutex<Option<StepGrade>>>>>,
}

/// A text that was handed in, and its name by content.
pub(super) struct Handed {
    pub name: String,
    pub text: String,
}

impl<'a> Examiner<'a> {
    pub fn new(session: &'a Session<'a>, header: &'a Header) -> Self {
        Self {
            session,
            header,
            judged: Mutex::default(),
        }
    }

    /// Grades one submission; the texts are those of its graded steps.
    pub fn grade(&self, entry: &Entry) -> Result<(Record, Vec<Handed>)> {
        let started = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis());
        let course = self.session.pipeline.course();
        let names: Vec<&str> = course.steps().iter().map(|s| s.name.as_str()).collect();
        let submission = entry.read(&names);
        let mut own = match self.header.earlier {
            EarlierSteps::Mine => Some(OwnSteps::new(self.session, &submission.files)?),
            EarlierSteps::Reference => None,
        };
        let known = intake::of(entry, &submission, self.header.deadline);
        let on_time = intake::notes(entry, &submission, &known, self.header.deadline);
        let mut student = Student {
            id: entry.id.clone(),
            entry: entry.name.clone(),
            intake: known,
            notes: [entry.notes.clone(), submission.notes, on_time].concat(),
            steps: Vec::new(),
        };
        let mut seconds = Vec::new();
        let mut handed = Vec::new();
        for (prepared, graded) in self.session.steps.iter().zip(&self.header.steps) {
            let clock = Instant::now();
            let position = course.steps().iter().position(|s| s.id == prepared.step.id);
            let found = &submission.files[position.unwrap_or_default()];
            let mut grade = self.step(prepared, graded, found, own.as_mut())?;
            grade.file.clone_from(&found.path);
            grade.excused = entry.excused.contains(&prepared.step.id);
            grade.notes = [found.notes.clone(), grade.notes].concat();
            if let Content::Text(text) = &found.content {
                let name = hash::of(&[text.as_bytes()]);
                grade.source = Some(name.clone());
                handed.push(Handed {
                    name,
                    text: text.clone(),
                });
            }
            student.steps.push(grade);
            seconds.push((clock.elapsed().as_secs_f64() * 1000.0).round() / 1000.0);
        }
        let timing = Timing {
            started: u64::try_from(started).unwrap_or_default(),
            seconds,
        };
        Ok((Record { student, timing }, handed))
    }

    fn step(
        &self,
        prepared: &PreparedStep<'_>,
        graded: &GradedStep,
        found: &Found,
        own: Option<&mut OwnSteps<'_>>,
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
        base: Base<'_>,
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
        let judgement = self.session.judge(prepared, text, base, libraries)?;
        let grade = written_down(&judgement, graded);
        *known = Some(grade.clone());
        Ok(grade)
    }
}

/// A step of which there is no source.
fn unread(step: &Step, graded: &GradedStep, why: Unreadable) -> StepGrade {
    nothing_observed(step, graded, Verdict::Unreadable(why))
}

fn nothing_observed(step: &Step, graded: &GradedStep, verdict: Verdict) -> StepGrade {
    let judgement = Judgement::unobserved(step, file_name(step), Earlier::Reference, verdict);
    written_down(&judgement, graded)
}

fn written_down(judgement: &Judgement, graded: &GradedStep) -> StepGrade {
    let passed = |group: &&crate::engine::judge::JudgedGroup| group.outcome == Outcome::Passed;
    let all = Points::whole(graded.points);
    let is_forbidden = !judgement.forbidden.is_empty();
    let score = match judgement.verdict {
        _ if is_forbidden => Points::default(),
        Verdict::Passed => all,
        _ => all.share(
            judgement.groups.iter().filter(passed).count(),
            graded.groups.len(),
        ),
    };
    let groups: Vec<GroupOutcome> = match judgement.groups.len() {
        0 => vec![GroupOutcome::NotReached; graded.groups.len()],
        _ => (judgement.groups.iter())
            .map(|group| group.outcome.kind())
            .collect(),
    };
    let styled = text::judgement(judgement, &format!("tutor run {}", graded.id), None);
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
        excused: false,
        groups,
        diagnosis: judgement.diagnosis.clone(),
        forbidden: judgement.forbidden.clone(),
        text,
    }
}
