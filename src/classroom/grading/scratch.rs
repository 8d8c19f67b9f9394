//! A folder for everything that is thrown away after grading.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use crate::error::{Error, Result};

/// The folder; it goes when this is dropped. One that a killed run left behind goes when the next
/// run begins.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    /// Held as long as the folder is in use.
    _lock: File,
    count: AtomicUsize,
}

const PREFIX: &str = "grading-";
const LOCK: &str = "lock";

impl Scratch {
    /// A new one in `place`.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn new(place: &Path) -> Result<Self> {
        clean_up(place);
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(place)
            .map_err(Error::io("create a folder in", place))?;
        let path = folder.path().join(LOCK);
        let lock = File::create(&path).map_err(Error::io("create", &path))?;
        lock.lock().map_err(Error::io("lock", &path))?;
        Ok(Self {
            folder,
            _lock: lock,
            count: AtomicUsize::new(0),
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// An empty folder inside; it goes when it is dropped.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn dir(&self) -> Result<ScratchDir> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let path = self.path().join(number.to_string());
        fs::create_dir(&path).map_err(Error::io("create", &path))?;
        Ok(ScratchDir { path })
    }
}

/// A folder for one judgement.
#[derive(Debug)]
pub struct ScratchDir {
    path: PathBuf,
}

impl ScratchDir {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for ScratchDir {
    fn drop(&mut self) {
        // What cannot be removed now goes with the whole.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Removes what runs left behind that no longer run.
fn clean_up(place: &Path) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let lock = File::open(entry.path().join(LOCK));
        if lock.is_ok_and(|lock| lock.try_lock().is_ok()) {
            // What cannot be removed now only takes space.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_behind_goes_and_what_is_in_use_stays() {
        let place = tempfile::tempdir().expect("a folder for tests");
        let left = place.path().join("grading-left");
        fs::create_dir(&left).expect("the place is empty");
        fs::write(left.join(LOCK), "").expect("it can be written");
        let first = Scratch::new(place.path()).expect("it can be made");
        assert!(!left.exists());
        let second = Scratch::new(place.path()).expect("it can be made");
        assert!(first.path().exists());
        let path = second.path().to_owned();
        drop(second);
        assert!(!path.exists());
    }

    #[test]
    fn folders_are_empty_and_go() {
        let place = tempfile::tempdir().expect("a folder for tests");
        let scratch = Scratch::new(place.path()).expect("it can be made");
        let path = {
            let dir = scratch.dir().expect("it can be made");
            fs::write(dir.path().join("x"), "").expect("it can be written");
            dir.path().to_owned()
        };
        assert!(!path.exists());
    }
}
