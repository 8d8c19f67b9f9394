//! What Gradescope writes beside the submissions of an export, in `submission_metadata.yml`: who handed
//! in each of them, and when. Pure.
//!
//! A program writes that file, always in one form, and a few of its keys are all that is needed. So it is
//! read line by line; what it says of scores and of what a student's program printed is passed over.
//!
//! ```yaml
//! submission_123:
//!   :submitters:
//!   - :name: Ana Cruz
//!     :sid: '1234567'
//!     :email: ana@school.edu
//!   :created_at: 2026-11-30 22:10:00.861687000 Z
//! ```

use std::collections::HashMap;

use super::naming::{Named, Platform};
use crate::classroom::due::Stamp;
use crate::classroom::record::{Submitted, TimeFrom};

/// The name of the file.
pub const FILE: &str = "submission_metadata.yml";

/// It holds what all programs of the class printed, too.
pub const LIMIT: u64 = 64 << 20;

/// More than any group has.
const SUBMITTERS: usize = 50;

/// What is said of each submission, by the name of its folder.
pub type Said = HashMap<String, Submission>;

/// What is said of a submission.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Submission {
    submitters: Vec<Submitter>,
    at: Option<Stamp>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Submitter {
    name: Option<String>,
    sid: Option<String>,
    email: Option<String>,
}

impl Submitter {
    fn id(&self) -> Option<&String> {
        self.sid.as_ref().or(self.email.as_ref())
    }
}

impl Submission {
    /// One name for each who handed it in, instead of the name of the folder. None, if nobody is named.
    pub fn named(&self) -> Vec<Named> {
        let known: Vec<(&String, &Submitter)> = (self.submitters.iter())
            .filter_map(|one| Some((one.id()?, one)))
            .collect();
        let of = |(id, one): &(&String, &Submitter)| Named {
            student: one.name.clone(),
            order: (self.at.map_or(0, order), 0),
            time: self.at.map(|at| Submitted {
                at,
                from: TimeFrom::Platform,
            }),
            with: (known.iter().map(|(other, _)| (*other).clone()))
                .filter(|other| other != *id)
                .collect(),
            ..Named::new(Platform::Gradescope, id)
        };
        known.iter().map(of).collect()
    }
}

fn order(at: Stamp) -> u64 {
    u64::try_from(at.order()).unwrap_or(0)
}

/// Reads the text of such a file. What is in another form than Gradescope's says nothing.
pub fn read(text: &str) -> Said {
    let mut said = Said::new();
    let mut submission: Option<&mut Submission> = None;
    let mut lists_submitters = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let rest = line.trim_start_matches(' ');
        let depth = line.len() - rest.len();
        if depth == 0 {
            let name = rest.trim_end().strip_suffix(':').map(unquoted);
            submission = name.map(|name| said.entry(name).or_default());
            lists_submitters = false;
            continue;
        }
        let Some(submission) = submission.as_mut() else {
            continue;
        };
        let (is_new, field) = match rest.strip_prefix("- ") {
            Some(field) => (true, field),
            None => (false, rest),
        };
        if depth == 2 && !is_new {
            let Some((key, value)) = field_of(field, &mut lines) else {
                continue;
            };
            lists_submitters = key == ":submitters";
            if key == ":created_at" {
                submission.at = time(&value);
            }
        } else if lists_submitters && (is_new && depth == 2 || !is_new && depth == 4) {
            if is_new && submission.submitters.len() < SUBMITTERS {
                submission.submitters.push(Submitter::default());
            }
            let field = field_of(field, &mut lines);
            let (Some((key, value)), Some(one)) = (field, submission.submitters.last_mut()) else {
                continue;
            };
            let place = match key {
                ":name" => &mut one.name,
                ":sid" => &mut one.sid,
                ":email" => &mut one.email,
                _ => continue,
            };
            *place = Some(value).filter(|value| !value.trim().is_empty());
        }
    }
    said
}

/// Key and value of a line. A value in quotes may go on in the lines behind it.
fn field_of<'a>(line: &'a str, lines: &mut std::str::Lines<'_>) -> Option<(&'a str, String)> {
    let at = line.get(1..)?.find(':')? + 1;
    let (key, value) = (&line[..at], line[at + 1..].trim());
    let mut value = value.to_owned();
    while !is_closed(&value) {
        let Some(more) = lines.next() else { break };
        value.push(' ');
        value.push_str(more.trim());
    }
    Some((key, unquoted(&value)))
}

/// Whether a value is in no quotes, or has those at its end.
fn is_closed(value: &str) -> bool {
    match value.as_bytes() {
        [b'\'', inner @ ..] => inner.iter().filter(|&&byte| byte == b'\'').count() % 2 == 1,
        [b'"', inner @ ..] => {
            let mut is_escaped = false;
            inner.iter().any(|&byte| {
                let ends = byte == b'"' && !is_escaped;
                is_escaped = byte == b'\\' && !is_escaped;
                ends
            })
        }
        _ => true,
    }
}

/// A value without its quotes.
fn unquoted(value: &str) -> String {
    let inner = |quote: char| {
        (value.strip_prefix(quote)).map(|rest| rest.strip_suffix(quote).unwrap_or(rest))
    };
    match (inner('\''), inner('"')) {
        (Some(inner), _) => inner.replace("''", "'"),
        (None, Some(inner)) => unescaped(inner),
        (None, None) if matches!(value, "null" | "~") => String::new(),
        (None, None) => value.to_owned(),
    }
}

/// What stands in double quotes, with the characters that are written by their numbers.
fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        let digits = match rest.next() {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            Some('n' | 'r' | 't') => {
                plain.push(' ');
                continue;
            }
            other => {
                plain.extend(other);
                continue;
            }
        };
        let number: String = rest.by_ref().take(digits).collect();
        let number = u32::from_str_radix(&number, 16).ok();
        plain.push(number.and_then(char::from_u32).unwrap_or('\u{fffd}'));
    }
    plain
}

/// A time as in `2026-11-30 22:10:00.861687000 Z`: what is less than a second is left out.
fn time(value: &str) -> Option<Stamp> {
    let (start, rest) = value.split_once('.').unwrap_or((value, ""));
    let zone = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{start}{zone}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = include_str!("tests/submission_metadata.yml");

    fn named(said: &Said, folder: &str) -> Vec<(String, String, Vec<String>)> {
        let named = said[folder].named().into_iter();
        named
            .map(|named| (named.id, named.student.unwrap_or_default(), named.with))
            .collect()
    }

    #[test]
    fn who_handed_in_and_when_is_read_and_nothing_else() {
        let said = read(LIST);
        assert_eq!(said.len(), 3);
        let alone = [("1234567".into(), "Ana Cruz".into(), Vec::new())];
        assert_eq!(named(&said, "submission_1"), alone);
        let at = said["submission_1"].at.map(|at| at.to_string());
        assert_eq!(at.as_deref(), Some("2026-11-30T22:10:00+00:00"));
        let both = |other: &str| vec![other.to_owned()];
        let pair = [
            ("222".into(), "Bo Ø \"B\" Li".into(), both("cy@school.edu")),
            (
                "cy@school.edu".into(),
                "Cy: 's :sid: '7'".into(),
                both("222"),
            ),
        ];
        assert_eq!(named(&said, "submission_2"), pair);
        let at = said["submission_2"].at.map(|at| at.to_string());
        assert_eq!(at.as_deref(), Some("2026-12-01T09:30:00+01:00"));
        assert_eq!(named(&said, "submission_3"), []);
    }

    #[test]
    fn what_is_no_such_list_says_nothing() {
        for text in [
            "",
            ":",
            "  :submitters:\n  - :name: Ana\n",
            "submission_1:\n  :submitters:\n  - :name: \"Ana",
            "submission_1:\n  :created_at: yesterday\n",
            "submission_1:\n  :\n  - :\n  -  \n   ü: x\n",
            "submission_1:\r\n\t:submitters:\r\n",
        ] {
            let said = read(text);
            assert!(said.values().all(|one| one.named().is_empty()), "{text}");
        }
    }
}
