//! Reads the programs that a check is tried on.

use std::fs;
use std::path::{Path, PathBuf};

use super::Case;
use crate::authoring::flaw::Flaws;
use crate::files;

/// A program in a file of its own.
pub(super) struct Whole {
    pub file: PathBuf,
    pub text: String,
}

/// The Rust files in `folder`, beside the check of a step; none if there is no such folder.
pub(super) fn files_in(case: &Case<'_>, folder: &str, flaws: &mut Flaws<'_>) -> Vec<Whole> {
    let folder = (case.pipeline.course().check_file(case.step)).with_file_name(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    paths.sort();
    let read = |file: PathBuf| match files::read_text(&file) {
        Ok(text) => Some(Whole { file, text }),
        Err(error) => {
            flaws.add(&file, None, format!("cannot be read: {error}"));
            None
        }
    };
    paths.into_iter().filter_map(read).collect()
}

/// A flaw if there are fewer than there should be; `what` as in "known mistakes".
pub(super) fn at_least(
    fewest: usize,
    count: usize,
    what: &str,
    place: &Path,
    flaws: &mut Flaws<'_>,
) {
    if count < fewest {
        let text = format!("has {count} {what}; `course.toml` asks for {fewest} at least");
        flaws.add(place, None, text);
    }
}
