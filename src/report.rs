//! Verdicts for people and for programs. Every format reads the same [`Judgement`].

mod grid;
pub mod human;
pub mod json;
mod numbers;

use std::env;
use std::path::Path;

/// `path` as seen from the current folder, if it lies below it.
#[must_use]
pub fn shown(path: &Path) -> String {
    let relative = env::current_dir()
        .ok()
        .and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_owned));
    relative.as_deref().unwrap_or(path).display().to_string()
}
