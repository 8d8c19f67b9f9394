//! Hints: `lessons/STEP/hints.toml`.
//!
//! A hint says when it is one: for a known mistake, for a piece of an error message, for a kind of
//! fault, in some groups of the check or in any. One without an occasion is general: it waits in a
//! queue, and is skipped once the groups that it works towards pass.

use std::fs;
use std::io;

use serde::Deserialize;

use crate::course::verdict_kind::VerdictKind;
use crate::course::{Course, Step, line_and_column};
use crate::error::{Error, Result};

/// The hints of a step, in the file's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    hints: Vec<Hint>,
}

/// A hint and its occasion; all that the occasion names has to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Markdown.
    pub text: String,
    /// The id of a known mistake.
    pub mistake: Option<String>,
    /// A piece of what rustc or a panic said.
    pub error: Option<String>,
    /// A kind of trouble.
    pub on: Option<VerdictKind>,
    /// Groups of the check. With `error` or `on`: where that was seen; else: what the hint works
    /// towards.
    pub groups: Vec<String>,
}

/// How closely a hint fits, the closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A known mistake was named.
    Mistake,
    /// These words were said.
    Error,
    /// This kind of trouble, in this group.
    KindInGroup,
    /// This kind of trouble.
    Kind,
    /// Whatever happened.
    General,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    #[serde(default)]
    hint: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    text: String,
    on: Option<toml::Spanned<String>>,
    error: Option<toml::Spanned<String>>,
    mistake: Option<String>,
    group: Option<Groups>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Groups {
    One(String),
    Several(Vec<String>),
}

/// The hints of `step`; none if nobody has written any.
///
/// # Errors
///
/// If the file is not sound, with the line.
pub fn read(course: &Course, step: &Step) -> Result<Hints> {
    let path = course.hints_file(step);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Hints::default()),
        Err(e) => return Err(Error::io("read", &path)(e)),
    };
    parse(&text).map_err(|(offset, message)| Error::Course {
        at: offset.map(|offset| line_and_column(&text, offset)),
        path,
        message,
    })
}

/// A flaw: where, and what.
pub(crate) type Flaw = (Option<usize>, String);

/// The hints that a file's `text` lists.
pub(crate) fn parse(text: &str) -> std::result::Result<Hints, Flaw> {
    let manifest: Manifest = toml::from_str(text)
        .map_err(|e| (e.span().map(|span| span.start), e.message().to_owned()))?;
    let hints = manifest
        .hint
        .into_iter()
        .map(hint)
        .collect::<std::result::Result<_, Flaw>>()?;
    Ok(Hints { hints })
}

fn hint(entry: Entry) -> std::result::Result<Hint, Flaw> {
    let on = entry.on.map(trouble).transpose()?;
    if let Some(error) = &entry.error
        && error.get_ref().trim().is_empty()
    {
        let message = "`error` is a piece of a message, and cannot be empty".to_owned();
        return Err((Some(error.span().start), message));
    }
    Ok(Hint {
        text: entry.text,
        mistake: entry.mistake,
        error: entry.error.map(toml::Spanned::into_inner),
        on,
        groups: match entry.group {
            None => Vec::new(),
            Some(Groups::One(group)) => vec![group],
            Some(Groups::Several(groups)) => groups,
        },
    })
}

/// The kinds of trouble that a hint may be for: all but a pass, and an earlier step, which no hint
/// of this step helps with; and none that only a class's grades have.
fn troubles() -> impl Iterator<Item = VerdictKind> {
    use VerdictKind::{EarlierStep, Forbidden, Missing, Passed};
    let all = VerdictKind::ALL.into_iter();
    all.filter(|kind| !matches!(kind, Passed | EarlierStep | Missing | Forbidden))
}

fn trouble(word: toml::Spanned<String>) -> std::result::Result<VerdictKind, Flaw> {
    let found = troubles().find(|kind| kind.as_str() == word.get_ref());
    found.ok_or_else(|| {
        let known: Vec<String> = troubles().map(|kind| format!("`{kind}`")).collect();
        let message = format!(
            "`{}` is not a kind of trouble; there is {}",
            word.get_ref(),
            known.join(", ")
        );
        (Some(word.span().start), message)
    })
}

impl Hints {
    /// All of them, those that belong together side by side: the general ones first, in rising
    /// strength, then those for an occasion, the commonest occasions first.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Hint> {
        let mut sorted: Vec<&Hint> = self.hints.iter().collect();
        sorted.sort_by_key(|hint| match hint.rank() {
            Rank::General => 0,
            Rank::Kind | Rank::KindInGroup => 1,
            Rank::Error => 2,
            Rank::Mistake => 3,
        });
        sorted
    }

    /// Whether there are none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hints.is_empty()
    }

    /// The hints as the file has them.
    pub fn iter(&self) -> impl Iterator<Item = &Hint> {
        self.hints.iter()
    }
}

impl Hint {
    /// How closely it fits when it fits.
    #[must_use]
    pub fn rank(&self) -> Rank {
        match self {
            Self {
                mistake: Some(_), ..
            } => Rank::Mistake,
            Self { error: Some(_), .. } => Rank::Error,
            Self {
                on: Some(_),
                groups,
                ..
            } if !groups.is_empty() => Rank::KindInGroup,
            Self { on: Some(_), .. } => Rank::Kind,
            _ => Rank::General,
        }
    }
}

#[cfg(test)]
mod tests;
