//! Tar archives, read from front to end: once to see what is in them, once more for the files.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};

use ::tar::{Archive, EntryType, PaxExtensions};
use flate2::read::MultiGzDecoder;

use super::super::candidates::{Room, Sieve};
use super::super::collect::Holder;
use super::super::limits::Limits;
use super::super::notes;
use super::super::open::Kind;
use super::bounded::{Allowance, Metered};
use crate::course::source::{Unreadable, source_bytes};

/// A header that holds the name of what follows is no longer than this.
const NAME_LIMIT: u64 = 64 << 10;

/// A tar archive.
pub struct Tar {
    file: File,
    is_compressed: bool,
    limit: u64,
}

/// Why an archive was not read to its end.
enum Stop {
    /// There is more than may be unpacked.
    Bomb,
    /// It is no archive.
    NoTar(io::Error),
    /// It is damaged.
    Broken(io::Error),
}

/// Something in the archive.
struct Member<'a> {
    /// Counts what was read before it.
    handle: usize,
    name: Vec<u8>,
    kind: Kind,
    size: u64,
    data: &'a mut dyn Read,
}

impl Tar {
    /// One as it is.
    pub fn plain(file: File, limits: &Limits) -> Self {
        Self {
            file,
            is_compressed: false,
            limit: limits.unpacked,
        }
    }

    /// One that is compressed by gzip.
    pub fn compressed(file: File, limits: &Limits) -> Self {
        Self {
            is_compressed: true,
            ..Self::plain(file, limits)
        }
    }

    /// Shows all members to `visit`, until there is no more or `visit` has enough.
    fn each(&mut self, mut visit: impl FnMut(Member) -> Room) -> Result<(), Stop> {
        self.file.rewind().map_err(Stop::Broken)?;
        let allowance = Allowance::new(self.limit);
        let reader: Box<dyn Read> = if self.is_compressed {
            // What is compressed is bounded too: it may unpack to nothing, without an end.
            let file = Metered::new(&self.file, Allowance::new(self.limit));
            Box::new(MultiGzDecoder::new(file))
        } else {
            Box::new(BufReader::new(&self.file))
        };
        let mut archive = Archive::new(Metered::new(reader, allowance.clone()));
        let stop = |e: io::Error, handle: usize| match handle {
            _ if allowance.is_exceeded() => Stop::Bomb,
            0 => Stop::NoTar(e),
            _ => Stop::Broken(e),
        };
        // Raw: the crate would read names of any length into memory, and sparse files of any.
        let entries = archive.entries().map_err(Stop::NoTar)?.raw(true);
        let mut long_name = None;
        for (handle, entry) in entries.enumerate() {
            let mut entry = entry.map_err(|e| stop(e, handle))?;
            let entry_type = entry.header().entry_type();
            match entry_type {
                EntryType::GNULongName => {
                    let name = read_name(&mut entry).map_err(|e| stop(e, handle))?;
                    long_name = name.split(|&byte| byte == 0).next().map(<[u8]>::to_vec);
                    continue;
                }
                EntryType::XHeader => {
                    let extensions = read_name(&mut entry).map_err(|e| stop(e, handle))?;
                    long_name = path_of(&extensions).or(long_name);
                    continue;
                }
                EntryType::XGlobalHeader | EntryType::GNULongLink => continue,
                _ => {}
            }
            let name = long_name
                .take()
                .unwrap_or_else(|| entry.path_bytes().into_owned());
            let member = Member {
                handle,
                kind: kind(&name, entry_type),
                name,
                size: entry.size(),
                data: &mut entry,
            };
            if visit(member) == Room::Full {
                break;
            }
        }
        Ok(())
    }
}

impl Holder for Tar {
    fn list(&mut self, sieve: &mut Sieve) {
        let limit = self.limit;
        let all = self.each(|member| sieve.offer_member(&member.name, member.kind, member.handle));
        match all {
            Ok(()) => {}
            Err(Stop::Bomb) => sieve.note(notes::bomb(limit)),
            Err(Stop::NoTar(e)) => sieve.note(notes::no_tar(&e)),
            Err(Stop::Broken(e)) => sieve.note(notes::broken_tar(&e)),
        }
    }

    fn read(&mut self, wanted: &[usize]) -> Vec<Result<Vec<u8>, Unreadable>> {
        let Some(&last) = wanted.iter().max() else {
            return Vec::new();
        };
        let mut contents = BTreeMap::new();
        // Where it stops, it has stopped the first time, and that was said then.
        let _ = self.each(|member| {
            if wanted.contains(&member.handle) {
                contents.insert(member.handle, content(member.data, member.size));
            }
            if member.handle >= last {
                Room::Full
            } else {
                Room::Left
            }
        });
        let cut_off = || Unreadable::Refused {
            reason: notes::damaged("it ends before this file"),
        };
        let answer = |handle| contents.remove(handle).unwrap_or_else(|| Err(cut_off()));
        wanted.iter().map(answer).collect()
    }
}

/// A file's bytes, if all of them are there.
fn content(data: impl Read, size: u64) -> Result<Vec<u8>, Unreadable> {
    let damaged = |reason: &str| Unreadable::Refused {
        reason: notes::damaged(reason),
    };
    match source_bytes(data, size) {
        Ok(bytes) if (bytes.len() as u64) < size => Err(damaged("it ends within this file")),
        Err(Unreadable::Refused { reason }) => Err(damaged(&reason)),
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
