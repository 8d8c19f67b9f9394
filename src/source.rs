//! A step's source, read from where the learner put it.

use std::fs;
use std::io;
use std::path::Path;

use crate::judge::Unreadable;

/// A source larger than this is not a step: the largest solution has a few thousand bytes.
const SOURCE_LIMIT: u64 = 1 << 20;

/// Reads a step's source.
///
/// # Errors
///
/// If it is not there, or not the text of a step.
pub fn read_source(path: &Path) -> Result<String, Unreadable> {
    let refused = |e: io::Error| match e.kind() {
        io::ErrorKind::NotFound => Unreadable::Missing,
        _ => Unreadable::Refused {
            reason: e.to_string(),
        },
    };
    let data = fs::metadata(path).map_err(refused)?;
    if !data.is_file() {
        return Err(Unreadable::Refused {
            reason: "it is not a file".into(),
        });
    }
    if data.len() > SOURCE_LIMIT {
        return Err(Unreadable::TooLarge {
            bytes: data.len(),
            limit: SOURCE_LIMIT,
        });
    }
    let bytes = fs::read(path).map_err(refused)?;
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
}
