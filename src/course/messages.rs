//! What compile errors and panics mean to somebody who has not read the crates that steps use.
//!
//! Course data: `messages.toml` beside the kit's manifest, whose head says how an entry is written.

mod pattern;

use std::fs;
use std::io;
use std::path::PathBuf;

use serde::Deserialize;

use crate::course::{Course, line_and_column};
use crate::error::{Error, Result};
use pattern::{Captured, Pattern, Sentence};

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// An error of rustc's.
    Compile,
    /// A panic.
    Panic,
}

/// What a sentence may ask of the course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// The `use` line by which the step's skeleton imports a name.
    Use,
    /// The step with this module name, if it comes after the one at hand, as in "step 09".
    Later,
}

/// The messages that a course knows the meaning of.
#[derive(Debug, Default)]
pub struct Messages {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    about: About,
    /// All of them occur in the message.
    patterns: Vec<Pattern>,
    meaning: Sentence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    #[serde(default)]
    message: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    about: About,
    pattern: toml::Spanned<Patterns>,
    meaning: toml::Spanned<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Patterns {
    One(String),
    All(Vec<String>),
}

/// What is wrong, and at which byte.
type Flaw = (Option<usize>, String);

impl Messages {
    /// The messages of `course`; none if nobody has written any down.
    ///
    /// # Errors
    ///
    /// If one of them is not sound, with its line.
    pub fn read(course: &Course) -> Result<Self> {
        let path = file(course);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(e) => return Err(Error::io("read", &path)(e)),
        };
        Self::parse(&text).map_err(|(offset, message)| Error::Course {
            at: offset.map(|offset| line_and_column(&text, offset)),
            path,
            message,
        })
    }

    fn parse(text: &str) -> std::result::Result<Self, Flaw> {
        let manifest: Manifest = toml::from_str(text)
            .map_err(|e| (e.span().map(|span| span.start), e.message().to_owned()))?;
        let entries = manifest.message.into_iter().map(entry);
        Ok(Self {
            entries: entries.collect::<std::result::Result<_, _>>()?,
        })
    }

    /// What `message` means, by the first entry that fits it. `ask` answers what a sentence asks
    /// of the course; an entry whose question has no answer does not fit.
    #[must_use]
    pub fn meaning(
        &self,
        about: About,
        message: &str,
        ask: impl Fn(Question, &str) -> Option<String>,
    ) -> Option<String> {
        let message = in_one_line(message);
        self.entries
            .iter()
            .filter(|entry| entry.about == about)
            .find_map(|entry| {
                let mut captured = Captured::default();
                let fits = (entry.patterns.iter()).all(|p| p.is_in(&message, &mut captured));
                fits.then(|| entry.meaning.with(&captured, &ask)).flatten()
            })
            // Nobody wants to read the same twice.
            .filter(|meaning| !message.contains(meaning.as_str()))
    }
}

/// Where a course's messages are written down.
#[must_use]
pub fn file(course: &Course) -> PathBuf {
    course.kit().path.join("messages.toml")
}

fn entry(row: Row) -> std::result::Result<Entry, Flaw> {
    let at = row.pattern.span().start;
    let texts = match row.pattern.into_inner() {
        Patterns::One(text) => vec![text],
        Patterns::All(texts) => texts,
    };
    let patterns = (texts.iter())
        .map(|text| Pattern::parse(text).map_err(|message| (Some(at), message)))
        .collect::<std::result::Result<Vec<_>, Flaw>>()?;
    if patterns.is_empty() {
        return Err((Some(at), "this entry has no pattern".into()));
    }
    let at = row.meaning.span().start;
    let meaning = Sentence::parse(row.meaning.get_ref());
    let meaning = meaning.map_err(|message| (Some(at), message))?;
    let is_captured = |name: &&str| patterns.iter().any(|pattern| pattern.captures(name));
    if let Some(name) = meaning.names().find(|name| !is_captured(name)) {
        let message = format!("no pattern of this entry captures `{{{name}}}`");
        return Err((Some(at), message));
    }
    Ok(Entry {
        about: row.about,
        patterns,
        meaning,
    })
}

/// Without line breaks and runs of spaces, which are another in each rendering.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(rows: &str, message: &str) -> Option<String> {
        let messages = Messages::parse(rows).expect("it is sound");
        messages.meaning(About::Panic, message, |question, name| {
            (question == Question::Use && name == "Known").then(|| format!("use a::{name};"))
        })
    }

    fn row(pattern: &str, meaning: &str) -> String {
        format!("[[message]]\nabout = 'panic'\npattern = {pattern}\nmeaning = '''{meaning}'''\n")
    }

    #[test]
    fn the_first_entry_that_fits_says_it() {
        let rows = row("'index {i} of {n}'", "{i} in {n}: 0 to {last n}") + &row("'index'", "none");
        let said = meaning(&rows, "bad:\n   index 7 of\n 4");
        assert_eq!(said.as_deref(), Some("7 in 4: 0 to 3"));
        assert_eq!(meaning(&rows, "index").as_deref(), Some("none"));
        assert_eq!(meaning(&rows, "my own words"), None);
        assert_eq!(meaning("", "index"), None);
    }

    #[test]
    fn all_patterns_of_an_entry_have_to_fit() {
        let rows = row("['a {x};', 'b {y};']", "{x} and {y}");
        assert_eq!(meaning(&rows, "b 2; a 1;").as_deref(), Some("1 and 2"));
        assert_eq!(meaning(&rows, "a 1;"), None);
    }

    #[test]
    fn an_entry_whose_question_has_no_answer_is_passed_over() {
        let rows = row("'no `{name}`'", "`{use name}`") + &row("'no'", "another");
        assert_eq!(
            meaning(&rows, "no `Known`").as_deref(),
            Some("`use a::Known;`")
        );
        assert_eq!(meaning(&rows, "no `Other`").as_deref(), Some("another"));
    }

    #[test]
    fn what_the_message_says_itself_is_not_said_again() {
        assert_eq!(
            meaning(&row("'at least {n}'", "at least {n}"), "at least 2"),
            None
        );
    }

    #[test]
    fn what_is_not_sound_is_told_with_its_line() {
        let flaw = |text: &str| {
            let (offset, message) = Messages::parse(text).expect_err("it is not sound");
            (offset.map(|at| line_and_column(text, at).0), message)
        };
        let (line, message) = flaw(&row("'index {i}'", "{j}"));
        assert_eq!(line, Some(4));
        assert!(message.contains("`{j}`"), "{message}");
        assert_eq!(flaw(&row("'index {i'", "")).0, Some(3));
        assert_eq!(flaw(&row("'{i}{j}'", "")).0, Some(3));
        assert_eq!(flaw(&row("[]", "a")).0, Some(3));
        assert_eq!(flaw(&row("'a {i}'", "{shout i}")).0, Some(4));
        assert!(
            flaw("[[message]]\nabout = 'weather'\n")
                .1
                .contains("weather")
        );
        assert!(flaw("[[massage]]\n").1.contains("massage"));
    }
}
