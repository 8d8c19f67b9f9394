//! Whose each folder and file is: several may be one student's.

use std::collections::{BTreeMap, BTreeSet};

use super::gradescope::{Said, Submission};
use super::naming::{self, Named, Platform, blackboard};
use super::part::Part;
use super::pattern::Pattern;
use super::{Entry, attempt, notes, safe_names};
use crate::classroom::record::Submitted;

/// A part, and what its name says.
pub struct Known {
    /// The part.
    pub part: Part,
    /// None, if nothing but a student's name.
    pub named: Option<Named>,
}

impl Known {
    /// What the name of a part says, in the way of the platforms or of the teacher's `pattern`.
    pub fn new(mut part: Part, pattern: Option<&Pattern>) -> Self {
        let is_folder = part.kind == super::Kind::Folder;
        let named = match pattern {
            None => naming::of(&part.name, is_folder),
            Some(pattern) if is_folder || pattern.has_file() => pattern.named(&part.name),
            Some(pattern) => pattern.named(safe_names::stem(&part.name)),
        };
        if let Some(named) = &named {
            part.file.clone_from(&named.file);
            // Blackboard's own word on an attempt is a file, and no archive.
            if named.platform == Platform::Blackboard && named.file.is_none() {
                part.file = Some(part.name.clone());
            }
            part.attempt = named.order;
        }
        Self { part, named }
    }

    /// The same for each who handed it in, as far as Gradescope's list says more than a number.
    pub fn said_by(self, said: &Said) -> Vec<Self> {
        let is_gradescopes = |named: &Named| named.platform == Platform::Gradescope;
        let named = match self.named.as_ref().filter(|named| is_gradescopes(named)) {
            Some(_) => (said.get(&self.part.name)).map_or_else(Vec::new, Submission::named),
            None => Vec::new(),
        };
        if named.is_empty() {
            return vec![self];
        }
        let of = |named: Named| Self {
            part: Part {
                attempt: named.order,
                ..self.part.clone()
            },
            named: Some(named),
        };
        named.into_iter().map(of).collect()
    }

    fn stem(&self) -> &str {
        safe_names::id(&self.part.name, self.part.kind == super::Kind::Folder)
    }
}

/// Who a submission is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    /// Whom a platform knows by this number or name, in lower case; and what the student is called, where
    /// names have both: two who are called differently are never one.
    Known(Platform, String, Option<String>),
    /// Who has several attempts.
    Attempts(String),
    /// Whoever has this name.
    Name(String),
}

/// The submissions, each of all that is one student's, in no order; and what there is to say about
/// all of them.
pub fn entries(parts: Vec<Known>) -> (Vec<Entry>, Vec<String>) {
    let (mut parts, said) = clones(parts);
    without_assignment(&mut parts);
    let attempted = attempted(&parts);
    let mut students: BTreeMap<Whose, Vec<Known>> = BTreeMap::new();
    for mut known in parts {
        let whose = match &known.named {
            Some(named) => {
                let has_both = matches!(named.platform, Platform::Canvas | Platform::Brightspace);
                let called = named.student.as_ref().filter(|_| has_both);
                let called = called.map(|name| name.to_lowercase());
                Whose::Known(named.platform, named.id.to_lowercase(), called)
            }
            None => {
                let found = attempt::of(known.stem());
                let stem = known.stem().to_owned();
                match found.filter(|found| attempted.contains(found.base)) {
                    Some(found) => {
                        let (base, number) = (found.base.to_owned(), found.number);
                        known.part.attempt = (number, 0);
                        Whose::Attempts(base)
                    }
                    None if attempted.contains(&stem) => Whose::Attempts(stem),
                    None => Whose::Name(known.part.name.clone()),
                }
            }
        };
        students.entry(whose).or_default().push(known);
    }
    let entries = students
        .into_iter()
        .map(|(whose, parts)| entry(whose, parts));
    (entries.collect(), said)
}

/// The names that have several attempts: what a name says by a mere number counts only if there is
/// one without it, as `team-1` and `team-2` are two teams.
fn attempted(parts: &[Known]) -> BTreeSet<String> {
    let unnamed = || {
        parts
            .iter()
            .filter(|known| known.named.is_none())
            .map(Known::stem)
    };
    let all: BTreeSet<&str> = unnamed().collect();
    unnamed()
        .filter_map(attempt::of)
        .filter(|found| found.style == attempt::Style::Said || all.contains(found.base))
        .map(|found| found.base.to_owned())
        .collect()
}

/// Where all are clones of one assignment, its name is left out of theirs.
fn clones(mut parts: Vec<Known>) -> (Vec<Known>, Vec<String>) {
    let are_clones = (parts.iter()).all(|known| known.named.is_none() && known.part.is_clone());
    let names: Vec<&str> = parts.iter().map(|known| &known.part.name[..]).collect();
    let Some(start) = naming::assignment(&names).filter(|_| are_clones) else {
        return (parts, Vec::new());
    };
    let (said, start) = (notes::shortened_names(start), start.len());
    for known in &mut parts {
        let id = known.part.name[start..].to_owned();
        known.named = Some(Named::new(Platform::GitHub, &id));
    }
    (parts, vec![said])
}

/// In Blackboard's names nothing tells the assignment from a student's id but that all begin with the
/// assignment: both may have a `_` in them.
fn without_assignment(parts: &mut [Known]) {
    let is_blackboards = |named: &Option<Named>| {
        (named.as_ref()).is_some_and(|n| n.platform == Platform::Blackboard)
    };
    let heads: BTreeSet<&str> = parts
        .iter()
        .filter(|known| is_blackboards(&known.named))
        .filter_map(|known| blackboard::head(&known.part.name))
        .collect();
    let heads: Vec<&str> = heads.into_iter().collect();
    let Some(start) = blackboard::assignment(&heads).map(str::len) else {
        return;
    };
    for known in parts {
        let head = blackboard::head(&known.part.name).and_then(|head| head.get(start..));
        let named = (known.named.as_mut()).filter(|named| named.platform == Platform::Blackboard);
        if let (Some(named), Some(id)) = (named, head) {
            id.clone_into(&mut named.id);
        }
    }
}

fn entry(whose: Whose, mut parts: Vec<Known>) -> Entry {
    parts.sort_by(|a, b| {
        let key = |known: &Known| (known.part.attempt, known.part.name.clone());
        key(a).cmp(&key(b))
    });
    let named = || parts.iter().filter_map(|known| known.named.as_ref());
    let last = named().next_back();
    let is_marked_late = last.is_some_and(|named| named.is_late);
    let student = last.and_then(|named| named.student.clone());
    let handed_in: Option<Submitted> = named().filter_map(|named| named.time).next_back();
    let with = last.map_or_else(Vec::new, |named| named.with.clone());
    let id = match (&whose, last) {
        (_, Some(named)) => named.id.clone(),
        (Whose::Attempts(base), None) => base.clone(),
        (_, None) => parts
            .first()
            .map_or_else(String::new, |known| known.stem().to_owned()),
    };
    let by_attempt: BTreeSet<(u64, u64)> = parts.iter().map(|known| known.part.attempt).collect();
    let are_files_of_one = matches!(whose, Whose::Known(Platform::Canvas, ..));
    let names: Vec<&str> = parts.iter().map(|known| &known.part.name[..]).collect();
    let mut notes = Vec::new();
    if by_attempt.len() > 1 && !are_files_of_one {
        notes.push(notes::attempts(&names));
    }
    notes.extend(notes::handed_in_with(&with));
    Entry {
        id,
        name: names
            .last()
            .map_or_else(String::new, |name| (*name).to_owned()),
        student,
        notes,
        handed_in,
        is_marked_late,
        parts: parts.into_iter().map(|known| known.part).collect(),
        ..Entry::default()
    }
}
