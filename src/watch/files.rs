//! Sees when a file was saved.
//!
//! Files are looked at many times a second instead of asking the system to tell: that works on
//! network and WSL mounts too, and an editor that writes another file and renames it is nothing
//! special. Opening a file makes network file systems look again, and a look at twelve of them
//! takes a tenth of a millisecond.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

/// How often files are looked at.
const EVERY: Duration = Duration::from_millis(40);

/// What a file looks like from outside.
type Look = Option<(SystemTime, u64, u64)>;

/// Files under watch.
pub struct Files {
    paths: Vec<PathBuf>,
    looks: Vec<Look>,
    next: Instant,
}

impl Files {
    /// Watches `paths` from now on.
    pub fn new(paths: Vec<PathBuf>) -> Self {
        Self {
            looks: paths.iter().map(look).collect(),
            paths,
            next: Instant::now(),
        }
    }

    /// The files that changed since the last call, by position. A file that is gone for the
    /// moment, as between two steps of an editor's save, has not changed yet.
    pub fn saved(&mut self) -> Vec<usize> {
        if Instant::now() < self.next {
            return Vec::new();
        }
        self.next = Instant::now() + EVERY;
        let mut saved = Vec::new();
        for (i, path) in self.paths.iter().enumerate() {
            let look = look(path);
            if look.is_some() && look != self.looks[i] {
                self.looks[i] = look;
                saved.push(i);
            }
        }
        saved
    }
}

fn look(path: &PathBuf) -> Look {
    let data = File::open(path)
        .and_then(|file| file.metadata())
        .or_else(|_| fs::metadata(path));
    let data = data.ok()?;
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

    fn later(files: &mut Files) -> Vec<usize> {
        files.next = Instant::now();
        files.saved()
    }

    #[test]
    fn writes_and_renames_are_saves() {
        let folder = tempfile::tempdir().expect("a folder for tests");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a"), "1").expect("it can be written");
        fs::write(path("b"), "1").expect("it can be written");
        let mut files = Files::new(vec![path("a"), path("b")]);
        assert!(later(&mut files).is_empty());
        fs::write(path("b"), "22").expect("it can be written");
        assert_eq!(later(&mut files), [1]);
        assert!(later(&mut files).is_empty());
        // As editors do it: another file of the same length, renamed.
        fs::write(path("new"), "3").expect("it can be written");
        fs::rename(path("new"), path("a")).expect("it can be renamed");
        assert_eq!(later(&mut files), [0]);
        fs::remove_file(path("a")).expect("it is there");
        assert!(later(&mut files).is_empty());
        fs::write(path("a"), "back").expect("it can be written");
        assert_eq!(later(&mut files), [0]);
    }
}
