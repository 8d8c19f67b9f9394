//! Tar archives: streams that are read from front to end, once.

use std::cell::Cell;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::rc::Rc;

use ::tar::{Archive, Entry, EntryType, PaxExtensions};

use super::super::candidates::Candidates;
use super::super::container::{Bytes, Reader};
use super::super::notes;
use super::super::open::Kind;
use super::bounded::{Bounded, damaged, read};
use crate::classroom::due::Stamp;
use crate::course::source::SOURCE_LIMIT;

/// A header that holds the name of what follows is no longer than this.
const NAME_LIMIT: u64 = 64 << 10;

/// Shows all that is in an archive, or what comes before the place where it is broken.
pub fn walk(stream: impl Read, candidates: &mut Candidates) {
    let limit = candidates.limits.unpacked;
    let left = Rc::new(Cell::new(limit));
    let mut archive = Archive::new(Bounded::new(stream, Rc::clone(&left)));
    let Err((index, e)) = show_all(&mut archive, candidates) else {
        return;
    };
    candidates.notes.push(match index {
        _ if left.get() == 0 => notes::bomb(limit),
        0 => notes::no_tar(&e),
        _ => notes::broken_tar(&e),
    });
}

/// Fails with the number of headers that could be read, and what is wrong with the next.
fn show_all<R: Read>(
    archive: &mut Archive<R>,
    candidates: &mut Candidates,
) -> Result<(), (usize, io::Error)> {
    // Raw: the crate would read names of any length into memory, and sparse files of any.
    let headers = archive.entries().map_err(|e| (0, e))?.raw(true);
    let mut long_name = None;
    for (index, header) in headers.enumerate() {
        let shown = header.and_then(|entry| show(entry, &mut long_name, candidates));
        if shown.map_err(|e| (index, e))?.is_break() {
            break;
        }
    }
    Ok(())
}

/// Shows what a header stands for, or remembers the long name that it holds for the next.
fn show<R: Read>(
    mut entry: Entry<R>,
    long_name: &mut Option<Vec<u8>>,
    candidates: &mut Candidates,
) -> io::Result<ControlFlow<()>> {
    match entry.header().entry_type() {
        EntryType::GNULongName => {
            let name = read_name(&mut entry)?;
            *long_name = name.split(|&byte| byte == 0).next().map(<[u8]>::to_vec);
        }
        EntryType::XHeader => {
            let extensions = read_name(&mut entry)?;
            *long_name = path_of(&extensions).or(long_name.take());
        }
        EntryType::XGlobalHeader | EntryType::GNULongLink => {}
        entry_type => {
            let name = long_name
                .take()
                .unwrap_or_else(|| entry.path_bytes().into_owned());
            let kind = kind(&name, entry_type);
            let written = entry.header().mtime().unwrap_or(0);
            let modified = i64::try_from(written).ok().and_then(Stamp::utc);
            return Ok(
                candidates.offer_member(&name, kind, modified, &mut || -> Reader {
                    let bytes = content(&mut entry);
                    Box::new(|_| bytes)
                }),
            );
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// A file's bytes, if all of them are there.
fn content<R: Read>(entry: &mut Entry<R>) -> Bytes {
    let size = entry.size();
    match read(SOURCE_LIMIT, entry, size) {
        Ok(bytes) if (bytes.len() as u64) < size => Err(damaged("it ends within this file")),
        other => other,
    }
}

fn kind(name: &[u8], entry_type: EntryType) -> Kind {
    match entry_type {
        // Old archives know folders by their names.
        EntryType::Regular | EntryType::Continuous if name.ends_with(b"/") => Kind::Folder,
        EntryType::Regular | EntryType::Continuous => Kind::File,
        EntryType::Directory => Kind::Folder,
        EntryType::Symlink => Kind::LINK,
        EntryType::Link => Kind::Odd("a hard link"),
        EntryType::Fifo => Kind::Odd("a named pipe"),
        EntryType::Char | EntryType::Block => Kind::Odd("a device"),
        EntryType::GNUSparse => Kind::Odd("a sparse file"),
        _ => Kind::Odd("a special file"),
    }
}

fn read_name(entry: impl Read) -> io::Result<Vec<u8>> {
    let mut name = Vec::new();
    entry.take(NAME_LIMIT).read_to_end(&mut name)?;
    Ok(name)
}

/// The path among a header's extensions.
fn path_of(extensions: &[u8]) -> Option<Vec<u8>> {
    PaxExtensions::new(extensions)
        .filter_map(Result::ok)
        .find(|extension| extension.key_bytes() == b"path")
        .map(|extension| extension.value_bytes().to_vec())
}
