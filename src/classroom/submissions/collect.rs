//! From what a submission holds to a file for each step.

use std::collections::{BTreeMap, BTreeSet};

use super::archive;
use super::candidates::{Candidate, Kept, Sieve};
use super::folder::Folder;
use super::limits::{FILE_NOTES, Limits, Notes};
use super::notes;
use super::open::Kind;
use super::select::{self, Choice};
use super::{Content, Found, Submission};
use crate::course::source::{Unreadable, source_text};

/// A folder or an archive.
pub trait Holder {
    /// Offers all that it holds.
    fn list(&mut self, sieve: &mut Sieve);

    /// Reads files that it offered, by their handles. The answers are in the same order.
    fn read(&mut self, wanted: &[usize]) -> Vec<Result<Vec<u8>, Unreadable>>;
}

/// What was read, by handle.
type Contents = BTreeMap<usize, Result<Vec<u8>, Unreadable>>;

/// Reads an archive's files for `steps`.
pub fn from_archive(archive: &mut dyn Holder, steps: &[&str], limits: &Limits) -> Submission {
    let kept = list(archive, steps, limits);
    take(archive, kept, steps, "archive")
}

/// Reads a folder's files for `steps`. Learning platforms make a folder for each student with
/// whatever was handed in, so it may be an archive that lies there and nothing else.
pub fn from_folder(mut folder: Folder, steps: &[&str], limits: &Limits) -> Submission {
    let mut kept = list(&mut folder, steps, limits);
    if let ([], [(path, handle)]) = (&kept.candidates[..], &kept.archives[..]) {
        let inside = path.join("/");
        match folder.path(*handle).map(|path| archive::open(path, limits)) {
            Some(Ok(mut archive)) => {
                let submission = from_archive(archive.as_mut(), steps, limits);
                return submission.within(&inside, kept.notes);
            }
            Some(Err(reason)) => kept.notes.push(notes::no_archive(&inside, &reason)),
            None => {}
        }
        kept.archives.clear();
    }
    take(&mut folder, kept, steps, "folder")
}

fn list(holder: &mut dyn Holder, steps: &[&str], limits: &Limits) -> Kept {
    let mut sieve = Sieve::new(steps, limits);
    holder.list(&mut sieve);
    sieve.finish()
}

/// Takes a file for each step out of a `what`, as in "folder".
fn take(holder: &mut dyn Holder, kept: Kept, steps: &[&str], what: &str) -> Submission {
    let Kept {
        candidates,
        archives,
        skipped,
        is_empty,
        mut notes,
    } = kept;
    for (path, _) in &archives {
        notes.push(notes::archive_within(&path.join("/")));
    }
    if let (true, Some(step)) = (candidates.is_empty(), steps.first()) {
        let skipped = skipped.iter().map(String::as_str).collect::<Vec<_>>();
        // An archive that is broken seems to be empty as well.
        let is_empty = is_empty && notes.is_empty();
        notes.push_first(notes::no_step(what, is_empty, step, &skipped));
    }
    let choices: Vec<Choice> = (0..steps.len())
        .map(|step| select::choose(&candidates, step))
        .collect();
    let contents = read(holder, &choices, &candidates);
    let files = steps
        .iter()
        .zip(&choices)
        .map(|(step, choice)| found(step, choice, &candidates, &contents))
        .collect();
    Submission {
        notes: notes.finish(),
        files,
    }
}

/// Reads what was chosen, and what it has to be compared with.
fn read(holder: &mut dyn Holder, choices: &[Choice], candidates: &[Candidate]) -> Contents {
    let wanted: BTreeSet<usize> = choices
        .iter()
        .flat_map(|choice| choice.taken.iter().chain(&choice.rivals))
        .map(|&at| candidates[at].handle)
        .collect();
    let wanted: Vec<usize> = wanted.into_iter().collect();
    let contents = holder.read(&wanted);
    wanted.into_iter().zip(contents).collect()
}

fn found(step: &str, choice: &Choice, candidates: &[Candidate], contents: &Contents) -> Found {
    let mut notes = Notes::new(FILE_NOTES);
    let path = |at: usize| candidates[at].path.join("/");
    for &at in &choice.odd {
        if let Kind::Odd(what) = candidates[at].kind {
            notes.push(notes::odd(&path(at), what));
        }
    }
    let Some(taken) = choice.taken else {
        return Found::missing(notes.finish());
    };
    if !candidates[taken].exact {
        notes.push(notes::taken_for(&path(taken), step));
    }
    let content = |at: usize| contents.get(&candidates[at].handle);
    for &rival in &choice.rivals {
        if content(rival) != content(taken) {
            notes.push(notes::rival(&path(taken), &path(rival)));
        }
    }
    if choice.more > 0 {
        notes.push(notes::more_rivals(&path(taken), choice.more));
    }
    let content = match content(taken) {
        None => Content::Unreadable(Unreadable::Missing),
        Some(Err(why)) => Content::Unreadable(why.clone()),
        Some(Ok(bytes)) => {
            source_text(bytes.clone()).map_or_else(Content::Unreadable, Content::Text)
        }
    };
    Found {
        path: Some(path(taken)),
        notes: notes.finish(),
        content,
    }
}

impl Submission {
    /// The same, of an archive that lies at `inside` in a folder.
    fn within(mut self, inside: &str, mut notes: Notes) -> Self {
        notes.push(notes::opened(inside));
        self.notes.into_iter().for_each(|note| notes.push(note));
        self.notes = notes.finish();
        for found in &mut self.files {
            if let Some(path) = &mut found.path {
                *path = format!("{inside}/{path}");
            }
        }
        self
    }
}
