//! File names for students.

use std::fmt::Write;

use crate::hash;

/// Bytes that a name may have. With an ending, it stays far below what file systems take.
const LONGEST: usize = 100;

/// Characters of [`hash::of`].
const HASH: usize = 24;

/// A file name, without an ending, for the student `id`: another one for every other id.
///
/// Letters, digits, `.`, `_` and `-` stay; every other byte, and a dot at the start, becomes
/// `%XX`. A name that would be too long ends with `~` and a hash of the id instead.
#[must_use]
pub fn file_name(id: &str) -> String {
    if id.is_empty() {
        // No other name has a lone `%`.
        return "%".into();
    }
    let mut name = String::new();
    // Where the name may be cut: not within `%XX`.
    let mut cut = 0;
    for (i, byte) in id.bytes().enumerate() {
        match byte {
            // No hidden file, and neither `.` nor `..`.
            b'.' if i == 0 => name.push_str("%2E"),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => name.push(byte.into()),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(name, "%{byte:02X}");
            }
        }
        if name.len() < LONGEST - HASH {
            cut = name.len();
        }
    }
    if name.len() > LONGEST {
        name.truncate(cut);
        let _ = write!(name, "~{}", hash::of(&[id.as_bytes()]));
    }
    name
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_is_safe_stays() {
        assert_eq!(file_name("anna.b_42-x"), "anna.b_42-x");
    }

    #[test]
    fn what_is_not_is_encoded() {
        assert_eq!(file_name("../a b"), "%2E.%2Fa%20b");
        assert_eq!(file_name("."), "%2E");
        assert_eq!(file_name("Zoë 李"), "Zo%C3%AB%20%E6%9D%8E");
        assert_eq!(file_name("50%"), "50%25");
        assert_eq!(file_name("C:\\nul\0"), "C%3A%5Cnul%00");
    }

    #[test]
    fn different_students_have_different_files() {
        let long = "李".repeat(40);
        let ids = [
            "",
            "%",
            "%25",
            "a",
            "A",
            ".",
            "..",
            "%2E",
            ".a",
            "a.",
            "a/b",
            "a%2Fb",
            "~",
            &long,
            &long[3..],
            &format!("{long}a"),
            &format!("{long}b"),
        ];
        let names: BTreeSet<String> = ids.iter().map(|id| file_name(id)).collect();
        assert_eq!(names.len(), ids.len(), "{names:?}");
        for name in names {
            assert!(name.len() <= LONGEST, "{name}");
            let safe = |c: char| c.is_ascii_alphanumeric() || "._-%~".contains(c);
            assert!(name.chars().all(safe) && !name.starts_with('.'), "{name}");
        }
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        let name = file_name(&format!("a{}", " ".repeat(99)));
        let (start, hash) = name.split_once('~').expect("it is too long");
        assert_eq!(start, format!("a{}", "%20".repeat(24)));
        assert_eq!(hash.len(), HASH);
        let whole = "a".repeat(LONGEST);
        assert_eq!(file_name(&whole), whole);
    }
}
