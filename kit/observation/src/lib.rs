//! What an observation program records about an implementation, and how it is written down.
//!
//! The program under check and the judge are two processes; this crate is all they share. A
//! program is given [`Instructions`] and writes [`Event`]s, one JSON object a line and the
//! bytes of a tensor behind its line, each written whole before the next begins, so that what was
//! recorded before a crash survives it. [`Observations::read`] collects them.

mod bounded;
mod tensor;
mod wire;

pub use tensor::{DType, TensorValue};
pub use wire::Event;

use serde::{Deserialize, Serialize};

/// The folder of a step's assets, seen from the folder in which its observation program runs.
pub const ASSETS: &str = "../assets";

/// What an observation program is told, in one line.
///
/// On Unix the line comes out of what becomes the program's standard output, and can be read once;
/// standard input is the record, which the program can append to and not read. Where there is no such
/// channel, the orders are the first line of a file that the record is appended to. Either way the
/// observer takes both away before any code under check runs, so that safe code can neither read the
/// seed nor write a record of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instructions {
    /// Decides all inputs and parameters.
    pub seed: u64,
    /// The step's source file as the compiler was given it: for a panic elsewhere, the calls that
    /// led to it are searched for. Without a file nobody asks for them.
    pub source: Option<String>,
    /// Which of several observation programs in one executable to run, counted from 0.
    pub choice: Option<usize>,
    /// What to run behind it in the same process, in turn; each has a record of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<Turn>,
}

/// One run of one of several observation programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Turn {
    /// Decides all inputs and parameters.
    pub seed: u64,
    /// Which program, counted from 0.
    pub choice: usize,
}

/// How far a value may lie from the reference: `|a - b| <= absolute + relative * |b|`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tolerance {
    /// Allowed difference as a fraction of the reference value.
    pub relative: f64,
    /// Allowed difference whatever the reference value.
    pub absolute: f64,
}

impl Tolerance {
    /// Wide enough for a float sum taken in another order, narrower than erf for tanh in GELU.
    pub const DEFAULT: Self = Self {
        relative: 1e-4,
        absolute: 1e-5,
    };

    /// For what is not rounded.
    pub const EXACT: Self = Self {
        relative: 0.0,
        absolute: 0.0,
    };

    /// Whether `got` is as good as `expected`. Infinities must match exactly; NaN matches nothing.
    #[must_use]
    pub fn accepts(self, got: f64, expected: f64) -> bool {
        got == expected
            || (got.is_finite()
                && expected.is_finite()
                && (got - expected).abs() <= self.absolute + self.relative * expected.abs())
    }
}

/// One parameter of a module: its path, as in `h.0.ln_1.weight`, and its shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Field names from the module down to the parameter, joined by dots.
    pub path: String,
    /// Length of each axis.
    #[serde(deserialize_with = "bounded::list::<{ bounded::AXES }, _, _>")]
    pub shape: Vec<usize>,
}

/// A line of source code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Path as the compiler was given it.
    pub file: String,
    /// Counted from 1.
    pub line: u32,
}

/// A panic of the code under check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panic {
    /// What the panic said.
    pub message: String,
    /// Where `panic!` stands, which may be inside a dependency.
    pub at: Option<Place>,
    /// The calls that led there, innermost first, as far as they carry line information.
    #[serde(deserialize_with = "bounded::list::<{ bounded::CALLS }, _, _>")]
    pub calls: Vec<Place>,
    /// The thread's name, when it was not the program's own thread.
    pub thread: Option<String>,
}

/// What became of a call that should, or should not, refuse its input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum Call {
    /// It returned a value.
    Accepted,
    /// It returned an error, whose text this is.
    Error {
        /// The error as displayed.
        message: String,
    },
    /// It panicked.
    Panicked(Panic),
}

/// A recorded result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A tensor, a scalar included (rank 0). It is written down apart, in bytes.
    #[serde(skip)]
    Tensor(TensorValue),
    /// The parameters of a module, in the order in which they are visited.
    Parameters(
        #[serde(deserialize_with = "bounded::list::<{ bounded::PARAMETERS }, _, _>")]
        Vec<Parameter>,
    ),
    /// Whether a call refused its input, and how.
    Call(Call),
    /// Text, compared letter by letter.
    Text(String),
}

/// A named result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// What was observed; unique within its group.
    pub name: String,
    /// The result.
    pub value: Value,
    /// How close is close enough. The judge takes the reference's word for it.
    pub tolerance: Tolerance,
}

/// Observations that belong together: one row of a verdict, and the unit of partial credit.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// A short phrase, as in "one batch of ids".
    pub name: String,
    /// In the order in which they were recorded.
    pub observations: Vec<Observation>,
    /// Panics in the order in which they happened. Those of calls that may refuse are not here.
    pub panics: Vec<Panic>,
    /// Whether the group was left in an orderly way, by its end or by a panic.
    pub ended: bool,
}

/// All that one run of an observation program recorded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observations {
    /// In the order of the check.
    pub groups: Vec<Group>,
    /// Whether the program reached its end.
    pub finished: bool,
}
