//! Whether a file is what its name says, as far as the file itself can tell.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::notes::Note;
use super::trouble::Trouble;

/// The longest that a header of a safetensors file may be, as the format has it.
const LONGEST_HEADER: u64 = 100_000_000;

/// The first line of a file of merges.
const MERGES: &str = "#version";

/// The file in `folder` if it is one of its kind.
pub fn found(folder: &Path, name: &str) -> Result<Option<Note>, Trouble> {
    let path = folder.join(name);
    let looked = || {
        Ok(Note {
            size: fs::metadata(&path)?.len(),
            sha256: sha256(&path)?,
        })
    };
    if !path.is_file()
        || !is_sound(&path, name).map_err(|error| Trouble::disk("read", &path, error))?
    {
        return Ok(None);
    }
    looked()
        .map(Some)
        .map_err(|error| Trouble::disk("read", &path, error))
}

/// Whether the file `path` could be the one that is called `name`: weights with all their bytes, an
/// object of JSON, merges.
pub fn is_sound(path: &Path, name: &str) -> io::Result<bool> {
    let mut file = File::open(path)?;
    Ok(match name.rsplit_once('.') {
        Some((_, "safetensors")) => holds_all_tensors(&mut file)?,
        Some((_, "json")) => {
            let reader = BufReader::new(file);
            serde_json::from_reader::<_, Map<String, Value>>(reader).is_ok()
        }
        _ => {
            let mut start = vec![0; MERGES.len()];
            file.read_exact(&mut start).is_ok() && start == MERGES.as_bytes()
        }
    })
}

/// Whether a file of safetensors is exactly as long as its header says.
fn holds_all_tensors(file: &mut File) -> io::Result<bool> {
    #[derive(Deserialize)]
    struct Tensor {
        data_offsets: Option<(u64, u64)>,
    }
    let size = file.metadata()?.len();
    let mut length = [0; 8];
    if file.read_exact(&mut length).is_err() {
        return Ok(false);
    }
    let length = u64::from_le_bytes(length);
    if length > LONGEST_HEADER || length + 8 > size {
        return Ok(false);
    }
    let header =
        serde_json::from_reader::<_, HashMap<String, Tensor>>(BufReader::new(file.take(length)));
    let Ok(header) = header else { return Ok(false) };
    let ends = header
        .values()
        .filter_map(|tensor| Some(tensor.data_offsets?.1));
    Ok(ends
        .max()
        .is_some_and(|end| end.checked_add(length + 8) == Some(size)))
}

/// The SHA-256 of a file.
pub fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(digits(hasher)),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// What was hashed, in hexadecimal digits.
pub fn digits(hasher: Sha256) -> String {
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The SHA-256 that an `ETag` is, if it is one.
pub fn sha256_of_etag(etag: &str) -> Option<String> {
    let text = etag.trim_start_matches("W/").trim_matches('"');
    let is_one = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_one.then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_from_half_of_it() {
        let folder = tempfile::tempdir().expect("a folder for tests");
        let header = br#"{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
        let mut weights = (header.len() as u64).to_le_bytes().to_vec();
        weights.extend(header);
        weights.extend([0; 8]);
        for (name, whole) in [
            ("model.safetensors", weights),
            ("vocab.json", br#"{"a": 0}"#.to_vec()),
            ("merges.txt", b"#version: 0.2\n".to_vec()),
        ] {
            let path = folder.path().join(name);
            let sound = |content: &[u8]| {
                fs::write(&path, content).expect("it can be written");
                is_sound(&path, name).expect("it can be read")
            };
            assert!(sound(&whole), "{name}");
            assert!(!sound(&whole[..7]), "{name}");
            assert!(!sound(b"<!doctype html><title>Log in</title>"), "{name}");
            assert!(!sound(b""), "{name}");
        }
    }

    #[test]
    fn some_etags_are_hashes() {
        let hash = "Ab".repeat(32);
        assert_eq!(
            sha256_of_etag(&format!("\"{hash}\"")),
            Some("ab".repeat(32))
        );
        assert_eq!(
            sha256_of_etag(&format!("W/\"{hash}\"")),
            Some("ab".repeat(32))
        );
        assert_eq!(sha256_of_etag(&"ab".repeat(20)), None);
        assert_eq!(sha256_of_etag(&"xy".repeat(32)), None);
    }
}
