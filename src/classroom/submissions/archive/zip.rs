//! Zip archives, by the list of contents at their end.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use ::zip::result::ZipError;
use ::zip::{CompressionMethod, ZipArchive};

use super::super::candidates::{Room, Sieve};
use super::super::collect::Holder;
use super::super::notes;
use super::super::open::Kind;
use super::bounded::{Allowance, Metered};
use crate::course::source::{SOURCE_LIMIT, Unreadable, source_bytes};

/// The list of contents is held in memory: a hundred thousand files are more than enough.
const CONTENTS_LIMIT: u64 = 16 << 20;

/// What may be read to get at one file. Compressed it can be a little larger than not, and
/// nothing can be said in favour of a stream of empty blocks.
const FILE_LIMIT: u64 = 2 * SOURCE_LIMIT;

/// An archive larger than this may not have a list of contents in the long form: whoever reads
/// that makes room for as many files as it announces and the archive could hold.
const LONG_FORM_LIMIT: u64 = 64 << 20;

/// A zip archive.
pub struct Zip {
    archive: ZipArchive<Metered<BufReader<File>>>,
    allowance: Allowance,
}

impl Zip {
    /// Opens one.
    ///
    /// # Errors
    ///
    /// If it has no list of contents, or too long a one: what to say about it.
    pub fn open(mut file: File) -> Result<Self, String> {
        match has_room_for_harm(&mut file) {
            Ok(false) => {}
            Ok(true) => return Err(notes::overfull_zip()),
            Err(e) => return Err(notes::unopened(&e)),
        }
        let allowance = Allowance::new(CONTENTS_LIMIT);
        let reader = Metered::new(BufReader::new(file), allowance.clone());
        match ZipArchive::new(reader) {
            Ok(archive) => Ok(Self { archive, allowance }),
            Err(_) if allowance.is_exceeded() => Err(notes::overfull_zip()),
            Err(e) => Err(notes::broken_zip(&reason(&e))),
        }
    }

    fn read_one(&mut self, handle: usize) -> Result<Vec<u8>, Unreadable> {
        self.allowance.reset(FILE_LIMIT);
        let entry = self.archive.by_index_data(handle).map_err(refused)?;
        if entry.encrypted() {
            return Err(refusal(notes::encrypted()));
        }
        let method = entry.compression();
        if ![CompressionMethod::Stored, CompressionMethod::Deflated].contains(&method) {
            return Err(refusal(notes::unknown_compression()));
        }
        let size = entry.size();
        let file = self.archive.by_index(handle).map_err(refused)?;
        source_bytes(file, size).map_err(|why| match why {
            Unreadable::Refused { reason } => refusal(notes::damaged(&reason)),
            other => other,
        })
    }
}

impl Holder for Zip {
    fn list(&mut self, sieve: &mut Sieve) {
        for handle in 0..self.archive.len() {
            let Ok(entry) = self.archive.by_index_data(handle) else {
                continue;
            };
            // Old archives have names in the letters of DOS, which the zip crate knows.
            let name = match entry.name() {
                Ok(name) => name.into_owned().into_bytes(),
                Err(_) => entry.name_raw().to_vec(),
            };
            let kind = kind(&name, entry.unix_mode());
            if sieve.offer_member(&name, kind, handle) == Room::Full {
                return;
            }
        }
    }

    fn read(&mut self, wanted: &[usize]) -> Vec<Result<Vec<u8>, Unreadable>> {
        wanted.iter().map(|&one| self.read_one(one)).collect()
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
fn has_room_for_harm(file: &mut File) -> io::Result<bool> {
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

fn refused(e: ZipError) -> Unreadable {
    refusal(notes::damaged(&reason(&e)))
}

fn refusal(reason: String) -> Unreadable {
    Unreadable::Refused { reason }
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
