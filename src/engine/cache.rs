//! What was compiled and observed with a kit, kept by the hash of all that went into it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::files;

/// A file that tells a cache from other folders beside it.
pub const MARK: &str = "tutor-store";

/// What is kept of a kind; the oldest go first.
const KEPT: Kept = Kept {
    entries: 600,
    bytes: 2 << 30,
};

struct Kept {
    entries: usize,
    bytes: u64,
}

/// The cache of one kit.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

/// A kind of entry, each in a folder of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Steps as libraries, for later steps.
    Libraries,
    /// Observation programs.
    Programs,
    /// What a compiler run said, and what a program run showed.
    Results,
}

impl Kind {
    fn folder(self) -> &'static str {
        match self {
            Self::Libraries => "libraries",
            Self::Programs => "programs",
            Self::Results => "results",
        }
    }
}

impl Cache {
    /// Opens the cache in the folder `root`, making it if need be.
    ///
    /// # Errors
    ///
    /// If its folders cannot be made.
    pub fn open(root: &Path) -> Result<Self> {
        let cache = Self {
            root: root.to_owned(),
        };
        let mark = cache.root.join(MARK);
        if !mark.exists() {
            for kind in [Kind::Libraries, Kind::Programs, Kind::Results] {
                let folder = cache.folder(kind);
                fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
            }
            fs::write(&mark, "").map_err(Error::io("write", &mark))?;
        }
        Ok(cache)
    }

    /// The folder of all entries of `kind`.
    #[must_use]
    pub fn folder(&self, kind: Kind) -> PathBuf {
        self.root.join(kind.folder())
    }

    /// Where an entry called `name` lies, or would.
    #[must_use]
    pub fn path(&self, kind: Kind, name: &str) -> PathBuf {
        self.folder(kind).join(name)
    }

    /// The folder of what rustc uses again when it compiles a step that was edited.
    #[must_use]
    pub fn incremental(&self) -> PathBuf {
        self.root.join("incremental")
    }

    /// The result kept under `name`. One that cannot be read counts as none.
    #[must_use]
    pub fn result<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_slice(&self.bytes(name)?).ok()
    }

    /// The same as it was written down.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.path(Kind::Results, name)).ok()
    }

    /// Keeps a result under `name`.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn keep<T: Serialize>(&self, name: &str, result: &T) -> Result<()> {
        let text = serde_json::to_vec(result).map_err(|e| Error::Internal(e.to_string()))?;
        self.keep_bytes(name, &text)
    }

    /// Keeps a result under `name` that is written down already.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn keep_bytes(&self, name: &str, bytes: &[u8]) -> Result<()> {
        files::write(&self.path(Kind::Results, name), bytes)
    }

    /// Removes the oldest entries beyond those that are kept.
    pub fn prune(&self) {
        for kind in [Kind::Libraries, Kind::Programs, Kind::Results] {
            prune(&self.folder(kind), KEPT);
        }
    }
}

fn prune(folder: &Path, kept: Kept) {
    let mut entries: Vec<(SystemTime, PathBuf, u64)> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let data = entry.metadata().ok()?;
            Some((data.modified().ok()?, entry.path(), data.len()))
        })
        .collect();
    entries.sort_by(|a, b| b.cmp(a));
    let mut bytes = 0;
    for (position, (_, path, size)) in entries.iter().enumerate() {
        bytes += size;
        // The newest stays whatever its size: it was made by this very command.
        if position >= kept.entries || (position > 0 && bytes > kept.bytes) {
            // What cannot be removed now only takes space.
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entries_go() {
        let folder = tempfile::tempdir().expect("a folder for tests");
        for (age, name) in ["d", "c", "b", "a"].iter().enumerate() {
            let path = folder.path().join(name);
            fs::write(&path, "four").expect("it can be written");
            let time = SystemTime::now() - std::time::Duration::from_secs(age as u64 * 100);
            let file = fs::File::options()
                .write(true)
                .open(&path)
                .expect("it is there");
            file.set_modified(time).expect("its time can be set");
        }
        let left = |entries, bytes| {
            prune(folder.path(), Kept { entries, bytes });
            let is_left = |name: &&str| folder.path().join(name).exists();
            ["a", "b", "c", "d"].iter().filter(|n| is_left(n)).count()
        };
        assert_eq!(left(3, 100), 3);
        assert!(!folder.path().join("a").exists());
        assert_eq!(left(3, 11), 2);
        assert_eq!(left(3, 1), 1);
        assert!(folder.path().join("d").exists());
    }
}
