//! What `tutor course check` holds every step to, as `course.toml` says.

use serde::Deserialize;
use toml::Spanned;

/// What every check has to have, and what a step may cost.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CheckRules {
    /// The fewest known mistakes.
    pub mistakes: usize,
    /// The fewest shortcuts.
    pub shortcuts: usize,
    /// The fewest near misses.
    pub near_misses: usize,
    /// The fewest variants.
    pub variants: usize,
    /// The most memory that a solution may take, in megabytes.
    pub megabytes: Option<u64>,
    /// The most milliseconds that compiling a step with its check may take beyond compiling an
    /// empty program.
    pub milliseconds: Option<u32>,
}

/// What every lesson has to have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LessonRules {
    /// Its headings of the second rank, in order; any if there are none here.
    pub headings: Vec<String>,
    /// What it has to mention somewhere.
    pub mentions: Vec<String>,
    /// The fewest and the most answers that are folded away.
    pub answers: Option<(usize, usize)>,
    /// The fewest experiments.
    pub experiments: usize,
    /// The fewest exercises that are answered by typing.
    pub exercises: usize,
    /// The fewest hints that are good on every occasion.
    pub hints: usize,
    /// Files of [`ASSETS`](super::ASSETS) that the programs of all lessons read, besides those that
    /// their step names.
    pub assets: Vec<Spanned<String>>,
    /// What is in scope of each fragment of Rust.
    pub prelude: String,
}
