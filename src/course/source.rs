//! A step's source, read from where the learner put it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use serde::Serialize;

/// A source larger than this is not a step: the largest solution has a few thousand bytes.
pub const SOURCE_LIMIT: u64 = 1 << 20;

/// Why a source cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Unreadable {
    /// There is no such file.
    Missing,
    /// It holds nothing.
    Empty,
    /// It holds too much.
    TooLarge {
        /// How much.
        bytes: u64,
        /// How much is looked at.
        limit: u64,
    },
    /// It is no text.
    NotUtf8 {
        /// The first line that is none.
        line: u32,
    },
    /// The system does not hand it over.
    Refused {
        /// What the system says.
        #[serde(rename = "message")]
        reason: String,
    },
}

/// Reads a step's source.
///
/// # Errors
///
/// If it is not there, or not the text of a step.
pub fn read_source(path: &Path) -> Result<String, Unreadable> {
    let data = fs::metadata(path).map_err(refused)?;
    if !data.is_file() {
        return Err(Unreadable::Refused {
            reason: "it is not a file".into(),
        });
    }
    let file = File::open(path).map_err(refused)?;
    source_text(source_bytes(file, data.len())?)
}

/// Reads what may be a source, and no more of it than a source may have. How much there is to
/// come was `announced`, which need not be true.
///
/// # Errors
///
/// If it is too large, or cannot be read.
pub fn source_bytes(reader: impl Read, announced: u64) -> Result<Vec<u8>, Unreadable> {
    bytes_within(SOURCE_LIMIT, reader, announced)
}

/// Reads a file of at most `limit` bytes, of which so many were `announced`.
///
/// # Errors
///
/// If it is too large, or cannot be read.
pub fn bytes_within(limit: u64, reader: impl Read, announced: u64) -> Result<Vec<u8>, Unreadable> {
    let too_large = |bytes: u64| Unreadable::TooLarge { bytes, limit };
    if announced > limit {
        return Err(too_large(announced));
    }
    let mut bytes = Vec::new();
    let mut reader = reader.take(limit + 1);
    reader.read_to_end(&mut bytes).map_err(refused)?;
    match bytes.len() as u64 {
        length if length > limit => Err(too_large(length)),
        _ => Ok(bytes),
    }
}

/// The source that `bytes` are.
///
/// # Errors
///
/// If they are not the text of a step.
pub fn source_text(bytes: Vec<u8>) -> Result<String, Unreadable> {
    let text = String::from_utf8(bytes).map_err(|e| {
        let good = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        let line = good.iter().filter(|&&byte| byte == b'\n').count() + 1;
        Unreadable::NotUtf8 {
            line: u32::try_from(line).unwrap_or(u32::MAX),
        }
    })?;
    if text.trim().is_empty() {
        return Err(Unreadable::Empty);
    }
    Ok(text)
}

fn refused(e: io::Error) -> Unreadable {
    match e.kind() {
        io::ErrorKind::NotFound => Unreadable::Missing,
        _ => Unreadable::Refused {
            reason: e.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_source_is_told() {
        let folder = tempfile::tempdir().expect("a folder for tests");
        let path = folder.path().join("s.rs");
        assert_eq!(read_source(&path), Err(Unreadable::Missing));
        assert!(matches!(
            read_source(folder.path()),
            Err(Unreadable::Refused { .. })
        ));
        let read = |content: &[u8]| {
            fs::write(&path, content).expect("it can be written");
            read_source(&path)
        };
        assert_eq!(read(b" \n"), Err(Unreadable::Empty));
        assert_eq!(read(b"a\nb\xff"), Err(Unreadable::NotUtf8 { line: 2 }));
        assert!(matches!(
            read(&vec![b' '; 2 << 20]),
            Err(Unreadable::TooLarge { .. })
        ));
        assert_eq!(read(b"fn a() {}"), Ok("fn a() {}".into()));
    }
    #[test]
    fn what_was_announced_is_not_believed() {
        assert_eq!(
            source_bytes(io::repeat(b'a'), 5),
            Err(Unreadable::TooLarge {
                bytes: SOURCE_LIMIT + 1,
                limit: SOURCE_LIMIT
            })
        );
        assert!(matches!(
            source_bytes(io::empty(), 1 << 40),
            Err(Unreadable::TooLarge { bytes, .. }) if bytes == 1 << 40
        ));
        assert_eq!(source_bytes(&b"a"[..], 7), Ok(b"a".to_vec()));
    }
}
