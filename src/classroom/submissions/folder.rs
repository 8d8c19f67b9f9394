//! Submissions that are folders.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::candidates::Candidates;
use super::container::{Bytes, Entry, Reader};
use super::open::{self, Kind};
use super::{notes, safe_names};
use crate::classroom::due::Stamp;
use crate::course::source::{Unreadable, bytes_within};

/// A folder that is still to be looked into.
struct Ahead {
    on_disk: PathBuf,
    /// The same inside of the submission, as it is written down.
    inside: Vec<String>,
}

/// Shows all that is in the folder `root`. Shallow folders come first: should there be too much, a
/// step is not at the bottom of it.
///
/// # Errors
///
/// If there is no such folder.
pub fn walk(root: &Path, candidates: &mut Candidates) -> io::Result<()> {
    if !fs::symlink_metadata(root)?.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    let mut ahead = VecDeque::from([Ahead {
        on_disk: root.to_owned(),
        inside: Vec::new(),
    }]);
    let mut left = candidates.limits.entries;
    while let Some(folder) = ahead.pop_front() {
        let (listed, count) = match list(&folder.on_disk, left.saturating_add(1)) {
            Ok(listed) => listed,
            Err(e) => {
                let inside = folder.inside.join("/");
                candidates.notes.push(notes::unreadable_folder(&inside, &e));
                continue;
            }
        };
        if show(&folder, listed, &mut ahead, candidates).is_break() {
            break;
        }
        let Some(rest) = left.checked_sub(count) else {
            let _ = candidates.stop();
            break;
        };
        left = rest;
    }
    Ok(())
}

/// Shows what was listed of a folder; the folders among it are ahead then.
fn show(
    folder: &Ahead,
    listed: Vec<Listed>,
    ahead: &mut VecDeque<Ahead>,
    candidates: &mut Candidates,
) -> ControlFlow<()> {
    let is_alone = listed.len() == 1;
    for Listed {
        name,
        kind,
        modified,
    } in listed
    {
        let on_disk = folder.on_disk.join(&name);
        let path = [&folder.inside[..], &[safe_names::written(&name)]].concat();
        if kind == Kind::Folder && candidates.wants(&path, is_alone) {
            ahead.push_back(Ahead {
                on_disk: on_disk.clone(),
                inside: path.clone(),
            });
        }
        candidates.offer(Entry {
            path,
            kind,
            on_disk: Some(&on_disk),
            modified,
            reader: &mut || reader(on_disk.clone()),
        })?;
    }
    ControlFlow::Continue(())
}

/// Reads the file at `path`, once it is chosen.
pub fn reader(path: PathBuf) -> Reader {
    Box::new(move |limit| read(&path, limit))
}

fn read(path: &Path, limit: u64) -> Bytes {
    let refused = |e: io::Error| Unreadable::Refused {
        reason: e.to_string(),
    };
    let file = open::open(path).map_err(refused)?;
    let length = file.metadata().map_err(refused)?.len();
    bytes_within(limit, file, length)
}

/// What lies in a folder.
#[derive(Debug)]
pub struct Listed {
    /// Its name.
    pub name: OsString,
    /// What it is.
    pub kind: Kind,
    /// When it was written, if it is a file.
    pub modified: Option<Stamp>,
}

/// What lies in a folder, in the order of names, and how much that is with what nobody made. No
/// more than `room`: it may hold millions.
///
/// # Errors
///
/// If it cannot be read.
pub fn list(folder: &Path, room: usize) -> io::Result<(Vec<Listed>, usize)> {
    let mut listed = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder)?.take(room) {
        let entry = entry?;
        let name = entry.file_name();
        count += 1;
        if !safe_names::is_junk(&safe_names::written(&name)) {
            let kind = Kind::of(entry.file_type()?);
            let modified = match kind {
                Kind::File => entry.metadata().ok().and_then(|data| modified(&data)),
                _ => None,
            };
            listed.push(Listed {
                name,
                kind,
                modified,
            });
        }
    }
    listed.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((listed, count))
}

/// When a file was written, as the system says.
pub fn modified(data: &fs::Metadata) -> Option<Stamp> {
    let since = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Stamp::utc(i64::try_from(since.as_secs()).ok()?)
}
