//! What a submission consists of: a folder, an archive, or files that belong together.

use std::fs::{self, File};
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::archive::zip;
use super::candidates::{Candidates, Scope};
use super::collect::INNER_LIMIT;
use super::container::{Bytes, Entry, Reader};
use super::open::{self, Kind};
use super::{archive, folder, notes, paths, safe_names};
use crate::classroom::due::Stamp;
use crate::classroom::results_folder;

/// A folder or a file in the folder of submissions.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its name there. What is not readable in it is written as in `%FF`.
    pub name: String,
    /// The student's own name for it, if it is a file that a platform gave another.
    pub file: Option<String>,
    /// Where it is.
    pub origin: Origin,
    /// What it is.
    pub kind: Kind,
    /// When it was written, if it is a file.
    pub modified: Option<Stamp>,
    /// Which attempt it is; the larger is the later.
    pub attempt: (u64, u64),
}

/// Where something is.
#[derive(Debug, Clone)]
pub enum Origin {
    /// On the disk.
    Disk(PathBuf),
    /// In a zip archive of the whole class, at these folders and this name.
    Zip(PathBuf, Vec<String>),
}

impl Part {
    /// Whether it is a source by itself.
    pub fn is_source(&self) -> bool {
        self.kind == Kind::File && safe_names::is_source(self.own_name())
    }

    /// Whether there is a repository in it: its files were written when it was cloned.
    pub fn is_clone(&self) -> bool {
        match &self.origin {
            Origin::Disk(path) => self.kind == Kind::Folder && is_there(&path.join(".git")),
            Origin::Zip(..) => false,
        }
    }

    /// Whether it is what lies at this real path.
    pub fn is_at(&self, path: &Path) -> bool {
        match &self.origin {
            Origin::Disk(own) => fs::canonicalize(own).is_ok_and(|own| own == path),
            Origin::Zip(..) => false,
        }
    }

    /// Whether results of a grading are in it, or a file that is called so.
    pub fn holds_results(&self) -> bool {
        match &self.origin {
            Origin::Disk(path) => self.kind == Kind::Folder && results_folder::is_in(path),
            Origin::Zip(..) => false,
        }
    }

    /// The name that the student gave it.
    fn own_name(&self) -> &str {
        self.file.as_ref().unwrap_or(&self.name)
    }

    /// Whether it is opened, rather than looked at as a file among others.
    fn is_opened(&self) -> bool {
        match &self.file {
            Some(file) => safe_names::is_archive(file),
            None => !self.is_source(),
        }
    }

    /// Where a walk through it begins. If it `is_alone`, paths begin within it.
    pub fn scope(&self, is_alone: bool) -> Scope {
        let under = match (is_alone && self.is_opened(), self.kind) {
            (true, _) => Vec::new(),
            (false, Kind::Folder) => vec![self.name.clone()],
            (false, _) => vec![self.own_name().to_owned()],
        };
        Scope {
            strip: match &self.origin {
                Origin::Zip(_, path) => path.clone(),
                Origin::Disk(_) => Vec::new(),
            },
            given: (self.file.is_some() && !under.is_empty()).then(|| self.name.clone()),
            under,
            attempt: self.attempt,
            handed_in: self.modified,
            is_clone: self.is_clone(),
            is_inner: false,
        }
    }

    /// The text of a file that the platform wrote; none, if it cannot be had within `limit` bytes.
    pub fn text(&self, limit: u64) -> Option<String> {
        let bytes = match &self.origin {
            Origin::Disk(path) => folder::reader(path.clone())(limit),
            Origin::Zip(zip, path) => member(zip, path, limit).ok()?,
        };
        String::from_utf8(bytes.ok()?).ok()
    }

    /// Shows all that is in it.
    ///
    /// # Errors
    ///
    /// If nothing can be had of it: what to say about it, as in "is a RAR archive".
    pub fn walk(&self, candidates: &mut Candidates) -> Result<(), String> {
        if let Kind::Odd(what) = self.kind {
            return Err(notes::no_file(what));
        }
        let is_opened = self.kind == Kind::File && self.is_opened();
        match &self.origin {
            Origin::Disk(path) if self.kind == Kind::Folder => {
                folder::walk(path, candidates).map_err(|e| notes::unopened(&e))
            }
            Origin::Disk(path) if is_opened => archive::walk(path, candidates),
            Origin::Disk(path) => {
                let _ = candidates.offer(Entry {
                    path: Vec::new(),
                    kind: self.kind,
                    on_disk: Some(path),
                    modified: self.modified,
                    reader: &mut || folder::reader(path.clone()),
                });
                Ok(())
            }
            Origin::Zip(zip, path) if is_opened => {
                let bytes = member(zip, path, INNER_LIMIT)?.map_err(|why| notes::unread(&why))?;
                candidates.scope.strip = Vec::new();
                archive::walk_in(Box::new(Cursor::new(bytes)), &self.name, candidates)
            }
            Origin::Zip(zip, _) => zip::walk(Box::new(opened(zip)?), candidates),
        }
    }
}

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn opened(zip: &Path) -> Result<File, String> {
    open::open(zip).map_err(|e| notes::unopened(&e))
}

/// What a zip archive holds at a path, of `limit` bytes at most: the last of them, if there are several.
fn member(zip: &Path, path: &[String], limit: u64) -> Result<Bytes, String> {
    let mut found: Option<Reader> = None;
    zip::each(Box::new(opened(zip)?), |member, reader| {
        let is_meant = paths::components(&member.name).is_ok_and(|other| other == path);
        if is_meant && member.kind == Kind::File {
            found = Some(reader());
        }
        ControlFlow::Continue(())
    })?;
    let reader = found.ok_or_else(|| notes::vanished().to_owned())?;
    Ok(reader(limit))
}
