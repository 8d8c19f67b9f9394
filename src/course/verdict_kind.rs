//! The kinds of verdict: one word each, and how it is shown.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a verdict or a fault comes down to, in one word: in JSON, in the files of progress and of
/// grades, and in a hint's `on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictKind {
    /// Every observation is as it should be.
    Passed,
    /// A `todo!()` was reached.
    NotStarted,
    /// There is no source to judge.
    Unreadable,
    /// rustc does not accept it.
    DoesNotCompile,
    /// An earlier step of the learner's own stands in the way.
    EarlierStep,
    /// It panicked.
    Panicked,
    /// The module has other parameters than it should.
    WrongParameters,
    /// A tensor has another shape than it should.
    WrongShape,
    /// A tensor has elements of another type than it should.
    WrongType,
    /// A tensor has NaN, or an infinity, where a number should be.
    NotFinite,
    /// A tensor has other values than it should.
    WrongValues,
    /// A text is another.
    WrongText,
    /// Something is missing, too much, called otherwise or in another order.
    WrongEntries,
    /// A call accepted what it should refuse, or the other way round.
    WrongRefusal,
    /// The check did not get that far.
    NotRecorded,
    /// The time was up.
    TimedOut,
    /// It started more threads than it may have.
    TooManyThreads,
    /// Memory ran out.
    OutOfMemory,
    /// It called itself without end.
    StackOverflow,
    /// The process ended before the program did.
    StoppedEarly,
    /// It was not handed in; in the grades of a class only.
    Missing,
    /// It calls what it should write itself; in the grades of a class only.
    Forbidden,
}

impl VerdictKind {
    /// All of them, as README and docs/grades.md list them.
    pub const ALL: [Self; 22] = [
        Self::Passed,
        Self::NotStarted,
        Self::Unreadable,
        Self::DoesNotCompile,
        Self::EarlierStep,
        Self::Panicked,
        Self::WrongParameters,
        Self::WrongShape,
        Self::WrongType,
        Self::NotFinite,
        Self::WrongValues,
        Self::WrongText,
        Self::WrongEntries,
        Self::WrongRefusal,
        Self::NotRecorded,
        Self::TimedOut,
        Self::TooManyThreads,
        Self::OutOfMemory,
        Self::StackOverflow,
        Self::StoppedEarly,
        Self::Missing,
        Self::Forbidden,
    ];

    /// The word, the sign and the phrase.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Passed => ("passed", "✓", "passed"),
            Self::NotStarted => ("not_started", "·", "not started"),
            Self::Unreadable => ("unreadable", "?", "cannot be read"),
            Self::DoesNotCompile => ("does_not_compile", "{", "does not compile"),
            Self::EarlierStep => ("earlier_step", "↑", "an earlier step stands in the way"),
            Self::Panicked => ("panicked", "!", "panicked"),
            Self::WrongParameters => ("wrong_parameters", "✗", "wrong parameters"),
            Self::WrongShape => ("wrong_shape", "✗", "wrong shape"),
            Self::WrongType => ("wrong_type", "✗", "wrong element type"),
            Self::NotFinite => ("not_finite", "✗", "NaN or infinity"),
            Self::WrongValues => ("wrong_values", "✗", "wrong values"),
            Self::WrongText => ("wrong_text", "✗", "wrong values"),
            Self::WrongEntries => ("wrong_entries", "✗", "wrong entries"),
            Self::WrongRefusal => ("wrong_refusal", "✗", "refuses or accepts the wrong input"),
            Self::NotRecorded => ("not_recorded", "✗", "did not get that far"),
            Self::TimedOut => ("timed_out", "◷", "timed out"),
            Self::TooManyThreads => ("too_many_threads", "✗", "too many threads"),
            Self::OutOfMemory => ("out_of_memory", "▲", "ran out of memory"),
            Self::StackOverflow => ("stack_overflow", "▲", "overflowed its stack"),
            Self::StoppedEarly => ("stopped_early", "!", "stopped early"),
            Self::Missing => ("missing", "–", "not handed in"),
            Self::Forbidden => ("forbidden", "⊘", "calls what it should write itself"),
        }
    }

    /// As it is written: `wrong_values`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// As it is shown where there is room for a sign: one column wide in a terminal.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        self.row().1
    }

    /// As it is shown where there is room for a few words.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        self.row().2
    }

    /// The sign where only passed, not started and wrong are told apart.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Passed | Self::NotStarted => self.sign(),
            _ => Self::WrongValues.sign(),
        }
    }
}

impl fmt::Display for VerdictKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that no kind of verdict has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownKind;

impl FromStr for VerdictKind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or(UnknownKind)
    }
}

/// A kind as a file has it. A word that only another version of `tutor` knows is kept as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NotedKind {
    /// One of those that this version knows.
    Known(VerdictKind),
    /// Another; empty if nothing was judged yet.
    Other(String),
}

impl NotedKind {
    /// The kind, if it is known.
    #[must_use]
    pub const fn kind(&self) -> Option<VerdictKind> {
        match self {
            Self::Known(kind) => Some(*kind),
            Self::Other(_) => None,
        }
    }

    /// As it is written; empty if nothing was judged yet.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(kind) => kind.as_str(),
            Self::Other(word) => word,
        }
    }

    /// As it is written, the words put apart: `wrong values`.
    #[must_use]
    pub fn words(&self) -> String {
        self.as_str().replace('_', " ")
    }
}

impl Default for NotedKind {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl From<VerdictKind> for NotedKind {
    fn from(kind: VerdictKind) -> Self {
        Self::Known(kind)
    }
}

impl From<&str> for NotedKind {
    fn from(word: &str) -> Self {
        word.parse()
            .map_or_else(|UnknownKind| Self::Other(word.to_owned()), Self::Known)
    }
}

impl PartialEq<VerdictKind> for NotedKind {
    fn eq(&self, kind: &VerdictKind) -> bool {
        self.kind() == Some(*kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in backticks, in order.
    fn quoted(text: &str) -> Vec<&str> {
        text.split('`').skip(1).step_by(2).collect()
    }

    /// The words of `text` from the first verdict to the end of the sentence.
    fn listed(text: &'static str) -> Vec<&'static str> {
        let at = text.find("`passed`, `not_started`");
        let list = &text[at.expect("the verdicts are listed")..];
        quoted(list.split_once('.').expect("the sentence ends").0)
    }

    #[test]
    fn there_is_no_other_kind_and_serde_has_the_same_words() {
        let error = serde_json::from_str::<VerdictKind>("\"?\"").expect_err("it is none");
        let words = VerdictKind::ALL.map(VerdictKind::as_str);
        assert_eq!(quoted(&error.to_string())[1..], words);
        for kind in VerdictKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
    }

    #[test]
    fn the_documents_list_them_all() {
        let words = VerdictKind::ALL.map(VerdictKind::as_str);
        let of_a_class = 2;
        let of_a_learner = &words[..words.len() - of_a_class];
        assert_eq!(listed(include_str!("../../README.md")), of_a_learner);
        assert_eq!(listed(include_str!("../../docs/grades.md")), of_a_learner);
    }

    #[test]
    fn an_unknown_word_is_kept() {
        for word in ["", "passed", "something_new"] {
            let json = format!("\"{word}\"");
            let noted: NotedKind = serde_json::from_str(&json).expect("any word will do");
            assert_eq!(noted, NotedKind::from(word));
            assert_eq!(noted.kind().is_some(), word == "passed");
            let written = serde_json::to_string(&noted).expect("it is a word");
            assert_eq!(written, json);
        }
    }
}
