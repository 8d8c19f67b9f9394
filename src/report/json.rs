//! A verdict as JSON. The schema is versioned: what is there keeps its name and meaning.
//!
//! Faults are written as their own types say; what only a whole judgement has is put together here.

use std::borrow::Cow;

use observation::Place;
use serde::Serialize;
use serde_json::{Value, json};

use super::text::place;
use crate::course::source::Unreadable;
use crate::course::verdict_kind::VerdictKind;
use crate::engine::compile::Diagnostic;
use crate::engine::compile::signatures::Signature;
use crate::engine::judge::{Fault, GroupOutcome, JudgedGroup, Outcome, Verdict};
use crate::engine::observe::Seed;
use crate::engine::pipeline::{Diagnosis, Judgement};
use crate::error::Error;

/// Grows when something changes its name or meaning.
const VERSION: u32 = 1;

/// All judgements of one call.
#[must_use]
pub fn judgements(judgements: &[Judgement], seed: Seed) -> Value {
    json!({
        "version": VERSION,
        "seed": seed.0,
        "results": judgements.iter().map(Judged::from).collect::<Vec<_>>(),
    })
}

/// Why there are no judgements.
#[must_use]
pub fn error(error: &Error) -> Value {
    json!({
        "version": VERSION,
        "error": {
            "message": error.to_string(),
            "next": error.next(),
            "exit_code": error.code() as u8,
        },
    })
}

/// A judgement.
#[derive(Serialize)]
struct Judged<'a> {
    step: &'a str,
    name: &'a str,
    file: Cow<'a, str>,
    verdict: VerdictKind,
    at: Option<&'a Place>,
    details: Details<'a>,
    diagnosis: &'a [Diagnosis],
    right_on_reference: bool,
    groups: Vec<Group<'a>>,
    forbidden: &'a [String],
    warnings: Vec<Message<'a>>,
    stdout: &'a str,
    stderr: &'a str,
    peak_memory: u64,
}

impl<'a> From<&'a Judgement> for Judged<'a> {
    fn from(judgement: &'a Judgement) -> Self {
        Self {
            step: &judgement.step.id,
            name: &judgement.step.name,
            file: judgement.file.to_string_lossy(),
            verdict: judgement.verdict.kind(),
            at: place(&judgement.verdict),
            details: Details::from(&judgement.verdict),
            diagnosis: &judgement.diagnosis,
            right_on_reference: judgement.right_on_reference,
            groups: judgement.groups.iter().map(Group::from).collect(),
            forbidden: &judgement.forbidden,
            warnings: judgement.warnings.iter().map(Message::from).collect(),
            stdout: &judgement.stdout.text,
            stderr: &judgement.stderr.text,
            peak_memory: judgement.peak_memory,
        }
    }
}

/// What became of a group of observations.
#[derive(Serialize)]
struct Group<'a> {
    name: &'a str,
    outcome: GroupOutcome,
    fault: Option<&'a Fault>,
    diagnosis: &'a [String],
}

impl<'a> From<&'a JudgedGroup> for Group<'a> {
    fn from(group: &'a JudgedGroup) -> Self {
        Self {
            name: &group.name,
            outcome: group.outcome.kind(),
            fault: match &group.outcome {
                Outcome::Failed(fault) => Some(fault),
                Outcome::Passed | Outcome::NotReached => None,
            },
            diagnosis: &group.diagnosis,
        }
    }
}

/// What there is to say beyond the kind of verdict.
#[derive(Serialize)]
#[serde(untagged)]
enum Details<'a> {
    Passed,
    Unreadable(&'a Unreadable),
    DoesNotCompile {
        errors: Vec<Message<'a>>,
        signatures: Vec<Item<'a>>,
        timed_out: bool,
    },
    EarlierStep {
        step: &'a str,
        verdict: VerdictKind,
        details: Box<Self>,
    },
    Failed {
        group: &'a str,
        #[serde(flatten)]
        fault: &'a Fault,
    },
}

impl<'a> From<&'a Verdict> for Details<'a> {
    fn from(verdict: &'a Verdict) -> Self {
        match verdict {
            Verdict::Passed => Self::Passed,
            Verdict::Unreadable(why) => Self::Unreadable(why),
            Verdict::DoesNotCompile {
                errors,
                signatures,
                timed_out,
            } => Self::DoesNotCompile {
                errors: errors.iter().map(Message::from).collect(),
                signatures: signatures.iter().map(Item::from).collect(),
                timed_out: *timed_out,
            },
            Verdict::EarlierStep { step, verdict } => Self::EarlierStep {
                step,
                verdict: verdict.kind(),
                details: Box::new(Self::from(&**verdict)),
            },
            Verdict::Failed { group, fault } => Self::Failed { group, fault },
        }
    }
}

/// What rustc said.
#[derive(Serialize)]
struct Message<'a> {
    message: &'a str,
    at: Option<&'a Place>,
    /// Without colours.
    rendered: String,
    meaning: Option<&'a str>,
}

impl<'a> From<&'a Diagnostic> for Message<'a> {
    fn from(diagnostic: &'a Diagnostic) -> Self {
        Self {
            message: &diagnostic.message,
            at: diagnostic.at.as_ref(),
            rendered: anstream::adapter::strip_str(&diagnostic.rendered).to_string(),
            meaning: diagnostic.meaning.as_deref(),
        }
    }
}

/// A public item that is missing or not as the check needs it.
#[derive(Serialize)]
struct Item<'a> {
    name: &'a str,
    needed: &'a str,
    found: Option<Found<'a>>,
}

#[derive(Serialize)]
struct Found<'a> {
    text: &'a str,
    line: u32,
}

impl<'a> From<&'a Signature> for Item<'a> {
    fn from(signature: &'a Signature) -> Self {
        let found = signature.found.as_ref();
        Self {
            name: &signature.name,
            needed: &signature.needed,
            found: found.map(|(text, line)| Found { text, line: *line }),
        }
    }
}

#[cfg(test)]
mod tests;
