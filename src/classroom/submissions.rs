//! From a folder of submissions to step files in memory.
//!
//! Each entry of the folder is a student: a folder, perhaps a whole clone of the course, or an
//! archive. Nothing of it is trusted: no link is followed, nothing is unpacked to disk, nothing is
//! read without a bound, and only step files are taken. One walk through a submission, by `folder`
//! or `archive`, shows every entry to the `candidates`, which keep what may count; `select` picks a
//! file for each step, and `collect` reads it. What is strange about a submission becomes one of
//! the `notes`, never an error: the class goes on.

mod archive;
mod candidates;
mod collect;
mod container;
mod file_step;
mod folder;
mod format;
mod limits;
mod notes;
mod open;
mod paths;
mod safe_names;
mod select;

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::classroom::results_folder;
use crate::error::{Error, Result};

use limits::Limits;
use open::Kind;

pub use collect::{Content, Found, Submission};

/// What lies in a folder of submissions.
#[derive(Debug)]
pub struct Entries {
    /// The submissions, in the order of their ids.
    pub entries: Vec<Entry>,
    /// The names of the files that look like nobody's submission, as `grades.csv` does.
    pub passed_over: Vec<String>,
}

/// A student's submission, not looked into yet.
#[derive(Debug)]
pub struct Entry {
    /// Unique in the class: the name without an archive's ending, or with it where that would not
    /// be unique.
    pub id: String,
    /// The name in the folder. What is not readable in it is written as in `%FF`.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// What is noteworthy about it among the others, as sentences.
    pub notes: Vec<String>,
    kind: Kind,
}

/// The submissions in the folder `folder`.
///
/// # Errors
///
/// If it is no folder that can be read, or if no submission is in it.
pub fn entries(folder: &Path) -> Result<Entries> {
    let shown = folder.display().to_string();
    let (listed, _) =
        folder::list(folder, usize::MAX).map_err(|e| usage(notes::unusable(&shown, &e)))?;
    let (mut entries, others): (Vec<Entry>, Vec<Entry>) = listed
        .into_iter()
        .map(|(name, kind)| Entry::new(folder.join(name), kind))
        .partition(Entry::looks_like_submission);
    let passed_over: Vec<String> = others.into_iter().map(|other| other.name).collect();
    if entries.is_empty() {
        return Err(usage(notes::no_entry(&shown, &passed_over)));
    }
    if entries.iter().all(Entry::is_lone_source) {
        return Err(Error::Usage {
            message: notes::one_submission(&shown),
            next: "`tutor grade --single DIR`, if it is; else a folder for each student".into(),
        });
    }
    let named: Vec<(&str, bool)> = entries
        .iter()
        .map(|entry| (&entry.name[..], entry.kind == Kind::Folder))
        .collect();
    let ids = safe_names::ids(&named);
    for (entry, id) in entries.iter_mut().zip(ids) {
        if entry.kind == Kind::Folder && results_folder::is_in(&entry.path) {
            entry.notes.push(notes::looks_like_results());
        }
        entry
            .notes
            .extend(notes::shared_name(&entry.name, &id.sharing));
        entry.id = id.id;
    }
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Entries {
        entries,
        passed_over,
    })
}

/// The one submission that `path` is: a folder or an archive. A link is followed: whoever typed
/// it means what it leads to.
///
/// # Errors
///
/// If there is nothing.
pub fn single(path: &Path) -> Result<Entries> {
    let unusable = |e: io::Error| usage(notes::unusable(&path.display().to_string(), &e));
    let path = fs::canonicalize(path).map_err(unusable)?;
    let kind = Kind::of(fs::metadata(&path).map_err(unusable)?.file_type());
    Ok(Entries {
        entries: vec![Entry::new(path, kind)],
        passed_over: Vec::new(),
    })
}

fn usage(message: String) -> Error {
    Error::Usage {
        message,
        next: "`tutor grade DIR` wants a folder with a folder or an archive for each student"
            .into(),
    }
}

impl Entry {
    /// One that shares its name with no other.
    fn new(path: PathBuf, kind: Kind) -> Self {
        let name = safe_names::written(path.file_name().unwrap_or_default());
        Self {
            id: safe_names::id(&name, kind == Kind::Folder).to_owned(),
            name,
            path,
            notes: Vec::new(),
            kind,
        }
    }

    /// Whether it is somebody's. A teacher may keep other files in the class's folder.
    fn looks_like_submission(&self) -> bool {
        match self.kind {
            // Also one that holds `grades.jsonl`: whoever hands that in is still there.
            Kind::Folder | Kind::LINK => true,
            Kind::File if !self.name.contains('.') => archive::is_archive(&self.path),
            Kind::File | Kind::Odd(_) => {
                safe_names::is_archive(&self.name) || safe_names::is_source(&self.name)
            }
        }
    }

    fn is_lone_source(&self) -> bool {
        self.kind == Kind::File && safe_names::is_source(&self.name)
    }

    /// Reads what was handed in for `steps`, which are modules' names as in `s07_attention`.
    ///
    /// It takes anything: what is wrong with a submission is told in notes.
    #[must_use]
    pub fn read(&self, steps: &[&str]) -> Submission {
        self.read_within(steps, &Limits::DEFAULT)
    }

    fn read_within(&self, steps: &[&str], limits: &Limits) -> Submission {
        let read = || match self.kind {
            Kind::Folder => collect::from_folder(&self.path, steps, limits),
            Kind::File if self.is_lone_source() => Err(notes::lone_source()),
            Kind::File => collect::from_archive(&self.path, steps, limits),
            Kind::Odd(what) => Err(notes::no_file(what)),
        };
        let nothing = |note: String| Submission::nothing(steps, note);
        // Code of others parses the archives. A slip of theirs must not end the class.
        match catch_unwind(AssertUnwindSafe(read)) {
            Ok(Ok(submission)) => submission,
            Ok(Err(reason)) => nothing(notes::not_taken(&self.name, &reason)),
            Err(_) => nothing(notes::stumbled()),
        }
    }
}

#[cfg(test)]
mod tests;
