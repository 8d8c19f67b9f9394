//! Variants: other right ways to write a step.

use std::fs;
use std::path::PathBuf;

use crate::course::{Course, Step};
use crate::error::{Error, Result};
use crate::files;

/// A right program in another style than the solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// As in `loop_over_heads`: its file's name.
    pub name: String,
    /// What is different about it: the text at the top of its file.
    pub about: String,
    /// Its file.
    pub path: PathBuf,
    /// Its source.
    pub text: String,
}

/// The variants of `step`, by name.
///
/// # Errors
///
/// If a file cannot be read.
pub fn read(course: &Course, step: &Step) -> Result<Vec<Variant>> {
    let folder = course.variants_folder(step);
    let Ok(entries) = fs::read_dir(&folder) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(Error::io("read", &folder))?.path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = files::read_text(&path).map_err(Error::io("read", &path))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        found.push(Variant {
            name: name.into_owned(),
            about: about(&text),
            path,
            text,
        });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// The `//!` lines at the top, in one.
fn about(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .collect();
    lines.join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::about;

    #[test]
    fn it_is_told_by_its_first_comment() {
        let text = "//! A loop\n//! over heads.\n\nuse a::b;\n//! Not this.\n";
        assert_eq!(about(text), "A loop over heads.");
        assert_eq!(about("use a::b;\n"), "");
    }
}
