//! From a folder of submissions to step files in memory.
//!
//! Each entry of the folder is a student: a folder, perhaps a whole clone of the course, or an
//! archive. Nothing of it is trusted: no link is followed, nothing is unpacked to disk, nothing is
//! read without a bound, and only step files are taken. `folder` and `archive` list what may be
//! one, `sieve` keeps what counts, `choose` picks a file for each step. What is strange about a
//! submission becomes a note in `sentences`, never an error: the class goes on.

mod archive;
mod candidates;
mod collect;
mod file_step;
mod folder;
mod format;
mod limits;
mod notes;
mod open;
mod paths;
mod safe_names;
mod select;

use std::ffi::OsString;
use std::fs::{self, FileType};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::classroom::results_folder;
use crate::engine::judge::Unreadable;
use crate::error::{Error, Result};

use folder::Folder;
use limits::Limits;
use open::Kind;

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

/// What a student handed in.
#[derive(Debug)]
pub struct Submission {
    /// What is noteworthy about it as a whole, as sentences.
    pub notes: Vec<String>,
    /// One for each step that was asked for, in the same order.
    pub files: Vec<Found>,
}

/// What was found for a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where in the submission, as in `steps/s07_attention.rs`.
    pub path: Option<String>,
    /// What is noteworthy about the file, as sentences.
    pub notes: Vec<String>,
    /// What it says.
    pub content: Content,
}

/// What a step's file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// There is no such file.
    Missing,
    /// The source.
    Text(String),
    /// There is a file, but no source in it.
    Unreadable(Unreadable),
}

/// The submissions in the folder `folder`.
///
/// # Errors
///
/// If it is no folder that can be read, or if no submission is in it.
pub fn entries(folder: &Path) -> Result<Entries> {
    let unusable = |e: io::Error| usage(notes::unusable(&folder.display().to_string(), &e));
    let mut listed: Vec<(OsString, FileType)> = Vec::new();
    for entry in fs::read_dir(folder).map_err(unusable)? {
        let entry = entry.map_err(unusable)?;
        let name = entry.file_name();
        if !safe_names::is_junk(&safe_names::written(&name)) {
            listed.push((name, entry.file_type().map_err(unusable)?));
        }
    }
    listed.sort_by(|a, b| a.0.cmp(&b.0));

    let mut submissions = Vec::new();
    let mut passed_over = Vec::new();
    for (name, file_type) in listed {
        let (path, kind) = (folder.join(&name), Kind::of(file_type));
        let written = safe_names::written(&name);
        if looks_like_submission(&path, &written, kind) {
            submissions.push((written, path, kind));
        } else {
            passed_over.push(written);
        }
    }
    if submissions.is_empty() {
        let folder = folder.display().to_string();
        return Err(usage(notes::no_entry(&folder, &passed_over)));
    }
    let is_lone = |(name, _, kind): &(String, PathBuf, Kind)| {
        *kind == Kind::File && safe_names::is_source(name)
    };
    if submissions.iter().all(is_lone) {
        return Err(Error::Usage {
            message: notes::one_submission(&folder.display().to_string()),
            next: "`tutor grade --single DIR`, if it is; else a folder for each student".into(),
        });
    }
    let named: Vec<(&str, bool)> = submissions
        .iter()
        .map(|(name, _, kind)| (name.as_str(), *kind == Kind::Folder))
        .collect();
    let ids = safe_names::ids(&named);
    let mut entries: Vec<Entry> = submissions
        .into_iter()
        .zip(ids)
        .map(|((name, path, kind), id)| Entry {
            notes: notes::shared_name(&name, &id.sharing).into_iter().collect(),
            id: id.id,
            name,
            path,
            kind,
        })
        .collect();
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
    let name = safe_names::written(path.file_name().unwrap_or_default());
    let [id] = &safe_names::ids(&[(&name, kind == Kind::Folder)])[..] else {
        return Err(Error::Internal("one name has one id".into()));
    };
    Ok(Entries {
        entries: vec![Entry {
            id: id.id.clone(),
            notes: Vec::new(),
            name,
            path,
            kind,
        }],
        passed_over: Vec::new(),
    })
}

/// Whether an entry of the class's folder is somebody's. A teacher may keep other files there.
fn looks_like_submission(path: &Path, name: &str, kind: Kind) -> bool {
    match kind {
        // Of an earlier run, when they lie among what was handed in.
        Kind::Folder => !results_folder::is_in(path),
        Kind::LINK => true,
        Kind::File if !name.contains('.') => archive::is_archive(path),
        Kind::File | Kind::Odd(_) => safe_names::is_archive(name) || safe_names::is_source(name),
    }
}

fn usage(message: String) -> Error {
    Error::Usage {
        message,
        next: "`tutor grade DIR` wants a folder with a folder or an archive for each student"
            .into(),
    }
}

impl Entry {
    /// Reads what was handed in for `steps`, which are modules' names as in `s07_attention`.
    ///
    /// It takes anything: what is wrong with a submission is told in notes.
    #[must_use]
    pub fn read(&self, steps: &[&str]) -> Submission {
        self.read_within(steps, &Limits::DEFAULT)
    }

    fn read_within(&self, steps: &[&str], limits: &Limits) -> Submission {
        let nothing = |note: String| Submission::nothing(steps, note);
        let read = || match self.kind {
            Kind::Folder => match Folder::open(&self.path) {
                Ok(folder) => collect::from_folder(folder, steps, limits),
                Err(e) => nothing(notes::unreadable_entry(&self.name, &e)),
            },
            Kind::File if safe_names::is_source(&self.name) => {
                nothing(notes::lone_source(&self.name))
            }
            Kind::File => match archive::open(&self.path, limits) {
                Ok(mut archive) => collect::from_archive(archive.as_mut(), steps, limits),
                Err(reason) => nothing(notes::no_archive(&self.name, &reason)),
            },
            Kind::Odd(what) => nothing(notes::odd(&self.name, what)),
        };
        // Code of others parses the archives. A slip of theirs must not end the class.
        catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| nothing(notes::stumbled()))
    }
}

impl Submission {
    /// One without a single step.
    fn nothing(steps: &[&str], note: String) -> Self {
        Self {
            notes: vec![note],
            files: steps.iter().map(|_| Found::missing(Vec::new())).collect(),
        }
    }
}

impl Found {
    fn missing(notes: Vec<String>) -> Self {
        Self {
            path: None,
            notes,
            content: Content::Missing,
        }
    }
}

#[cfg(test)]
mod tests;
