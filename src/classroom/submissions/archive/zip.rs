//! Zip archives, by the list of contents at their end.

use std::cell::{Cell, RefCell};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::rc::Rc;

use ::zip::result::ZipError;
use ::zip::{CompressionMethod, ZipArchive};

use super::super::candidates::Candidates;
use super::super::container::{Bytes, Reader};
use super::super::notes;
use super::super::open::Kind;
use super::Archive;
use super::bounded::{Bounded, damaged, read};
use crate::classroom::due::Stamp;
use crate::course::source::Unreadable;

/// The list of contents is held in memory: a hundred thousand files are more than enough.
const CONTENTS_LIMIT: u64 = 16 << 20;

/// An archive larger than this may not have a list of contents in the long form: whoever reads
/// that makes room for as many files as it announces and the archive could hold.
const LONG_FORM_LIMIT: u64 = 64 << 20;

/// A zip archive, and how many bytes may be read of it.
struct Zip {
    archive: ZipArchive<Bounded<BufReader<Box<dyn Archive>>>>,
    left: Rc<Cell<u64>>,
}

/// Shows all that is in an archive's list of contents.
///
/// # Errors
///
/// If there is no such list, or too long a one: what to say about it.
pub fn walk(file: Box<dyn Archive>, candidates: &mut Candidates) -> Result<(), String> {
    each(file, |member, reader| {
        candidates.offer_member(&member.name, member.kind, member.modified, reader)
    })
}

/// What a list of contents says of a file or a folder.
pub struct Member {
    /// Its path, as whoever packed it wrote it.
    pub name: Vec<u8>,
    /// What it is.
    pub kind: Kind,
    /// When it was written, by some clock without a zone.
    pub modified: Option<Stamp>,
}

/// Shows each of an archive's members, and what gives a reader of it.
///
/// # Errors
///
/// If there is no list of contents, or too long a one: what to say about it.
pub fn each(
    file: Box<dyn Archive>,
    mut show: impl FnMut(Member, &mut dyn FnMut() -> Reader) -> ControlFlow<()>,
) -> Result<(), String> {
    let zip = Zip::open(file)?;
    let length = zip.archive.len();
    let zip = Rc::new(RefCell::new(zip));
    for index in 0..length {
        let Some(member) = zip.borrow().member(index) else {
            continue;
        };
        let shown = show(member, &mut || -> Reader {
            let zip = Rc::clone(&zip);
            Box::new(move |limit| zip.borrow_mut().read(index, limit))
        });
        if shown.is_break() {
            break;
        }
    }
    Ok(())
}

impl Zip {
    fn open(mut file: Box<dyn Archive>) -> Result<Self, String> {
        if has_room_for_harm(&mut file).map_err(|e| notes::unopened(&e))? {
            return Err(notes::overfull_zip());
        }
        let left = Rc::new(Cell::new(CONTENTS_LIMIT));
        match ZipArchive::new(Bounded::new(BufReader::new(file), Rc::clone(&left))) {
            Ok(archive) => Ok(Self { archive, left }),
            Err(_) if left.get() == 0 => Err(notes::overfull_zip()),
            Err(e) => Err(notes::broken_zip(&reason(&e))),
        }
    }

    fn member(&self, index: usize) -> Option<Member> {
        let entry = self.archive.by_index_data(index).ok()?;
        // Old archives have names in the letters of DOS, which the zip crate knows. Those that a
        // Mac makes are in UTF-8 and do not say so.
        let name = match (std::str::from_utf8(entry.name_raw()), entry.name()) {
            (Err(_), Ok(name)) => name.into_owned().into_bytes(),
            _ => entry.name_raw().to_vec(),
        };
        let kind = kind(&name, entry.unix_mode());
        let modified = entry.last_modified().and_then(|time| {
            let date = [time.year().into(), time.month().into(), time.day().into()];
            let time = [time.hour(), time.minute(), time.second()].map(u32::from);
            Stamp::local(date, time)
        });
        Some(Member {
            name,
            kind,
            modified,
        })
    }

    fn read(&mut self, index: usize, limit: u64) -> Bytes {
        // Compressed it can be a little larger than not, and nothing can be said in favour of a
        // stream of empty blocks.
        self.left.set(2 * limit);
        let refused = |reason: String| Unreadable::Refused { reason };
        let broken = |e: ZipError| damaged(&reason(&e));
        let entry = self.archive.by_index_data(index).map_err(broken)?;
        if entry.encrypted() {
            return Err(refused(notes::encrypted()));
        }
        let method = entry.compression();
        if ![CompressionMethod::Stored, CompressionMethod::Deflated].contains(&method) {
            return Err(refused(notes::unknown_compression()));
        }
        let file = self.archive.by_index(index).map_err(broken)?;
        let size = file.size();
        read(limit, file, size)
    }
}

fn kind(name: &[u8], unix_mode: Option<u32>) -> Kind {
    match unix_mode.unwrap_or(0) & 0o170_000 {
        0o120_000 => Kind::LINK,
        0o040_000 => Kind::Folder,
        0 | 0o100_000 if matches!(name, [.., b'/' | b'\\']) => Kind::Folder,
        0 | 0o100_000 => Kind::File,
        _ => Kind::Odd("a special file"),
    }
}

/// Whether a large archive has, or seems to have, a list of contents in the long form. Archives
/// of that size which are somebody's have it in the short one.
fn has_room_for_harm(file: &mut Box<dyn Archive>) -> io::Result<bool> {
    const LOCATOR: &[u8] = b"PK\x06\x07";
    // The locator stands right before the end's record, which holds a comment of 64 KiB at most.
    const END: u64 = (1 << 16) + 256;
    let length = file.seek(SeekFrom::End(0))?;
    if length <= LONG_FORM_LIMIT {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(length - END))?;
    let mut end = Vec::new();
    file.by_ref().take(END).read_to_end(&mut end)?;
    Ok(end.windows(LOCATOR.len()).any(|bytes| bytes == LOCATOR))
}

/// What an error says, without saying once more that it is about a zip archive.
fn reason(e: &ZipError) -> String {
    match e {
        ZipError::InvalidArchive(reason) => reason.to_string(),
        ZipError::UnsupportedArchive(reason) => (*reason).to_owned(),
        ZipError::Io(e) => e.to_string(),
        other => other.to_string(),
    }
}
