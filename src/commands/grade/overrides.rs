//! Which file of decisions counts, and that it stays beside the results.

use std::path::{Path, PathBuf};

use crate::classroom::overrides::{FILE, Overrides};
use crate::cli::Results;
use crate::course::Course;
use crate::error::{Error, Result};
use crate::files;

/// At the end of a copy. Its lines have the numbers that they have in the file itself.
const COPIED: &str = "# Copied by `tutor grade`; change the file that it came from: ";

/// The decisions that were asked for, or those that lie beside the results; none if there are none.
/// What was asked for is kept beside the results, so that it goes where they go.
///
/// # Errors
///
/// If they are not sound, with the line, or others lie beside the results that somebody wrote there.
pub fn read(course: &Course, results: &Results) -> Result<Overrides> {
    let beside = results.out.join(FILE);
    let Some(given) = &results.overrides else {
        return if beside.is_file() {
            Overrides::read(&beside, course)
        } else {
            Ok(Overrides::default())
        };
    };
    let overrides = Overrides::read(given, course)?;
    if is_same(given, &beside) {
        return Ok(overrides);
    }
    let text = files::read_text(given).map_err(Error::named("--overrides", given))?;
    let copy = format!("{}\n{COPIED}{}\n", text.trim_end(), given.display());
    if beside.is_file() {
        let old = files::read_text(&beside).map_err(Error::io("read", &beside))?;
        if !old.contains(COPIED) && old.trim() != text.trim() {
            return Err(Error::Usage {
                message: format!("`{}` has other decisions", beside.display()),
                next: format!(
                    "leave `--overrides` out to go by those, or put them into `{}` and remove them \
                     there",
                    given.display()
                ),
            });
        }
    }
    files::write(&beside, copy.as_bytes())?;
    Ok(overrides)
}

/// Puts the decisions beside the parts of a class beside the whole, unless there are some already.
///
/// # Errors
///
/// If they cannot be read or written.
pub fn gather(parts: &[PathBuf], out: &Path) -> Result<()> {
    let beside = out.join(FILE);
    if beside.exists() {
        return Ok(());
    }
    let mut texts: Vec<String> = Vec::new();
    for part in parts {
        let path = part.join(FILE);
        if path.is_file() {
            let text = files::read_text(&path).map_err(Error::io("read", &path))?;
            // All parts may have been graded with the same file.
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
    }
    if texts.is_empty() {
        return Ok(());
    }
    files::write(&beside, texts.join("\n").as_bytes())
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
