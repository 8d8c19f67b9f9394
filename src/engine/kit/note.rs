//! What a kit was built from and where it is, as noted beside it.
//!
//! A note holds for the folder that it lies in, whatever that is called: paths in it are relative,
//! and a course that is copied or moved with its target folder goes on with its own kit. It holds
//! for the files that were noted, and no others: size and time are looked at with every check, and
//! the content where they differ.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use super::Interface;
use crate::engine::kit::toolchain::Toolchain;
use crate::error::{Error, Result};
use crate::hash;

/// What a kit was built from and where it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Names what it was built from.
    pub id: String,
    /// What built it.
    pub toolchain: Toolchain,
    /// The ways to select a rustc that were seen to mean this toolchain.
    pub selections: Vec<String>,
    library: Noted,
    interface: Noted,
    /// The folder of the descriptions of all crates inside.
    dependencies: PathBuf,
    /// The crates that the kit itself depends on, and the files of that folder that describe them.
    offered: Vec<(String, PathBuf)>,
    stands_in: bool,
}

/// A file below the note's folder, and what it was when it was noted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Noted {
    path: PathBuf,
    bytes: u64,
    /// Nanoseconds since 1970.
    modified: u64,
    hash: String,
}

/// What became of a file since it was noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Untouched,
    /// The same content, written at another time: a copy.
    Copied,
    Another,
}

impl Note {
    /// A note on what was just built in `folder`.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or lies elsewhere.
    pub fn new(
        (id, selection): (String, String),
        toolchain: Toolchain,
        (library, interface): (&Path, &Interface),
        folder: &Path,
    ) -> Result<Self> {
        Ok(Self {
            id,
            toolchain,
            selections: vec![selection],
            library: Noted::of(library, folder)?,
            interface: Noted::of(&interface.library, folder)?,
            dependencies: below(&interface.dependencies, folder)?,
            offered: interface
                .offered
                .iter()
                .map(|(name, file)| Ok((name.clone(), below(file, folder)?)))
                .collect::<Result<_>>()?,
            stands_in: interface.stands_in,
        })
    }

    /// The note in `file`, if there is one that can be understood.
    pub fn read(file: &Path) -> Option<Self> {
        let text = fs::read(file).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// Writes it to `file`.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self)
            .map_err(|e| Error::Internal(format!("the kit's note: {e}")))?;
        crate::files::write(file, &text)
    }

    /// Whether the files in `folder` are those that were noted. Of copies, the time is noted anew;
    /// the second value tells whether that was so.
    pub fn holds(&mut self, folder: &Path) -> (bool, bool) {
        let states = [&self.library, &self.interface].map(|noted| noted.state(folder));
        let holds = !states.contains(&State::Another)
            && is_below(&self.dependencies)
            && self.offered.iter().all(|(_, file)| is_below(file))
            && folder.join(&self.dependencies).is_dir();
        let copied = holds && states.contains(&State::Copied);
        if copied {
            for noted in [&mut self.library, &mut self.interface] {
                noted.modified = modified(&folder.join(&noted.path)).unwrap_or(noted.modified);
            }
        }
        (holds, copied)
    }

    /// The shared library in `folder`.
    pub fn library(&self, folder: &Path) -> PathBuf {
        folder.join(&self.library.path)
    }

    /// What rustc reads of it.
    pub fn interface(&self, folder: &Path) -> Interface {
        Interface {
            library: folder.join(&self.interface.path),
            dependencies: folder.join(&self.dependencies),
            offered: self
                .offered
                .iter()
                .map(|(name, file)| (name.clone(), folder.join(file)))
                .collect(),
            stands_in: self.stands_in,
        }
    }
}

impl Noted {
    fn of(file: &Path, folder: &Path) -> Result<Self> {
        let read = Error::io("read", file);
        let bytes = fs::metadata(file).map_err(Error::io("read", file))?.len();
        Ok(Self {
            path: below(file, folder)?,
            bytes,
            modified: modified(file).unwrap_or_default(),
            hash: hash::of_file(file).map_err(read)?,
        })
    }

    fn state(&self, folder: &Path) -> State {
        let file = folder.join(&self.path);
        let bytes = fs::metadata(&file).map(|data| data.len()).ok();
        if !is_below(&self.path) || bytes != Some(self.bytes) {
            State::Another
        } else if modified(&file) == Some(self.modified) {
            State::Untouched
        } else if hash::of_file(&file).is_ok_and(|hash| hash == self.hash) {
            State::Copied
        } else {
            State::Another
        }
    }
}

/// `path` as seen from `folder`, which it lies in.
fn below(path: &Path, folder: &Path) -> Result<PathBuf> {
    let relative = |path: &Path, folder: &Path| path.strip_prefix(folder).map(Path::to_owned);
    if let Ok(relative) = relative(path, folder) {
        return Ok(relative);
    }
    // One of them may go by a link, or by dots.
    let real = |path: &Path| path.canonicalize().map_err(Error::io("find", path));
    relative(&real(path)?, &real(folder)?).map_err(|_| {
        Error::Internal(format!(
            "cargo built `{}`, which is not in `{}`",
            path.display(),
            folder.display()
        ))
    })
}

/// Whether a path that was read from a note stays in the note's folder.
fn is_below(path: &Path) -> bool {
    path.components()
        .all(|component| matches!(component, Component::Normal(_)))
}

fn modified(file: &Path) -> Option<u64> {
    let time = fs::metadata(file).ok()?.modified().ok()?;
    u64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_nanos()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::time::{Duration, SystemTime};
    use tempfile::TempDir;

    fn folder() -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("kit.so"), "kit").expect("it can be written");
        folder
    }

    fn noted(folder: &TempDir) -> Noted {
        Noted::of(&folder.path().join("kit.so"), folder.path()).expect("it is there")
    }

    #[test]
    fn a_copy_is_known_by_its_content() {
        let folder = folder();
        let noted = noted(&folder);
        assert_eq!(noted.state(folder.path()), State::Untouched);
        let file = File::options()
            .write(true)
            .open(folder.path().join("kit.so"));
        let later = SystemTime::now() + Duration::from_secs(7);
        file.and_then(|file| file.set_modified(later))
            .expect("it can be touched");
        assert_eq!(noted.state(folder.path()), State::Copied);
    }

    #[test]
    fn another_file_of_the_same_size_is_not_the_noted_one() {
        let folder = folder();
        let noted = noted(&folder);
        std::thread::sleep(Duration::from_millis(20));
        fs::write(folder.path().join("kit.so"), "KIT").expect("it can be written");
        assert_eq!(noted.state(folder.path()), State::Another);
    }

    #[test]
    fn what_lies_elsewhere_is_not_used() {
        let (here, there) = (folder(), folder());
        let mut noted = noted(&there);
        noted.path = there.path().join("kit.so");
        assert_eq!(noted.state(here.path()), State::Another);
        noted.path = PathBuf::from("../kit.so");
        assert_eq!(noted.state(&there.path().join("inner")), State::Another);
    }
}
