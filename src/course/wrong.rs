//! Wrong programs that are no known mistakes: shortcuts and near misses, edits of the solution that
//! its check has to notice.
//!
//! They lie beside the check, in `checks/STEP/shortcuts.toml` and `checks/STEP/near_misses.toml`.

use std::io;
use std::path::PathBuf;

use serde::Deserialize;

use super::mistakes::{Edit, Flaw};
use crate::course::{Course, Step, line_and_column};
use crate::error::{Error, Result};
use crate::files;

/// What kind of wrong program it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Right at one size only, or in one call only.
    Shortcut,
    /// Wrong in a way of its own, close to a known mistake.
    NearMiss,
}

impl Kind {
    /// As in "the near miss `x`".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Shortcut => "shortcut",
            Self::NearMiss => "near miss",
        }
    }

    /// Where those of `step` are written down.
    #[must_use]
    pub fn file(self, course: &Course, step: &Step) -> PathBuf {
        let name = match self {
            Self::Shortcut => "shortcuts.toml",
            Self::NearMiss => "near_misses.toml",
        };
        course.check_file(step).with_file_name(name)
    }
}

/// A wrong program that is no known mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Unique among those of its kind in its step.
    pub id: String,
    /// Known mistakes whose names are true of it all the same.
    pub named: Vec<String>,
    /// The solution with its edits made.
    pub source: String,
    /// Where it is written down, counted from 1.
    pub line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shortcuts {
    #[serde(default)]
    shortcut: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NearMisses {
    #[serde(default)]
    near_miss: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: toml::Spanned<String>,
    #[serde(rename = "what")]
    _what: String,
    #[serde(default)]
    named: Vec<String>,
    edit: Vec<Edit>,
}

/// The wrong programs of a kind of `step`; none if nobody has written any down.
///
/// # Errors
///
/// If one of them is not sound, with its line.
pub fn read(course: &Course, step: &Step, kind: Kind) -> Result<Vec<Wrong>> {
    let path = kind.file(course, step);
    let text = match files::read_text(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::io("read", &path)(e)),
    };
    let solution = course.read("solution", step, &course.solution_file(step))?;
    parse(&text, kind, &solution).map_err(|(offset, message)| Error::Course {
        at: offset.map(|offset| line_and_column(&text, offset)),
        path,
        message,
    })
}

fn parse(text: &str, kind: Kind, solution: &str) -> std::result::Result<Vec<Wrong>, Flaw> {
    let entries = match kind {
        Kind::Shortcut => toml::from_str(text).map(|all: Shortcuts| all.shortcut),
        Kind::NearMiss => toml::from_str(text).map(|all: NearMisses| all.near_miss),
    };
    let entries = entries.map_err(|e| (e.span().map(|span| span.start), e.message().to_owned()))?;
    let mut known: Vec<Wrong> = Vec::new();
    for entry in entries {
        let at = entry.id.span().start;
        let id = entry.id.into_inner();
        if known.iter().any(|wrong| wrong.id == id) {
            return Err((Some(at), format!("`{id}` stands here twice")));
        }
        let source = Edit::made(&entry.edit, &id, solution)?;
        if source == solution {
            return Err((Some(at), format!("`{id}` changes nothing")));
        }
        known.push(Wrong {
            id,
            named: entry.named,
            source,
            line: line_and_column(text, at).0,
        });
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "[[near_miss]]\nid = 'n'\nwhat = 'w'\nnamed = ['m']\n\n\
                       [[near_miss.edit]]\nfind = 'a'\nreplace = 'z'\n";

    #[test]
    fn edits_are_made_and_lines_are_known() {
        let text = format!("# First.\n{ONE}");
        let read = parse(&text, Kind::NearMiss, "abc").expect("it is sound");
        assert_eq!(read[0].source, "zbc");
        assert_eq!(read[0].line, 3);
        assert_eq!(read[0].named, ["m"]);
    }

    #[test]
    fn what_is_not_sound_is_told_with_its_place() {
        let wrong = |text: &str, kind| parse(text, kind, "abc").expect_err("it is not sound").1;
        assert!(wrong(ONE, Kind::Shortcut).contains("unknown field `near_miss`"));
        assert!(wrong(&ONE.repeat(2), Kind::NearMiss).contains("twice"));
        assert!(wrong(&ONE.replace("'a'", "'x'"), Kind::NearMiss).contains("0 times"));
        assert!(wrong(&ONE.replace("'z'", "'a'"), Kind::NearMiss).contains("nothing"));
    }
}
