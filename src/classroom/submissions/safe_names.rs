//! Names as they are written down: harmless in a terminal, and no two of them alike.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;

use crate::text::{Kind, kind};

/// The endings of archives that are left out of an id, the longest first.
const ENDINGS: [&str; 4] = [".tar.gz", ".tgz", ".tar", ".zip"];

/// The endings of other archives, which somebody may have handed in.
const OTHER_ENDINGS: [&str; 13] = [
    ".7z", ".bz2", ".gz", ".lz", ".lzma", ".rar", ".tbz", ".tbz2", ".txz", ".xz", ".z", ".zipx",
    ".zst",
];

/// What operating systems leave behind.
const JUNK: [&str; 3] = ["__macosx", "thumbs.db", "desktop.ini"];

/// The id of a submission.
#[derive(Debug, PartialEq, Eq)]
pub struct Id {
    /// Unique.
    pub id: String,
    /// The names of the others that have nearly the same name.
    pub sharing: Vec<String>,
}

/// A file's name as it is written down.
pub fn written(name: &OsStr) -> String {
    written_bytes(name.as_encoded_bytes())
}

/// Bytes as they are written down: what is no UTF-8, or would move the cursor or the text around
/// it, as in `%FF`. A `%` that could be taken for such is written so itself: two different names
/// stay two.
pub fn written_bytes(bytes: &[u8]) -> String {
    let mut written = String::with_capacity(bytes.len());
    let escape = |written: &mut String, bytes: &[u8]| {
        for byte in bytes {
            written.push_str(&format!("%{byte:02X}"));
        }
    };
    for chunk in bytes.utf8_chunks() {
        let text = chunk.valid();
        for (at, c) in text.char_indices() {
            let rest = &text.as_bytes()[at + c.len_utf8()..];
            if is_unseen(c) || (c == '%' && starts_like_an_escape(rest)) {
                escape(&mut written, c.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                written.push(c);
            }
        }
        escape(&mut written, chunk.invalid());
    }
    written
}

fn is_unseen(c: char) -> bool {
    matches!(kind(c), Kind::Invisible | Kind::Control)
}

fn starts_like_an_escape(rest: &[u8]) -> bool {
    let is_digit = |b: &u8| b.is_ascii_digit() || (b'A'..=b'F').contains(b);
    rest.len() >= 2 && rest[..2].iter().all(is_digit)
}

/// Whether a name is of a file that no person made: hidden, or left behind by a system.
pub fn is_junk(name: &str) -> bool {
    name.starts_with('.') || JUNK.iter().any(|junk| name.eq_ignore_ascii_case(junk))
}

/// Whether a name is an archive's.
pub fn is_archive(name: &str) -> bool {
    let name = name.to_lowercase();
    ENDINGS
        .iter()
        .chain(&OTHER_ENDINGS)
        .any(|ending| name.ends_with(ending))
}

/// Whether a name is a Rust file's.
pub fn is_source(name: &str) -> bool {
    source_stem(name).is_some()
}

/// The name of a Rust file without its ending. Some mail programs and browsers put `.txt` behind
/// it, some editors a second `.rs`.
pub fn source_stem(name: &str) -> Option<&str> {
    let cut = |name: &str, ending: &str| -> Option<usize> {
        let at = name.len().checked_sub(ending.len())?;
        let fits = at > 0 && name.get(at..)?.eq_ignore_ascii_case(ending);
        fits.then_some(at)
    };
    let end = cut(name, ".txt").filter(|&end| cut(&name[..end], ".rs").is_some());
    let mut stem = &name[..end.unwrap_or(name.len())];
    stem = &stem[..cut(stem, ".rs")?];
    while let Some(end) = cut(stem, ".rs") {
        stem = &stem[..end];
    }
    Some(stem)
}

/// The id of an entry that shares it with no other. A folder's name has no ending.
pub fn id(name: &str, is_folder: bool) -> &str {
    if is_folder { name } else { stem(name) }
}

/// A name without an archive's ending.
pub fn stem(name: &str) -> &str {
    let cut = |ending: &&str| {
        let at = name.len().checked_sub(ending.len())?;
        let fits = at > 0 && name.get(at..)?.eq_ignore_ascii_case(ending);
        fits.then(|| &name[..at])
    };
    ENDINGS.iter().find_map(cut).unwrap_or(name)
}

/// The ids of entries, each given by the id that it would have if it were alone and by its full
/// name. Ids that differ by case only count as the same: on many systems they are.
pub fn ids(entries: &[(&str, &str)]) -> Vec<Id> {
    let mut ids: Vec<&str> = entries.iter().map(|&(id, _)| id).collect();
    let mut sharing: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); entries.len()];
    // A name given back its ending may be another's without: as often as it takes.
    loop {
        let mut same: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, id) in ids.iter().enumerate() {
            same.entry(id.to_lowercase()).or_default().push(at);
        }
        let before = ids.clone();
        for group in same.values().filter(|group| group.len() > 1) {
            for &at in group {
                ids[at] = entries[at].1;
                let others = group.iter().filter(|&&other| other != at);
                sharing[at].extend(others.map(|&other| entries[other].1));
            }
        }
        if ids == before {
            break;
        }
    }
    ids.into_iter()
        .zip(sharing)
        .map(|(id, others)| Id {
            id: id.to_owned(),
            sharing: others.into_iter().map(str::to_owned).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was written, back again.
    fn unwritten(written: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut rest = written.as_bytes();
        while let [first, tail @ ..] = rest {
            rest = tail;
            if *first == b'%' && starts_like_an_escape(tail) {
                let digits = std::str::from_utf8(&tail[..2]).expect("digits");
                bytes.push(u8::from_str_radix(digits, 16).expect("a number"));
                rest = &tail[2..];
            } else {
                bytes.push(*first);
            }
        }
        bytes
    }

    #[test]
    fn strange_names_can_be_read_and_told_apart() {
        for (name, expected) in [
            (&b"Zo\xc3\xab M\xc3\xbcller"[..], "Zoë Müller"),
            (b"a\xff\xfeb", "a%FF%FEb"),
            (b"a\nb\x1b[31m\x7f", "a%0Ab%1B[31m%7F"),
            (b"100% sure", "100% sure"),
            (b"%", "%"),
            (b"%ff", "%ff"),
            (b"%FF", "%25FF"),
            (b"%25FF", "%2525FF"),
            (b"%\xff", "%%FF"),
            (b"%%FF", "%%25FF"),
            (b"%A\xff", "%A%FF"),
            ("a\u{202e}sr.\u{85}".as_bytes(), "a%E2%80%AEsr.%C2%85"),
            (b"", ""),
        ] {
            let written = written_bytes(name);
            assert_eq!(written, expected);
            assert_eq!(unwritten(&written), name, "{written}");
        }
    }

    #[test]
    fn all_short_names_can_be_told_apart() {
        let alphabet = b"%25FCa\n\xff\xc3\xa4";
        let mut names = vec![Vec::new()];
        for _ in 0..4 {
            names = names
                .iter()
                .flat_map(|name| {
                    alphabet.iter().map(move |&byte| {
                        let mut longer = name.clone();
                        longer.push(byte);
                        longer
                    })
                })
                .collect();
        }
        for name in names {
            assert_eq!(unwritten(&written_bytes(&name)), name);
        }
    }

    fn found(entries: &[(&str, bool)]) -> Vec<Id> {
        let all = entries
            .iter()
            .map(|&(name, is_folder)| (id(name, is_folder), name));
        ids(&all.collect::<Vec<_>>())
    }

    fn ids_of(entries: &[(&str, bool)]) -> Vec<String> {
        found(entries).into_iter().map(|id| id.id).collect()
    }

    #[test]
    fn an_id_has_no_ending() {
        let files = ["a.zip", "b.TAR.GZ", "c.tgz", "d.tar", "e.f.zip", "g.rar"];
        let files = files.map(|name| (name, false));
        assert_eq!(ids_of(&files), ["a", "b", "c", "d", "e.f", "g.rar"]);
        assert_eq!(ids_of(&[("h.zip", true)]), ["h.zip"]);
        assert_eq!(ids_of(&[("ü.zip", false)]), ["ü"]);
        assert_eq!(ids_of(&[("x.zip.zip", false)]), ["x.zip"]);
    }

    #[test]
    fn who_shares_a_name_keeps_the_ending() {
        let entries = [("alice", true), ("alice.zip", false), ("bob.zip", false)];
        let found = found(&entries);
        assert_eq!(ids_of(&entries), ["alice", "alice.zip", "bob"]);
        assert_eq!(found[0].sharing, ["alice.zip"]);
        assert_eq!(found[1].sharing, ["alice"]);
        assert!(found[2].sharing.is_empty());
    }

    #[test]
    fn ids_stay_unique_whatever_the_names() {
        // `a.zip.zip` would be `a.zip`, which that one has to keep because of `a`.
        let entries = [("a", true), ("a.zip", false), ("a.zip.zip", false)];
        assert_eq!(ids_of(&entries), ["a", "a.zip", "a.zip.zip"]);
        let entries = [("A", true), ("a", true), ("a.tar.gz", false)];
        assert_eq!(ids_of(&entries), ["A", "a", "a.tar.gz"]);
        assert_eq!(found(&entries)[1].sharing, ["A", "a.tar.gz"]);
    }

    #[test]
    fn junk_and_archives_are_known_by_name() {
        assert!(is_junk(".git") && is_junk("__MACOSX") && is_junk("Thumbs.db"));
        assert!(!is_junk("alice"));
        assert!(is_archive("A.ZIP") && is_archive("a.tar.gz") && is_archive("a.rar"));
        assert!(!is_archive("grades.csv") && !is_archive("zip"));
        assert!(is_source("S07.RS") && is_source("s07.rs.txt"));
        assert!(!is_source("rs") && !is_source("s07.txt") && !is_source(".rs"));
        assert_eq!(source_stem("s07.rs.RS.txt"), Some("s07"));
    }
}
