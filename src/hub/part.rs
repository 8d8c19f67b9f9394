//! A file that is not whole yet, and what is noted beside it so that it can be.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::client::Rest;
use super::content::digits;
use super::trouble::Trouble;
use crate::files;

/// Which file the bytes are of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The `ETag` of who sent them, where it says that equal tags mean equal bytes.
    pub etag: Option<String>,
    /// Hash of the whole file.
    pub sha256: Option<String>,
    /// Its bytes.
    pub size: Option<u64>,
}

impl Origin {
    /// Whether both are of one file: nothing that both know differs, and something was compared
    /// that tells files apart.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let differs = |one: Option<&str>, other: Option<&str>| matches!((one, other), (Some(one), Some(other)) if one != other);
        let sizes_differ = self.size.is_some() && other.size.is_some() && self.size != other.size;
        let hash = (self.sha256.as_deref(), other.sha256.as_deref());
        let etag = (self.etag.as_deref(), other.etag.as_deref());
        // The same file may come from several servers, each with a tag of its own; the hash decides.
        match hash {
            (Some(one), Some(other)) => one == other && !sizes_differ,
            _ => etag.0.is_some() && etag.1.is_some() && !differs(etag.0, etag.1) && !sizes_differ,
        }
    }
}

/// The bytes that are there.
pub struct Part {
    path: PathBuf,
    file: File,
    /// What they are of.
    pub origin: Origin,
    /// How many there are.
    pub length: u64,
    /// Whether some are of an earlier attempt.
    pub goes_on: bool,
    hasher: Sha256,
}

fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.part"))
}

/// How much of the file is there.
pub fn length(folder: &Path, name: &str) -> u64 {
    fs::metadata(path(folder, name)).map_or(0, |file| file.len())
}

impl Part {
    /// What there is of the file `name`, for this process alone.
    pub fn open(folder: &Path, name: &str) -> Result<Self, Trouble> {
        let path = path(folder, name);
        let mut options = OpenOptions::new();
        let file = options.read(true).append(true).create(true).open(&path);
        let file = file.map_err(|error| Trouble::disk("write", &path, error))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(Trouble::Busy),
            // Some file systems know no locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let noted = files::read_text(&note(&path)).ok();
        let origin = noted.and_then(|text| serde_json::from_str::<Origin>(&text).ok());
        let mut part = Self {
            path,
            file,
            origin: Origin::default(),
            length: 0,
            goes_on: false,
            hasher: Sha256::new(),
        };
        match origin {
            Some(origin) => {
                part.origin = origin;
                part.read()?;
            }
            // Nobody knows what these bytes are of.
            None => part.restart(Origin::default())?,
        }
        Ok(part)
    }

    /// Hashes what is there.
    fn read(&mut self) -> Result<(), Trouble> {
        let failed = |error| Trouble::disk("read", &self.path, error);
        self.file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            let read = self.file.read(&mut buffer).map_err(failed)?;
            if read == 0 {
                self.goes_on = self.length > 0;
                return Ok(());
            }
            self.hasher.update(&buffer[..read]);
            self.length += read as u64;
        }
    }

    /// What is to be asked for, if not everything.
    pub fn rest(&self) -> Option<Rest> {
        let is_known = self.origin.etag.is_some() || self.origin.sha256.is_some();
        (self.length > 0 && is_known).then(|| Rest {
            from: self.length,
            of: self.origin.etag.clone(),
        })
    }

    /// Throws away what is there, to begin with the file of `origin`.
    pub fn restart(&mut self, origin: Origin) -> Result<(), Trouble> {
        self.file
            .set_len(0)
            .map_err(|error| Trouble::disk("write", &self.path, error))?;
        (self.length, self.goes_on) = (0, false);
        self.hasher = Sha256::new();
        self.note(origin)
    }

    /// Notes what the bytes are of.
    pub fn note(&mut self, origin: Origin) -> Result<(), Trouble> {
        self.origin = origin;
        let text = serde_json::to_vec(&self.origin).unwrap_or_default();
        files::write(&note(&self.path), &text).map_err(Trouble::Own)
    }

    /// Adds what came.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.file
            .write_all(bytes)
            .map_err(|error| Trouble::disk("write", &self.path, error))?;
        self.hasher.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// The hash of what is there.
    pub fn sha256(&self) -> String {
        digits(self.hasher.clone())
    }

    /// Makes sure that it is on the disk, where others may read it, and says where.
    pub fn kept(&self) -> Result<&Path, Trouble> {
        let failed = |error| Trouble::disk("write", &self.path, error);
        self.file.sync_all().map_err(failed)?;
        // Windows lets nobody else read what is locked. Where there are no locks, none is held.
        let _ = self.file.unlock();
        Ok(&self.path)
    }

    /// Leaves nothing of it.
    pub fn forget(self) {
        // If it stays, the next attempt finds out what it is.
        let _ = fs::remove_file(note(&self.path));
        let _ = fs::remove_file(&self.path);
    }
}

fn note(path: &Path) -> PathBuf {
    path.with_added_extension("json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_what_both_know() {
        let origin = |etag: &str, sha256: &str, size| Origin {
            etag: (!etag.is_empty()).then(|| etag.into()),
            sha256: (!sha256.is_empty()).then(|| sha256.into()),
            size: Some(size),
        };
        let noted = origin("a", "1", 5);
        assert!(noted.is_same_as(&origin("b", "1", 5)), "the hash decides");
        assert!(noted.is_same_as(&origin("a", "", 5)));
        assert!(!noted.is_same_as(&origin("b", "", 5)));
        assert!(!noted.is_same_as(&origin("a", "2", 5)));
        assert!(!noted.is_same_as(&origin("a", "1", 6)));
        assert!(!noted.is_same_as(&origin("", "", 5)), "nothing tells");
    }
}
