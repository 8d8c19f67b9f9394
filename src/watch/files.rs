//! Sees when a file was saved.
//!
//! Files are looked at many times a second instead of asking the system to tell: that works on
//! network and WSL mounts too, and an editor that writes another file and renames it is nothing
//! special. Opening a file makes network file systems look again, and a look at twelve of them
//! takes a tenth of a millisecond.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// How often files are looked at.
const EVERY: Duration = Duration::from_millis(40);

/// How long a file may be gone, or empty, before that counts: some editors save in two steps.
const PATIENCE: Duration = Duration::from_millis(400);

/// What a file looks like from outside; nothing if it is not there.
type Look = Option<(SystemTime, u64, u64)>;

/// Files under watch.
pub struct Files {
    files: Vec<Watched>,
    next: Instant,
}

struct Watched {
    path: PathBuf,
    /// How it looked when it was last told of.
    told: Look,
    /// Since when it has been gone or empty, if that was not told yet.
    unfinished: Option<Instant>,
}

impl Files {
    /// Watches `paths` from now on.
    pub fn new(paths: Vec<PathBuf>) -> Self {
        let watched = |path: PathBuf| Watched {
            told: look(&path),
            path,
            unfinished: None,
        };
        Self {
            files: paths.into_iter().map(watched).collect(),
            next: Instant::now(),
        }
    }

    /// The files that changed since the last call, by position.
    pub fn saved(&mut self) -> Vec<usize> {
        let now = Instant::now();
        if now < self.next {
            return Vec::new();
        }
        self.next = now + EVERY;
        let files = self.files.iter_mut().enumerate();
        files
            .filter_map(|(i, file)| file.is_saved(now).then_some(i))
            .collect()
    }
}

impl Watched {
    fn is_saved(&mut self, now: Instant) -> bool {
        let look = look(&self.path);
        if look == self.told {
            self.unfinished = None;
            return false;
        }
        let is_whole = look.is_some_and(|(_, length, _)| length > 0);
        let since = *self.unfinished.get_or_insert(now);
        if !is_whole && now < since + PATIENCE {
            return false;
        }
        self.unfinished = None;
        self.told = look;
        true
    }
}

fn look(path: &Path) -> Look {
    let mut data = fs::metadata(path).ok()?;
    // Opening something that is no file, such as a pipe, may take for ever.
    if data.is_file()
        && let Ok(fresh) = File::open(path).and_then(|file| file.metadata())
    {
        data = fresh;
    }
    Some((data.modified().ok()?, data.len(), identity(&data)))
}

#[cfg(unix)]
fn identity(data: &fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    data.ino()
}

#[cfg(not(unix))]
fn identity(_data: &fs::Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    fn folder() -> TempDir {
        let folder = tempfile::tempdir().expect("a folder for tests");
        for name in ["a", "b"] {
            fs::write(folder.path().join(name), "1").expect("it can be written");
        }
        folder
    }

    fn files(folder: &TempDir) -> Files {
        Files::new(["a", "b"].map(|name| folder.path().join(name)).into())
    }

    fn later(files: &mut Files) -> Vec<usize> {
        files.next = Instant::now();
        files.saved()
    }

    #[test]
    fn writes_and_renames_are_saves() {
        let folder = folder();
        let path = |name: &str| folder.path().join(name);
        let mut files = files(&folder);
        assert!(later(&mut files).is_empty());
        fs::write(path("b"), "22").expect("it can be written");
        assert_eq!(later(&mut files), [1]);
        assert!(later(&mut files).is_empty());
        // As editors do it: another file of the same length, renamed.
        fs::write(path("new"), "3").expect("it can be written");
        fs::rename(path("new"), path("a")).expect("it can be renamed");
        assert_eq!(later(&mut files), [0]);
    }

    #[test]
    fn a_file_that_is_empty_for_a_moment_is_not_saved_yet() {
        let folder = folder();
        let mut files = files(&folder);
        fs::write(folder.path().join("a"), "").expect("it can be written");
        assert!(later(&mut files).is_empty());
        fs::write(folder.path().join("a"), "22").expect("it can be written");
        assert_eq!(later(&mut files), [0]);
        fs::write(folder.path().join("a"), "").expect("it can be written");
        assert!(later(&mut files).is_empty());
        std::thread::sleep(PATIENCE);
        assert_eq!(later(&mut files), [0], "it stays empty");
    }

    #[test]
    fn a_file_that_is_moved_away_and_back_is_told_twice() {
        let folder = folder();
        let path = |name: &str| folder.path().join(name);
        let mut files = files(&folder);
        fs::rename(path("a"), path("away")).expect("it can be renamed");
        assert!(later(&mut files).is_empty());
        std::thread::sleep(PATIENCE);
        assert_eq!(later(&mut files), [0], "it is gone");
        fs::rename(path("away"), path("a")).expect("it can be renamed");
        assert_eq!(later(&mut files), [0], "it is back");
        assert!(later(&mut files).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_opened() {
        let folder = folder();
        let pipe = folder.path().join("a");
        fs::remove_file(&pipe).expect("it is there");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).expect("it can be made");
        let mut files = files(&folder);
        assert!(later(&mut files).is_empty());
    }
}
