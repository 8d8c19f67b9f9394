//! Submissions that are archives. They are read as they are: nothing is ever unpacked to disk, and
//! none is held in memory as a whole.

mod bounded;
mod tar;
pub mod zip;

use std::cell::Cell;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;
use std::rc::Rc;

use flate2::read::MultiGzDecoder;

use super::candidates::Candidates;
use super::format::{self, Format};
use super::{notes, open};

use bounded::Bounded;

/// A file, or one that is held in memory.
pub trait Archive: Read + Seek {}

impl<T: Read + Seek> Archive for T {}

/// Shows all that is in the archive at `path`, whatever its ending.
///
/// # Errors
///
/// If it is none, or one that cannot be opened: what to say about it, as in "is a RAR archive".
pub fn walk(path: &Path, candidates: &mut Candidates) -> Result<(), String> {
    let file = open::open(path).map_err(|e| notes::unopened(&e))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    walk_in(Box::new(file), &name, candidates)
}

/// Shows all that is in an archive called `name`.
///
/// # Errors
///
/// As [`walk`].
pub fn walk_in(
    mut file: Box<dyn Archive>,
    name: &str,
    candidates: &mut Candidates,
) -> Result<(), String> {
    let start = start(&mut file).map_err(|e| notes::unopened(&e))?;
    match format::of(&start) {
        Format::Zip => zip::walk(file, candidates)?,
        Format::Gzip => {
            // What is compressed is bounded too: it may unpack to nothing, without an end.
            let left = Rc::new(Cell::new(candidates.limits.unpacked));
            tar::walk(MultiGzDecoder::new(Bounded::new(file, left)), candidates);
        }
        Format::Tar => tar::walk(BufReader::new(file), candidates),
        Format::Unknown if name.to_lowercase().ends_with(".tar") => {
            tar::walk(BufReader::new(file), candidates);
        }
        Format::Other(what) => return Err(notes::other_format(what)),
        Format::Empty => return Err(notes::empty_file()),
        Format::Unknown => return Err(notes::unknown_format()),
    }
    Ok(())
}

/// Whether the file at `path` begins like an archive, be it one that cannot be opened.
pub fn is_archive(path: &Path) -> bool {
    !matches!(format(path), Format::Empty | Format::Unknown)
}

/// The format of the file at `path`, as far as its beginning can be read.
pub fn format(path: &Path) -> Format {
    let start = open::open(path).and_then(|mut file| start(&mut file));
    start.map_or(Format::Unknown, |start| format::of(&start))
}

fn start(file: &mut impl Archive) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    let length = format::START as u64;
    file.by_ref().take(length).read_to_end(&mut start)?;
    file.rewind()?;
    Ok(start)
}
