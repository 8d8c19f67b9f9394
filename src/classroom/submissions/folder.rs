//! Submissions that are folders.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::candidates::Candidates;
use super::container::{Bytes, Entry, Reader};
use super::open::{self, Kind};
use super::{notes, safe_names};
use crate::course::source::Unreadable;
use crate::course::source::source_bytes;

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
    listed: Vec<(OsString, Kind)>,
    ahead: &mut VecDeque<Ahead>,
    candidates: &mut Candidates,
) -> ControlFlow<()> {
    let is_alone = listed.len() == 1;
    for (name, kind) in listed {
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
            reader: &mut || -> Reader {
                let file = on_disk.clone();
                Box::new(move || read(&file))
            },
        })?;
    }
    ControlFlow::Continue(())
}

fn read(path: &Path) -> Bytes {
    let refused = |e: io::Error| Unreadable::Refused {
        reason: e.to_string(),
    };
    let file = open::open(path).map_err(refused)?;
    let length = file.metadata().map_err(refused)?.len();
    source_bytes(file, length)
}

/// What lies in a folder, in the order of names, and how much that is with what nobody made. No
/// more than `room`: it may hold millions.
///
/// # Errors
///
/// If it cannot be read.
pub fn list(folder: &Path, room: usize) -> io::Result<(Vec<(OsString, Kind)>, usize)> {
    let mut listed = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder)?.take(room) {
        let entry = entry?;
        let name = entry.file_name();
        count += 1;
        if !safe_names::is_junk(&safe_names::written(&name)) {
            listed.push((name, Kind::of(entry.file_type()?)));
        }
    }
    listed.sort_by(|a, b| a.0.cmp(&b.0));
    Ok((listed, count))
}
