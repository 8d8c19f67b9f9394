//! A folder for everything that is thrown away after grading.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use crate::error::{Error, Result};

/// The folder; it goes when this is dropped. One that a killed run left behind goes when the next
/// run begins, or at the latest when it ends.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    /// Held as long as the folder is in use.
    _lock: File,
    count: AtomicUsize,
}

const PREFIX: &str = "grading-";
const LOCK: &str = "lock";
/// Whoever makes or removes a folder holds this one, in the place of the folders: without it, a
/// folder that has no lock yet looks like one whose run was killed before it had one.
const TURN: &str = "grading.lock";

impl Scratch {
    /// A new one in `place`.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn new(place: &Path) -> Result<Self> {
        let _turn = take_turn(place)?;
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

impl Drop for Scratch {
    fn drop(&mut self) {
        // A process that outlived its killed run by a moment may have written into its folder
        // while this run removed it: what is left of it goes now. What cannot be removed now
        // either only takes space.
        if let Some(place) = self.path().parent()
            && let Ok(_turn) = take_turn(place)
        {
            clean_up(place);
        }
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

/// Waits until nobody else makes or removes folders in `place`.
fn take_turn(place: &Path) -> Result<File> {
    let path = place.join(TURN);
    let turn = File::create(&path).map_err(Error::io("create", &path))?;
    turn.lock().map_err(Error::io("lock", &path))?;
    Ok(turn)
}

/// Removes what runs left behind that no longer run. Only for whoever has the turn: then a folder
/// without a lock belongs to nobody.
fn clean_up(place: &Path) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let is_in_use = File::open(entry.path().join(LOCK))
            .is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)));
        if !is_in_use {
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
        // Killed before it had a lock.
        let without_lock = place.path().join("grading-without-lock");
        fs::create_dir(&without_lock).expect("the place is empty");
        let first = Scratch::new(place.path()).expect("it can be made");
        assert!(!left.exists());
        assert!(!without_lock.exists());
        let second = Scratch::new(place.path()).expect("it can be made");
        assert!(first.path().exists());
        let path = second.path().to_owned();
        drop(second);
        assert!(!path.exists());
        assert!(first.path().exists());
        // As if a process had gone on writing into a folder that was being removed.
        fs::create_dir(&left).expect("it was removed");
        drop(first);
        assert!(!left.exists());
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
