//! From a walk through a submission to a file for each step.

use std::path::Path;

use super::candidates::Candidates;
use super::limits::{FILE_NOTES, Limits, Notes};
use super::select::{self, Choice};
use super::{archive, folder, notes};
use crate::course::source::Unreadable;
use crate::course::source::source_text;

/// What a student handed in.
#[derive(Debug)]
pub struct Submission {
    /// What is noteworthy about it as a whole, as sentences.
    pub notes: Vec<String>,
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

/// Reads the files for `steps` out of the archive at `path`.
///
/// # Errors
///
/// If it is none that can be opened: what to say about it, as in "is a RAR archive".
pub fn from_archive(path: &Path, steps: &[&str], limits: &Limits) -> Result<Submission, String> {
    let mut candidates = Candidates::new(steps, limits);
    archive::walk(path, &mut candidates)?;
    Ok(take(candidates.finish(), "archive"))
}

/// Reads the files for `steps` out of the folder at `path`. Learning platforms make a folder for
/// each student with whatever was handed in, so it may be an archive that lies there and nothing
/// else.
///
/// # Errors
///
/// If there is no such folder: what to say about it.
pub fn from_folder(path: &Path, steps: &[&str], limits: &Limits) -> Result<Submission, String> {
    let mut candidates = Candidates::new(steps, limits);
    folder::walk(path, &mut candidates).map_err(|e| notes::unopened(&e))?;
    let mut found = candidates.finish();
    if let (true, [(inside, Some(on_disk))]) = (found.has_none(), &found.archives[..]) {
        let inside = inside.join("/");
        match from_archive(on_disk, steps, limits) {
            Ok(submission) => return Ok(submission.within(&inside, found.notes)),
            Err(reason) => found.notes.push(notes::not_taken(&inside, &reason)),
        }
        found.archives.clear();
    }
    Ok(take(found, "folder"))
}

/// Takes a file for each step out of what was found in a `what`, as in "folder".
fn take(found: Candidates, what: &str) -> Submission {
    let (has_none, is_empty) = (found.has_none(), found.is_empty());
    let mut notes = found.notes;
    for (path, _) in &found.archives {
        notes.push(notes::archive_within(&path.join("/")));
    }
    if let (true, Some(step)) = (has_none, found.steps.first()) {
        let skipped: Vec<&String> = found.skipped.iter().collect();
        // An archive that is broken seems to be empty as well.
        let is_empty = is_empty && notes.is_empty();
        notes.push_first(notes::no_step(what, is_empty, step, &skipped));
    }
    let choices = found.of_steps.into_iter().map(select::choose);
    let files = found.steps.iter().zip(choices);
    Submission {
        notes: notes.finish(),
        files: files.map(|(step, choice)| read(step, choice)).collect(),
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
    if !taken.is_exact() {
        notes.push(notes::taken_for(&path, step));
    }
    let bytes = reader();
    for (rival, reader) in choice.rivals {
        if reader() != bytes {
            notes.push(notes::rival(&path, &rival.path.join("/")));
        }
    }
    if choice.more > 0 {
        notes.push(notes::more_rivals(&path, choice.more));
    }
    Found {
        path: Some(path),
        notes: notes.finish(),
        content: bytes
            .and_then(source_text)
            .map_or_else(Content::Unreadable, Content::Text),
    }
}

impl Submission {
    /// One without a single step, and why there is none.
    #[must_use]
    pub fn nothing(steps: &[&str], note: String) -> Self {
        Self {
            notes: vec![note],
            files: vec![Found::default(); steps.len()],
        }
    }

    /// The same, of an archive that lies at `inside` in a folder.
    fn within(mut self, inside: &str, mut notes: Notes) -> Self {
        notes.push(notes::opened(inside));
        self.notes.into_iter().for_each(|note| notes.push(note));
        self.notes = notes.finish();
        for found in &mut self.files {
            let path = found.path.take();
            found.path = path.map(|path| format!("{inside}/{path}"));
        }
        self
    }
}
