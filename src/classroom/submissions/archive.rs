//! Submissions that are archives. They are read as they are: nothing is ever unpacked to disk, and
//! none is held in memory as a whole.

mod bounded;
mod tar;
mod zip;

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use super::collect::Holder;
use super::format::{self, Format};
use super::limits::Limits;
use super::{notes, open};

use tar::Tar;
use zip::Zip;

/// Opens the archive at `path`, whatever its ending.
///
/// # Errors
///
/// If it is none, or one that cannot be opened: what to say about it, as in "is a RAR archive".
pub fn open(path: &Path, limits: &Limits) -> Result<Box<dyn Holder>, String> {
    let unopened = |e: io::Error| notes::unopened(&e);
    let (file, start) = open_start(path).map_err(unopened)?;
    let is_named_tar = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("tar"));
    match format::of(&start) {
        Format::Zip => Ok(Box::new(Zip::open(file)?)),
        Format::Gzip => Ok(Box::new(Tar::compressed(file, limits))),
        Format::Tar => Ok(Box::new(Tar::plain(file, limits))),
        Format::Unknown if is_named_tar => Ok(Box::new(Tar::plain(file, limits))),
        Format::Other(what) => Err(notes::other_format(what)),
        Format::Empty => Err(notes::empty_file()),
        Format::Unknown => Err(notes::unknown_format()),
    }
}

/// Whether the file at `path` begins like an archive, be it one that cannot be opened.
pub fn is_archive(path: &Path) -> bool {
    open_start(path)
        .is_ok_and(|(_, start)| !matches!(format::of(&start), Format::Empty | Format::Unknown))
}

fn open_start(path: &Path) -> io::Result<(File, Vec<u8>)> {
    let mut file = open::open(path)?;
    let mut start = Vec::new();
    let length = format::START as u64;
    file.by_ref().take(length).read_to_end(&mut start)?;
    file.rewind()?;
    Ok((file, start))
}
