//! The source of an observation program, with what it shares with others.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::files;

/// An observation program's source.
#[derive(Debug, Clone)]
pub struct Check {
    /// Where it lies.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
}

impl Check {
    /// The check in the file `path` that says `text`.
    ///
    /// A check may share code with others, by a line `#[path = "../common.rs"]` and a line
    /// `mod common;`: what that file says becomes part of the check, wherever it is compiled.
    ///
    /// # Errors
    ///
    /// If such a file cannot be read.
    pub fn new(path: PathBuf, text: &str) -> Result<Self> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut whole = String::with_capacity(text.len());
        let mut lines = text.split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            let module = lines.peek().and_then(|next| module_name(next));
            let (Some(shared), Some(module)) = (path_attribute(line), module) else {
                whole.push_str(line);
                continue;
            };
            let file = folder.join(shared);
            let shared = files::read_text(&file).map_err(Error::io("read", &file))?;
            whole.push_str(&format!("mod {module} {{\n{shared}\n}}\n"));
            lines.next();
        }
        Ok(Self { path, text: whole })
    }
}

/// The file that a line `#[path = "…"]` names.
fn path_attribute(line: &str) -> Option<&str> {
    line.trim().strip_prefix("#[path = \"")?.strip_suffix("\"]")
}

/// The module that a line `mod NAME;` declares.
fn module_name(line: &str) -> Option<&str> {
    line.trim().strip_prefix("mod ")?.strip_suffix(';')
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_checks_share_becomes_part_of_them() {
        let folder = tempfile::tempdir().expect("a folder for tests");
        fs::write(
            folder.path().join("common.rs"),
            "//! Shared.\npub fn f() {}",
        )
        .expect("it can be written");
        let path = folder.path().join("s01_a/check.rs");
        fs::create_dir(folder.path().join("s01_a")).expect("it is new");
        let text = "//! A check.\n#[path = \"../common.rs\"]\nmod common;\n\nuse common::f;\n";
        let check = Check::new(path.clone(), text).expect("it can be read");
        assert_eq!(
            check.text,
            "//! A check.\nmod common {\n//! Shared.\npub fn f() {}\n}\n\nuse common::f;\n"
        );
        assert!(Check::new(path, &text.replace("common.rs", "none.rs")).is_err());
    }
}
