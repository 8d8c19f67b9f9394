//! Verdicts for people and for programs. Every format reads the same [`Judgement`].

mod grid;
pub mod json;
pub mod numbers;
pub mod text;

use std::env;
use std::path::Path;

use crate::course::Step;
use crate::terminal::style;

/// `path` as seen from the current folder, if it lies below it.
#[must_use]
pub fn shown(path: &Path) -> String {
    let relative = env::current_dir()
        .ok()
        .and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_owned));
    relative.as_deref().unwrap_or(path).display().to_string()
}

/// What stands above everything about a step: `s06 Position embeddings`.
#[must_use]
pub fn step_heading(step: &Step) -> String {
    style::heading(format!("{} {}", step.id, step.title)).to_string()
}
