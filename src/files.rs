//! Writing files so that they are whole or not there, and the room there is for them.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::error::{Error, Result};

/// Gives a file a second name, in another folder; where that cannot be, a copy.
///
/// # Errors
///
/// If neither can be.
pub fn link(file: &Path, to: &Path) -> Result<()> {
    fs::hard_link(file, to)
        .or_else(|_| fs::copy(file, to).map(drop))
        .map_err(Error::io("write", to))
}

/// Reads a text, with whatever line ends and byte order mark it has been given on the way: git makes
/// CRLF of line ends on some machines.
///
/// # Errors
///
/// If it cannot be read, or is no UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    fs::read_to_string(path).map(|text| plain(&text))
}

/// `text` without a byte order mark, its lines ended by `\n` alone.
#[must_use]
pub fn plain(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.replace("\r\n", "\n")
}

/// Writes `content` to `path` at once: whoever reads it sees the old content or the new one.
///
/// # Errors
///
/// If the folder cannot be made, or the file not be written.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let mut file =
        tempfile::NamedTempFile::new_in(folder).map_err(Error::io("write to", folder))?;
    file.write_all(content).map_err(Error::io("write", path))?;
    file.persist(path)
        .map_err(|e| Error::io("write", path)(e.error))?;
    Ok(())
}

/// How many bytes `folder`'s disk has room for, where the system tells.
#[cfg(unix)]
#[must_use]
pub fn free_space(folder: &Path) -> Option<u64> {
    let found = nix::sys::statvfs::statvfs(folder).ok()?;
    Some(found.blocks_available() as u64 * found.fragment_size() as u64)
}

/// How many bytes `folder`'s disk has room for: not told here.
#[cfg(not(unix))]
#[must_use]
pub fn free_space(_folder: &Path) -> Option<u64> {
    None
}
