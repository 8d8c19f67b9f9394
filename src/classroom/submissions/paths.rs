//! Paths inside an archive, as whoever made it wrote them.

use super::safe_names::written_bytes;

/// Longer ones are nobody's.
const LONGEST: usize = 1024;

/// The folders and the name that a path in an archive consists of.
///
/// # Errors
///
/// If it does not stay inside the archive, with what is wrong as in "leads out of the archive".
pub fn components(path: &[u8]) -> Result<Vec<String>, &'static str> {
    if path.len() > LONGEST {
        return Err("is too long a name");
    }
    if path.contains(&0) {
        return Err("has a NUL byte in its name");
    }
    // Archives made on Windows may have these instead of slashes.
    let is_separator = |byte: &u8| matches!(byte, b'/' | b'\\');
    let is_drive = matches!(path, [letter, b':', ..] if letter.is_ascii_alphabetic());
    if is_drive || path.first().is_some_and(is_separator) {
        return Err("is an absolute path");
    }
    let mut components = Vec::new();
    for component in path.split(is_separator) {
        match component {
            b"" | b"." => {}
            b".." => return Err("leads out of the archive"),
            _ => components.push(written_bytes(component)),
        }
    }
    Ok(components)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(
            components(b"./a//b.rs"),
            Ok(vec!["a".into(), "b.rs".into()])
        );
        assert_eq!(components(b"a\\b.rs"), Ok(vec!["a".into(), "b.rs".into()]));
        assert_eq!(components(b"..a/b.."), Ok(vec!["..a".into(), "b..".into()]));
        assert_eq!(components(b"a\xff/b"), Ok(vec!["a%FF".into(), "b".into()]));
        assert_eq!(components(b"./"), Ok(vec![]));
        for out in [
            &b"../../evil.rs"[..],
            b"a/../../evil.rs",
            b"a\\..\\evil.rs",
            b"..",
            b"/etc/passwd",
            b"\\\\server\\share",
            b"C:\\evil.rs",
            b"c:evil.rs",
            b"a.rs\0.txt",
            &[b'a'; 5000],
        ] {
            assert!(components(out).is_err(), "{out:?}");
        }
    }
}
