//! Submissions that are folders.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use super::candidates::{Room, Sieve};
use super::collect::Holder;
use super::notes;
use super::open::{self, Kind};
use super::safe_names;
use crate::course::source::{Unreadable, source_bytes};

/// A folder, and the files in it that were offered to a sieve.
pub struct Folder {
    root: PathBuf,
    files: Vec<PathBuf>,
}

/// A folder that is still to be looked into.
struct Ahead {
    path: PathBuf,
    /// The same inside of the submission, as it is written down.
    inside: Vec<String>,
}

impl Folder {
    /// The folder at `path`.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn open(path: &Path) -> io::Result<Self> {
        if !fs::symlink_metadata(path)?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(Self {
            root: path.to_owned(),
            files: Vec::new(),
        })
    }

    /// Where the file `handle` is.
    pub fn path(&self, handle: usize) -> Option<&Path> {
        self.files.get(handle).map(PathBuf::as_path)
    }

    /// Offers what was listed of a folder; the folders among it are ahead then.
    fn offer_all(
        &mut self,
        folder: &Ahead,
        listed: Vec<(OsString, FileType)>,
        ahead: &mut VecDeque<Ahead>,
        sieve: &mut Sieve,
    ) -> Room {
        let is_alone = listed.len() == 1;
        for (name, file_type) in listed {
            let path = folder.path.join(&name);
            let mut inside = folder.inside.clone();
            inside.push(safe_names::written(&name));
            let kind = Kind::of(file_type);
            if kind == Kind::Folder && sieve.wants(&inside, is_alone) {
                ahead.push_back(Ahead {
                    path: path.clone(),
                    inside: inside.clone(),
                });
            }
            if sieve.offer(inside, kind, self.files.len()) == Room::Full {
                return Room::Full;
            }
            self.files.push(path);
        }
        Room::Left
    }
}

impl Holder for Folder {
    /// Shallow folders come first: should there be too much, a step is not at the bottom of it.
    fn list(&mut self, sieve: &mut Sieve) {
        let mut ahead = VecDeque::from([Ahead {
            path: self.root.clone(),
            inside: Vec::new(),
        }]);
        let limit = sieve.limits().entries;
        let mut left = limit;
        while let Some(folder) = ahead.pop_front() {
            let (listed, count) = match list(&folder.path, left + 1) {
                Ok(listed) => listed,
                Err(e) => {
                    sieve.note(notes::unreadable_folder(&folder.inside.join("/"), &e));
                    continue;
                }
            };
            if self.offer_all(&folder, listed, &mut ahead, sieve) == Room::Full {
                return;
            }
            if count > left {
                sieve.note(notes::too_many(limit));
                return;
            }
            left -= count;
        }
    }

    fn read(&mut self, wanted: &[usize]) -> Vec<Result<Vec<u8>, Unreadable>> {
        let read = |&handle: &usize| {
            let path = self.path(handle).ok_or(Unreadable::Missing)?;
            let refused = |e: io::Error| Unreadable::Refused {
                reason: e.to_string(),
            };
            let file = open::open(path).map_err(refused)?;
            let length = file.metadata().map_err(refused)?.len();
            source_bytes(file, length)
        };
        wanted.iter().map(read).collect()
    }
}

/// What lies in a folder, in the order of names, and how much that was with what is not listed.
/// No more than `room`: a folder may hold millions.
fn list(folder: &Path, room: usize) -> io::Result<(Vec<(OsString, FileType)>, usize)> {
    let mut listed = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder)?.take(room) {
        let entry = entry?;
        let name = entry.file_name();
        count += 1;
        if !safe_names::is_junk(&safe_names::written(&name)) {
            listed.push((name, entry.file_type()?));
        }
    }
    listed.sort_by(|a, b| a.0.cmp(&b.0));
    Ok((listed, count))
}
