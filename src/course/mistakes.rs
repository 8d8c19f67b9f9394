//! Known mistakes: small edits of a solution, with a sentence that names each.
//!
//! They lie beside the check, in `checks/STEP/mistakes.toml`.

use std::io;
use std::ops::Range;
use std::path::PathBuf;

use serde::Deserialize;

use crate::course::{Course, Step, line_and_column};
use crate::error::{Error, Result};
use crate::files;

/// A known mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// As in `unbiased-variance`; unique in its step.
    pub id: String,
    /// Continues "it looks like your code …", as in "divides by n - 1 instead of n".
    pub what: String,
    /// Points ahead without giving the answer.
    pub nudge: String,
    /// The solution with the mistake in it.
    pub source: String,
    /// Where it is written down, counted from 1.
    pub line: usize,
    /// What was found in the solution, and what was put in its place, in turn.
    edits: Vec<(String, String)>,
}

impl Mistake {
    /// `solution` with both mistakes in it, if their edits do not touch each other.
    #[must_use]
    pub fn with(&self, other: &Self, solution: &str) -> Option<String> {
        let mut source = solution.to_owned();
        for (find, replace) in self.edits.iter().chain(&other.edits) {
            if source.matches(find.as_str()).count() != 1 {
                return None;
            }
            source = source.replacen(find.as_str(), replace, 1);
        }
        Some(source)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    #[serde(default)]
    mistake: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: toml::Spanned<String>,
    what: String,
    // As it was called at first.
    #[serde(alias = "pointer")]
    nudge: String,
    edit: Vec<Edit>,
}

/// A piece of the solution, and what takes its place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Edit {
    find: toml::Spanned<String>,
    replace: String,
}

impl Edit {
    /// `solution` with `edits` made in turn; `id` is what they make.
    pub(super) fn made(
        edits: &[Self],
        id: &str,
        solution: &str,
    ) -> std::result::Result<String, Flaw> {
        let mut source = solution.to_owned();
        for edit in edits {
            let find = edit.find.get_ref();
            let places = source.matches(find.as_str()).count();
            if places != 1 {
                let message =
                    format!("`{id}`: this stands in the solution {places} times, not once");
                return Err((Some(edit.find.span().start), message));
            }
            source = source.replacen(find.as_str(), &edit.replace, 1);
        }
        Ok(source)
    }
}

/// The known mistakes of `step`; none if nobody has written any down.
///
/// # Errors
///
/// If one of them is not sound, with its line.
pub fn read(course: &Course, step: &Step) -> Result<Vec<Mistake>> {
    let path = file(course, step);
    let text = match files::read_text(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::io("read", &path)(e)),
    };
    let solution = course.read("solution", step, &course.solution_file(step))?;
    parse(&text, &solution).map_err(|(offset, message)| Error::Course {
        at: offset.map(|offset| line_and_column(&text, offset)),
        path,
        message,
    })
}

/// Where the known mistakes of `step` are written down.
#[must_use]
pub fn file(course: &Course, step: &Step) -> PathBuf {
    course.check_file(step).with_file_name("mistakes.toml")
}

/// What is wrong, and at which byte.
pub(super) type Flaw = (Option<usize>, String);

fn parse(text: &str, solution: &str) -> std::result::Result<Vec<Mistake>, Flaw> {
    let manifest: Manifest = toml::from_str(text).map_err(|e| {
        (
            e.span().map(|span: Range<usize>| span.start),
            e.message().to_owned(),
        )
    })?;
    let mut mistakes: Vec<Mistake> = Vec::new();
    for entry in manifest.mistake {
        let at = entry.id.span().start;
        let id = entry.id.into_inner();
        if mistakes.iter().any(|mistake| mistake.id == id) {
            return Err((Some(at), format!("`{id}` stands here twice")));
        }
        let source = Edit::made(&entry.edit, &id, solution)?;
        if source == solution {
            return Err((Some(at), format!("`{id}` changes nothing")));
        }
        mistakes.push(Mistake {
            id,
            what: entry.what,
            nudge: entry.nudge,
            source,
            line: line_and_column(text, at).0,
            edits: (entry.edit.into_iter())
                .map(|edit| (edit.find.into_inner(), edit.replace))
                .collect(),
        });
    }
    Ok(mistakes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(find: &str) -> String {
        format!(
            "[[mistake]]\nid = 'm'\nwhat = 'w'\npointer = 'p'\n\n[[mistake.edit]]\nfind = '{find}'\nreplace = 'z'\n"
        )
    }

    #[test]
    fn edits_are_made_in_turn() {
        let text = entry("a") + "[[mistake.edit]]\nfind = 'zb'\nreplace = 'y'\n";
        let mistakes = parse(&text, "abc").expect("it is sound");
        assert_eq!(mistakes[0].source, "yc");
    }

    #[test]
    fn two_mistakes_at_once_if_they_do_not_touch() {
        let text =
            entry("a") + &entry("c").replace("'m'", "'n'") + &entry("ab").replace("'m'", "'o'");
        let mistakes = parse(&text, "abc").expect("it is sound");
        let both = |i: usize, j: usize| mistakes[i].with(&mistakes[j], "abc");
        assert_eq!(both(0, 1).as_deref(), Some("zbz"));
        assert_eq!(both(0, 2), None);
    }

    #[test]
    fn an_edit_must_match_once() {
        for (find, times) in [("x", "0 times"), ("b", "2 times")] {
            let (at, message) = parse(&entry(find), "abcb").expect_err("it matches otherwise");
            assert!(message.contains(times), "{message}");
            let line = at.map(|at| line_and_column(&entry(find), at).0);
            assert_eq!(line, Some(7));
        }
    }

    #[test]
    fn an_id_is_unique_and_an_edit_changes_something() {
        let twice = entry("a") + &entry("a");
        assert!(parse(&twice, "abc").is_err_and(|(_, message)| message.contains("twice")));
        assert!(parse(&entry("z"), "z").is_err_and(|(_, message)| message.contains("nothing")));
    }
}
