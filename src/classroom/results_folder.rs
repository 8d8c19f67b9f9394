//! The folder of results: the names of the files in it that others look for.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The log's name in the folder of results.
pub const LOG: &str = "grades.jsonl";

/// The folder of everything that was handed in, by content, beside the log.
const SOURCES: &str = "sources";

/// Written last: where it is missing, the grading did not come to its end.
const COMPLETE: &str = "results.json";

/// Makes the folder, unless it is there. It holds everybody's grades, and the seed that students could
/// rehearse with: a new one is for its owner alone, and so is one with nothing but results in it.
///
/// # Errors
///
/// If it cannot be made.
pub fn make(folder: &Path) -> Result<()> {
    let is_ours = match fs::read_dir(folder) {
        Ok(mut entries) => is_in(folder) || entries.next().is_none(),
        Err(_) => true,
    };
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    if is_ours {
        close_to_others(folder).map_err(Error::io("close to others", folder))?;
    }
    Ok(())
}

#[cfg(unix)]
fn close_to_others(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// Folders are what the one around them makes of them.
#[cfg(not(unix))]
fn close_to_others(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}

/// A new file that is opened so can be read and written by its owner alone.
pub fn for_its_owner(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

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
