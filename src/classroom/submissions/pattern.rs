//! A pattern of one's own for the names of submissions, as in `{student}_{id}_{file}`. Pure.

use std::str::FromStr;

use super::naming::{Named, Platform};

/// What stands in a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Just this.
    Text(String),
    /// Something that has a meaning.
    Hole(Hole),
}

/// What a part of a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hole {
    Student,
    Id,
    File,
    Attempt,
    Ignore,
}

const HOLES: [(&str, Hole); 5] = [
    ("student", Hole::Student),
    ("id", Hole::Id),
    ("file", Hole::File),
    ("attempt", Hole::Attempt),
    ("ignore", Hole::Ignore),
];

/// How the names of submissions are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let at = |rest: &str| text[..text.len() - rest.len()].chars().count() + 1;
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let tail = &rest[c.len_utf8()..];
            let literal = match c {
                '{' | '}' if tail.starts_with(c) => {
                    rest = &tail[1..];
                    c
                }
                '}' => {
                    return Err(format!(
                        "character {}: `}}` closes nothing; write `}}}}` for one",
                        at(rest)
                    ));
                }
                '{' => {
                    let Some(end) = tail.find('}') else {
                        return Err(format!("character {}: this `{{` is never closed", at(rest)));
                    };
                    let hole = hole(&tail[..end])
                        .map_err(|why| format!("character {}: {why}", at(rest)))?;
                    match parts.last() {
                        Some(Part::Hole(_)) => {
                            return Err(format!(
                                "character {}: something must stand between two `{{…}}`, or nobody knows where one ends",
                                at(rest)
                            ));
                        }
                        _ if hole != Hole::Ignore && parts.contains(&Part::Hole(hole)) => {
                            return Err(format!(
                                "character {}: `{{{}}}` is there twice",
                                at(rest),
                                &tail[..end]
                            ));
                        }
                        _ => parts.push(Part::Hole(hole)),
                    }
                    rest = &tail[end + 1..];
                    continue;
                }
                c => {
                    rest = tail;
                    c
                }
            };
            match parts.last_mut() {
                Some(Part::Text(text)) => text.push(literal),
                _ => parts.push(Part::Text(literal.into())),
            }
        }
        let names = |hole| parts.contains(&Part::Hole(hole));
        if !names(Hole::Student) && !names(Hole::Id) {
            return Err(
                "it says nowhere whose the submission is: put `{student}` or `{id}` in it".into(),
            );
        }
        Ok(Self { parts })
    }
}

fn hole(name: &str) -> Result<Hole, String> {
    let known = HOLES.iter().find(|(known, _)| *known == name);
    known.map(|&(_, hole)| hole).ok_or_else(|| {
        format!("there is no `{{{name}}}`, only `{{student}}`, `{{id}}`, `{{file}}`, `{{attempt}}` and `{{ignore}}`")
    })
}

impl Pattern {
    /// Whether a name is matched with its ending: it is a part of the file's name.
    #[must_use]
    pub fn has_file(&self) -> bool {
        self.parts.contains(&Part::Hole(Hole::File))
    }

    /// What a name says, if it is made like this.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Named> {
        // Most ids are numbers, and names of people may hold what separates the parts.
        let mut budget = BUDGET;
        let found = matched(&self.parts, name, true, &mut budget).or_else(|| {
            let mut budget = BUDGET;
            matched(&self.parts, name, false, &mut budget)
        })?;
        let text = |hole| {
            found
                .iter()
                .find(|(of, _)| *of == hole)
                .map(|&(_, text)| text.to_owned())
        };
        let student = text(Hole::Student);
        let id = text(Hole::Id).or_else(|| student.clone())?;
        Some(Named {
            student: student.filter(|student| *student != id),
            file: text(Hole::File),
            order: (
                text(Hole::Attempt)
                    .and_then(|text| text.parse().ok())
                    .unwrap_or(0),
                0,
            ),
            ..Named::new(Platform::Pattern, &id)
        })
    }
}

/// How many ways of dividing a name are tried: a name is short, and few are ambiguous.
const BUDGET: usize = 10_000;

/// What each hole stands for. Each is as short as can be, from the left.
fn matched<'a>(
    parts: &[Part],
    text: &'a str,
    with_numbers: bool,
    budget: &mut usize,
) -> Option<Vec<(Hole, &'a str)>> {
    let Some((part, rest)) = parts.split_first() else {
        return text.is_empty().then(Vec::new);
    };
    let hole = match part {
        Part::Text(literal) => {
            return matched(rest, text.strip_prefix(&literal[..])?, with_numbers, budget);
        }
        Part::Hole(hole) => *hole,
    };
    let wants_number = hole == Hole::Attempt || (hole == Hole::Id && with_numbers);
    for (at, c) in text.char_indices() {
        if wants_number && !c.is_ascii_digit() {
            return None;
        }
        *budget = budget.checked_sub(1)?;
        let (here, behind) = text.split_at(at + c.len_utf8());
        if let Some(mut found) = matched(rest, behind, with_numbers, budget) {
            found.push((hole, here));
            return Some(found);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        text.parse().expect("a pattern")
    }

    fn said(of: &str, name: &str) -> Option<(String, Option<String>, Option<String>)> {
        let named = pattern(of).named(name)?;
        Some((named.id, named.student, named.file))
    }

    #[test]
    fn a_name_is_taken_apart() {
        let found = said("{student}_{id}_{file}", "van_der_berg_123_s06_x.rs");
        assert_eq!(
            found,
            Some((
                "123".into(),
                Some("van_der_berg".into()),
                Some("s06_x.rs".into())
            ))
        );
        let found = said("{student}_{id}_{file}", "ana_ab12_s06.rs");
        assert_eq!(
            found,
            Some(("ab12".into(), Some("ana".into()), Some("s06.rs".into())))
        );
        let found = said("hw1-{student}", "hw1-ana-b");
        assert_eq!(found, Some(("ana-b".into(), None, None)));
        let found = said("{{{ignore}}} {id}", "{2026} 7");
        assert_eq!(found, Some(("7".into(), None, None)));
        assert_eq!(said("{student}_{id}", "ana"), None);
        assert_eq!(said("hw1-{student}", "hw2-ana"), None);
        let named = pattern("{id} try {attempt}")
            .named("ü7 try 12")
            .expect("it fits");
        assert_eq!((&named.id[..], named.order), ("ü7", (12, 0)));
        assert_eq!(pattern("{id} try {attempt}").named("7 try x"), None);
    }

    #[test]
    fn a_bad_pattern_is_told_with_the_place() {
        for (text, part) in [
            ("{student", "character 1: this `{` is never closed"),
            (
                "ü_{studnet}_{id}",
                "character 3: there is no `{studnet}`, only `{student}`",
            ),
            (
                "{student}{id}",
                "character 10: something must stand between",
            ),
            ("{id}_{id}", "character 6: `{id}` is there twice"),
            ("{id}}", "character 5: `}` closes nothing"),
            ("{file}", "put `{student}` or `{id}`"),
            ("", "put `{student}` or `{id}`"),
        ] {
            let said = text.parse::<Pattern>().expect_err(text);
            assert!(said.contains(part), "{text}: {said}");
        }
    }

    #[test]
    fn an_ambiguous_name_takes_no_long_time() {
        let pattern = pattern("{ignore}a{ignore}a{ignore}a{ignore}a{ignore}a{ignore}a{id}b");
        assert_eq!(pattern.named(&"a".repeat(250)), None);
    }
}
