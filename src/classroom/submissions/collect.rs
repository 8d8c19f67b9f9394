//! From a walk through a submission to a file for each step.

use std::io::Cursor;
use std::mem;

use super::candidates::{Candidates, From, Inner, Scope};
use super::format::{self, Format};
use super::limits::{FILE_NOTES, Limits, Notes};
use super::open::Kind;
use super::part::Part;
use super::select::{self, Choice};
use super::{archive, decode, notes};
use crate::classroom::due::Stamp;
use crate::course::source::{SOURCE_LIMIT, Unreadable};

/// An archive that lies in another is held in memory while it is read.
pub(super) const INNER_LIMIT: u64 = 32 << 20;

/// What a student handed in.
#[derive(Debug)]
pub struct Submission {
    /// What is noteworthy about it as a whole, as sentences.
    pub notes: Vec<String>,
    /// When it was handed in, as far as the files that were taken say.
    pub handed_in: Option<Stamp>,
    /// One for each step that was asked for, in the same order.
    pub files: Vec<Found>,
}

/// What was found for a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Where in the submission, as in `steps/s07_attention.rs`.
    pub path: Option<String>,
    /// What is noteworthy about the file, as sentences.
    pub notes: Vec<String>,
    /// What it says.
    pub content: Content,
}

/// What a step's file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Content {
    /// There is no such file.
    #[default]
    Missing,
    /// The source.
    Text(String),
    /// There is a file, but no source in it.
    Unreadable(Unreadable),
}

/// Reads the files for `steps` out of the `parts` of a submission, of which each is an attempt or a
/// file of one. Learning platforms make a folder for each student with whatever was handed in, so
/// archives that lie within are opened, too.
///
/// # Errors
///
/// If there is only one part, and nothing can be had of it: what to say about it, as in "is a RAR
/// archive".
pub fn from_parts(parts: &[Part], steps: &[&str], limits: &Limits) -> Result<Submission, String> {
    let mut candidates = Candidates::new(steps, limits);
    for part in parts {
        candidates.scope = part.scope(parts.len() == 1);
        if let Err(reason) = part.walk(&mut candidates) {
            if parts.len() == 1 {
                return Err(reason);
            }
            candidates.notes.push(notes::not_taken(&part.name, &reason));
        }
    }
    let had_none = candidates.has_none();
    let mut opened = Vec::new();
    for inner in mem::take(&mut candidates.archives) {
        let path = inner.path.join("/");
        match open(inner, &mut candidates) {
            Ok(()) => opened.push(path),
            Err(reason) => candidates.notes.push(notes::not_taken(&path, &reason)),
        }
    }
    if let (true, false, [path]) = (had_none, candidates.has_none(), &opened[..]) {
        candidates.notes.push(notes::opened(path));
    }
    let what = match parts {
        [part] if part.kind == Kind::Folder => "folder",
        [_] => "archive",
        _ => "submission",
    };
    Ok(take(candidates.finish(), what))
}

/// Shows all that is in an archive within the submission.
fn open(inner: Inner, candidates: &mut Candidates) -> Result<(), String> {
    let name = inner.path.last().cloned().unwrap_or_default();
    candidates.scope = Scope {
        strip: Vec::new(),
        under: inner.path,
        ..inner.scope
    };
    match inner.from {
        From::Disk(path) => archive::walk(&path, candidates),
        From::Archive(reader) => {
            let bytes = reader(INNER_LIMIT).map_err(|why| notes::unread(&why))?;
            archive::walk_in(Box::new(Cursor::new(bytes)), &name, candidates)
        }
    }
}

/// Takes a file for each step out of what was found in a `what`, as in "folder".
fn take(found: Candidates, what: &str) -> Submission {
    let (has_none, is_empty) = (found.has_none(), found.is_empty());
    let mut notes = found.notes;
    if let (true, Some(step)) = (has_none, found.steps.first()) {
        let skipped: Vec<&String> = found.skipped.iter().collect();
        // An archive that is broken seems to be empty as well.
        let is_empty = is_empty && notes.is_empty();
        let (others, count) = &found.others;
        let others = notes::Others {
            names: others,
            count: *count,
        };
        notes.push_first(notes::no_step(what, is_empty, step, &skipped, others));
    }
    let choices: Vec<Choice> = found.of_steps.into_iter().map(select::choose).collect();
    let handed_in = choices.iter().filter_map(|choice| choice.handed_in);
    Submission {
        notes: notes.finish(),
        handed_in: handed_in.max_by_key(|stamp| stamp.order()),
        files: (found.steps.iter().zip(choices))
            .map(|(step, choice)| read(step, choice))
            .collect(),
    }
}

/// Reads what was chosen for a step, and compares it with what could as well have been.
fn read(step: &str, choice: Choice) -> Found {
    let mut notes = Notes::new(FILE_NOTES);
    for (place, what) in &choice.odd {
        notes.push(notes::odd(&place.path.join("/"), what));
    }
    let Some((taken, reader)) = choice.taken else {
        return Found {
            notes: notes.finish(),
            ..Found::default()
        };
    };
    let path = taken.path.join("/");
    let is_exact = taken.path.last().and_then(|name| name.strip_suffix(".rs")) == Some(step);
    if !is_exact {
        notes.push(notes::taken_for(&path, step));
    }
    let bytes = reader(SOURCE_LIMIT);
    for (rival, reader, why) in choice.rivals {
        if reader(SOURCE_LIMIT) != bytes {
            notes.push(notes::rival(&path, &rival.path.join("/"), why));
        }
    }
    if choice.more > 0 {
        notes.push(notes::more_rivals(&path, choice.more));
    }
    let format = (bytes.as_ref()).map_or(Format::Unknown, |bytes| format::of(bytes));
    let content = match bytes.and_then(decode::text) {
        Ok((text, encoding)) => {
            if let Some(encoding) = encoding {
                notes.push(notes::decoded(encoding));
            }
            Content::Text(text)
        }
        Err(why) => {
            if !matches!(format, Format::Empty | Format::Unknown) {
                notes.push(notes::archive_like_a_source(&path));
            }
            Content::Unreadable(why)
        }
    };
    Found {
        path: Some(taken.in_class()),
        notes: notes.finish(),
        content,
    }
}

impl Submission {
    /// One without a single step, and what there is to say about that.
    #[must_use]
    pub fn nothing(steps: &[&str], notes: Vec<String>) -> Self {
        Self {
            notes,
            handed_in: None,
            files: vec![Found::default(); steps.len()],
        }
    }
}
