//! The folder of results: the names of the files in it that others look for.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The log's name in the folder of results.
pub const LOG: &str = "grades.jsonl";

/// The folder of everything that was handed in, by content, beside the log.
const SOURCES: &str = "sources";

/// Written last: where it is missing, the grading did not come to its end.
const COMPLETE: &str = "results.json";

/// Where a content lies, in the folder of results.
#[must_use]
pub fn source_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(SOURCES).join(format!("{name}.rs"))
}

/// Removes the files that a killed run was about to give their names, where results are written.
pub fn sweep(folder: &Path) {
    for place in ["", SOURCES, "gradescope", "feedback"] {
        let entries = fs::read_dir(folder.join(place)).into_iter().flatten();
        for entry in entries.flatten() {
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if is_file && entry.file_name().to_string_lossy().starts_with(".tmp") {
                // What cannot be removed now only takes space.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Says that the results in `folder` are not, or no longer, all there are.
///
/// # Errors
///
/// If what says otherwise cannot be removed.
pub fn mark_incomplete(folder: &Path) -> Result<()> {
    match fs::remove_file(folder.join(COMPLETE)) {
        Err(e) if e.kind() != ErrorKind::NotFound => {
            Err(Error::io("remove", &folder.join(COMPLETE))(e))
        }
        _ => Ok(()),
    }
}

/// Whether `folder` holds results, complete or not.
#[must_use]
pub fn is_in(folder: &Path) -> bool {
    folder.join(LOG).is_file()
}

/// Whether grading into `folder` came to its end.
#[must_use]
pub fn is_complete(folder: &Path) -> bool {
    folder.join(COMPLETE).is_file()
}

/// What was handed in, by the name of its content, from the folder of results.
#[must_use]
pub fn source(folder: &Path, name: &str) -> Option<String> {
    fs::read_to_string(source_file(folder, name)).ok()
}
