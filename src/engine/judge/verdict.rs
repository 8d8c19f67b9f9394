//! What can be said of a step.

use std::time::Duration;

use observation::{DType, Panic, Place, Tolerance};
use serde::{Deserialize, Serialize};

use super::align::Entries;
use super::pattern::Pattern;
use super::{ParameterFault, Relation, serialize};
use crate::course::source::Unreadable;
use crate::course::verdict_kind::VerdictKind;
use crate::engine::compile::Diagnostic;
use crate::engine::compile::signatures::Signature;

/// What is said about a step in the end.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Every observation is as it should be.
    Passed,
    /// There is no source to judge.
    Unreadable(Unreadable),
    /// rustc does not accept it.
    DoesNotCompile {
        /// rustc's errors, those in the step's own file first.
        errors: Vec<Diagnostic>,
        /// Public items that the check uses and the step has not, or has otherwise.
        signatures: Vec<Signature>,
        /// Whether rustc was stopped for taking too long.
        timed_out: bool,
    },
    /// An earlier step of the learner's own stands in the way.
    EarlierStep {
        /// Its id.
        step: String,
        /// What is wrong with it.
        verdict: Box<Verdict>,
    },
    /// An observation is not as it should be.
    Failed {
        /// The first group in which something is wrong; the first one that is not written yet if
        /// nothing is.
        group: String,
        /// What is wrong.
        fault: Fault,
    },
}

/// What can be wrong with a group of observations.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// A `todo!()` was reached.
    NotStarted {
        /// Where.
        at: Option<Place>,
    },
    /// It panicked.
    Panicked {
        /// The learner's line.
        at: Option<Place>,
        /// What was said, and where, perhaps inside a crate.
        #[serde(flatten, serialize_with = "serialize::panic")]
        panic: Panic,
        /// What that means to somebody who has not read the crates, if it is known.
        meaning: Option<String>,
    },
    /// The module has other parameters than it should.
    WrongParameters {
        /// The observation's name.
        observation: String,
        /// In the reference's order, extra ones last.
        #[serde(rename = "parameters")]
        faults: Vec<ParameterFault>,
    },
    /// A tensor has another shape than it should.
    WrongShape {
        /// The observation's name.
        observation: String,
        /// What it is.
        got: Vec<usize>,
        /// What it should be.
        expected: Vec<usize>,
        /// Two axes of the reference's that only have to be exchanged to get this.
        #[serde(rename = "exchanged_axes")]
        exchanged: Option<(usize, usize)>,
    },
    /// A tensor has elements of another type than it should.
    WrongType {
        /// The observation's name.
        observation: String,
        /// What it is.
        got: DType,
        /// What it should be.
        expected: DType,
    },
    /// A tensor has NaN, or an infinity, where a number should be.
    NotFinite(Mismatches),
    /// A tensor has other values than it should.
    WrongValues(Mismatches),
    /// A text is another.
    WrongText {
        /// The observation's name.
        observation: String,
        /// What it is.
        got: String,
        /// What it should be.
        expected: String,
    },
    /// A call accepted what it should refuse, or refused what it should accept, or refused it in
    /// another way.
    WrongRefusal {
        /// The observation's name.
        observation: String,
        /// What it did.
        got: Reaction,
        /// What it should do.
        expected: Reaction,
        /// Its words, if it refused.
        message: Option<String>,
    },
    /// Something is missing, too much, called otherwise or in another order.
    WrongEntries(Entries),
    /// The check did not get that far, though nothing else went wrong before.
    NotRecorded {
        /// The observation's name, or nothing if the whole group is missing.
        observation: Option<String>,
    },
    /// The time was up.
    TimedOut {
        /// What it had.
        #[serde(rename = "limit_seconds", serialize_with = "serialize::seconds")]
        limit: Duration,
    },
    /// It started more threads than it may have.
    TooManyThreads,
    /// Memory ran out.
    OutOfMemory {
        /// Bytes it could have had.
        #[serde(rename = "limit_bytes")]
        limit: u64,
    },
    /// It called itself without end.
    StackOverflow,
    /// The process ended before the program did.
    StoppedEarly(Stop),
}

/// How a process ended too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Stop {
    /// With this exit code.
    #[serde(rename = "exit_code")]
    Exited(i32),
    /// By this signal.
    #[serde(rename = "signal")]
    Signalled(i32),
}

/// What a call makes of its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    /// It returned a value.
    Accepts,
    /// It returned an error.
    ReturnsError,
    /// It panicked.
    Panics,
}

/// How two tensors of one shape differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mismatches {
    /// The observation's name.
    pub observation: String,
    /// The shape of both.
    pub shape: Vec<usize>,
    /// The first wrong element in row-major order.
    pub first: Mismatch,
    /// The one that is off by most.
    pub largest: Mismatch,
    /// How many are wrong.
    pub wrong: usize,
    /// How many there are.
    pub of: usize,
    /// What all errors have in common.
    #[serde(rename = "where")]
    pub pattern: Pattern,
    /// The tensors themselves.
    #[serde(flatten)]
    pub tensors: Box<Tensors>,
}

/// Two tensors of one shape, element by element.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tensors {
    /// What it is.
    #[serde(skip)]
    pub got: Vec<f64>,
    /// What it should be.
    #[serde(skip)]
    pub expected: Vec<f64>,
    /// Which elements are wrong.
    #[serde(skip)]
    pub is_wrong: Vec<bool>,
    /// How far off an element may be.
    pub tolerance: Tolerance,
    /// What makes all the numbers of those that they should be, if it is something simple.
    pub relation: Option<Relation>,
}

/// An element that is not what it should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mismatch {
    /// One index an axis.
    pub index: Vec<usize>,
    /// What it is.
    #[serde(serialize_with = "serialize::number")]
    pub got: f64,
    /// What it should be.
    #[serde(serialize_with = "serialize::number")]
    pub expected: f64,
}

/// An intermediate result beside the reference's.
#[derive(Debug, Clone, PartialEq)]
pub struct Departure {
    /// What it is.
    pub name: String,
    /// Its shape in the reference.
    pub shape: Vec<usize>,
    /// Largest absolute error; none if there is nothing to compare.
    pub error: Option<f64>,
    /// What is wrong with it, if anything is.
    pub fault: Option<Fault>,
}

/// A group and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedGroup {
    /// A short phrase.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The ids of the known mistakes that explain it, if any do.
    pub diagnosis: Vec<String>,
}

/// What became of a group.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// All in order.
    Passed,
    /// Something is wrong; this is the first thing.
    Failed(Fault),
    /// The process had ended by then.
    NotReached,
}

/// What became of a group, whatever was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupOutcome {
    /// All in order.
    Passed,
    /// Something is wrong.
    Failed,
    /// The program had ended by then, or never ran.
    NotReached,
}

impl Outcome {
    /// What it comes down to.
    #[must_use]
    pub fn kind(&self) -> GroupOutcome {
        match self {
            Self::Passed => GroupOutcome::Passed,
            Self::Failed(_) => GroupOutcome::Failed,
            Self::NotReached => GroupOutcome::NotReached,
        }
    }
}

impl Verdict {
    /// What it comes down to.
    #[must_use]
    pub fn kind(&self) -> VerdictKind {
        match self {
            Self::Passed => VerdictKind::Passed,
            Self::Unreadable(_) => VerdictKind::Unreadable,
            Self::DoesNotCompile { .. } => VerdictKind::DoesNotCompile,
            Self::EarlierStep { .. } => VerdictKind::EarlierStep,
            Self::Failed { fault, .. } => fault.kind(),
        }
    }
}

impl Fault {
    /// What it comes down to.
    #[must_use]
    pub fn kind(&self) -> VerdictKind {
        match self {
            Self::NotStarted { .. } => VerdictKind::NotStarted,
            Self::Panicked { .. } => VerdictKind::Panicked,
            Self::WrongParameters { .. } => VerdictKind::WrongParameters,
            Self::WrongShape { .. } => VerdictKind::WrongShape,
            Self::WrongType { .. } => VerdictKind::WrongType,
            Self::NotFinite(_) => VerdictKind::NotFinite,
            Self::WrongValues(_) => VerdictKind::WrongValues,
            Self::WrongText { .. } => VerdictKind::WrongText,
            Self::WrongRefusal { .. } => VerdictKind::WrongRefusal,
            Self::WrongEntries(_) => VerdictKind::WrongEntries,
            Self::NotRecorded { .. } => VerdictKind::NotRecorded,
            Self::TimedOut { .. } => VerdictKind::TimedOut,
            Self::TooManyThreads => VerdictKind::TooManyThreads,
            Self::OutOfMemory { .. } => VerdictKind::OutOfMemory,
            Self::StackOverflow => VerdictKind::StackOverflow,
            Self::StoppedEarly(_) => VerdictKind::StoppedEarly,
        }
    }
}
