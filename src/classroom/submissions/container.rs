//! What folders and archives have in common: entries, which a walk shows one after the other.

use std::path::Path;

use super::open::Kind;
use crate::classroom::due::Stamp;
use crate::course::source::Unreadable;

/// A file's bytes, or why they cannot be had.
pub type Bytes = Result<Vec<u8>, Unreadable>;

/// Reads a file of at most so many bytes, once it is chosen.
pub type Reader = Box<dyn FnOnce(u64) -> Bytes>;

/// What a walk comes upon in a folder or in an archive.
pub struct Entry<'a> {
    /// Folders and name, as they are written down.
    pub path: Vec<String>,
    /// What it is.
    pub kind: Kind,
    /// Where it is, if it is not in an archive.
    pub on_disk: Option<&'a Path>,
    /// When it was written, as far as the system or the archive says.
    pub modified: Option<Stamp>,
    /// Gives what reads it. To be called during the walk: a stream passes by only once, so a file
    /// in one is read then, and held. There is no more of that than may be unpacked.
    pub reader: &'a mut dyn FnMut() -> Reader,
}
