use super::*;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::course::source::Unreadable;

mod archives;
mod exports;
mod folders;
mod hostile;
mod platforms;

const STEPS: [&str; 2] = ["s07_attention", "s08_residual"];

/// A folder of submissions.
pub(super) struct Class {
    folder: tempfile::TempDir,
}

impl Class {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder for tests"),
        }
    }

    fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = self.folder.path().join(path);
        let folder = path.parent().expect("it lies in the class's folder");
        fs::create_dir_all(folder).expect("a folder can be made");
        path
    }

    pub fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        fs::write(self.path(path), content).expect("a file can be written");
    }

    /// With one submission.
    pub fn of(path: &str, content: impl AsRef<[u8]>) -> Self {
        let class = Self::new();
        class.write(path, content);
        class
    }

    pub fn entries(&self) -> Entries {
        entries(self.folder.path(), None, None).expect("there are entries")
    }

    fn ids(&self) -> Vec<String> {
        self.entries().entries.into_iter().map(|e| e.id).collect()
    }

    fn read(&self, id: &str) -> Submission {
        self.read_within(id, &Limits::DEFAULT)
    }

    fn read_within(&self, id: &str, limits: &Limits) -> Submission {
        let entries = self.entries().entries;
        let entry = entries.iter().find(|entry| entry.id == id);
        let entry = entry.unwrap_or_else(|| panic!("no `{id}` in {entries:?}"));
        let submission = entry.read_within(&STEPS, limits);
        assert_eq!(submission.files.len(), STEPS.len());
        submission
    }
}

impl Submission {
    /// Where the first step was found, and its text.
    fn first(&self) -> (&str, &str) {
        let found = &self.files[0];
        match (&found.path, &found.content) {
            (Some(path), Content::Text(text)) => (path, text),
            _ => panic!("{self:?}"),
        }
    }

    fn is_missing(&self) -> bool {
        self.files.iter().all(|f| f.content == Content::Missing)
    }

    /// Why the first step cannot be read.
    fn refusal(&self) -> String {
        match &self.files[0].content {
            Content::Unreadable(Unreadable::Refused { reason }) => reason.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn says(&self, part: &str) -> bool {
        let notes = self.notes.iter();
        let mut all = notes.chain(self.files.iter().flat_map(|found| &found.notes));
        all.any(|note| note.contains(part))
    }
}

/// A zip archive of these files.
fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default();
    for (name, content) in files {
        zip.start_file(*name, options).expect("a file can be added");
        zip.write_all(content).expect("it can be written");
    }
    zip.finish().expect("it can be finished").into_inner()
}

/// A tar archive of these files, whatever their names.
fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = ::tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar_header(name, ::tar::EntryType::Regular);
        header.set_size(content.len() as u64);
        header.set_cksum();
        tar.append(&header, *content).expect("a file can be added");
    }
    tar.into_inner().expect("it can be finished")
}

fn tar_header(name: &str, entry_type: ::tar::EntryType) -> ::tar::Header {
    let mut header = ::tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(entry_type);
    header.set_size(0);
    header.set_mode(0o644);
    header.set_cksum();
    header
}

fn gzip_of(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).expect("it can be compressed");
    gzip.finish().expect("it can be finished")
}

#[test]
fn a_class_has_many_forms() {
    let class = Class::new();
    class.write("bob/s07_attention.rs", "b");
    class.write("Alice Müller/steps/s07_attention.rs", "a");
    class.write("carol.zip", zip_of(&[("s07_attention.rs", b"c")]));
    class.write(
        "dave.tar.gz",
        gzip_of(&tar_of(&[("s07_attention.rs", b"d")])),
    );
    class.write("eve.TGZ", gzip_of(&tar_of(&[("x/s07_attention.rs", b"e")])));
    class.write("frank.tar", tar_of(&[("./s07_attention.rs", b"f")]));
    class.write("grace", zip_of(&[("s07_attention.rs", b"g")]));
    for junk in [".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX/x"] {
        class.write(junk, "junk");
    }
    class.write("grades.csv", "name,points");
    class.write("notes", "no archive");
    let entries = class.entries();
    assert_eq!(entries.passed_over, ["grades.csv", "notes"]);
    let ids = class.ids();
    assert_eq!(
        ids,
        [
            "Alice Müller",
            "bob",
            "carol",
            "dave",
            "eve",
            "frank",
            "grace"
        ]
    );
    let texts: Vec<String> = ids
        .iter()
        .map(|id| class.read(id).first().1.to_owned())
        .collect();
    assert_eq!(texts, ["a", "b", "c", "d", "e", "f", "g"]);
    for entry in &entries.entries {
        assert!(entry.notes.is_empty() && entry.read(&STEPS).notes.is_empty());
    }
}

#[test]
fn no_class_is_told_with_a_next_step() {
    let class = Class::new();
    let message = |folder: &Path| match entries(folder, None, None) {
        Err(Error::Usage { message, next }) => {
            assert!(next.contains("tutor grade"), "{next}");
            message
        }
        other => panic!("{other:?}"),
    };
    assert!(message(&class.path("none")).contains("there is no folder"));
    assert!(message(class.folder.path()).contains("is empty"));
    class.write("grades.csv", "");
    assert!(message(&class.path("grades.csv")).contains("is not a folder"));
    assert!(message(class.folder.path()).contains("only `grades.csv`"));
}

#[test]
fn who_shares_a_name_is_told() {
    let class = Class::of("alice/s07_attention.rs", "folder");
    class.write("alice.zip", zip_of(&[("s07_attention.rs", b"zip")]));
    class.write("bob/s07_attention.rs", "bob");
    let entries = class.entries().entries;
    assert_eq!(class.ids(), ["alice", "alice.zip", "bob"]);
    assert!(entries[0].notes[0].contains("same name as `alice.zip`"));
    assert!(entries[1].notes[0].contains("same name as `alice`"));
    assert!(entries[2].notes.is_empty());
    assert_eq!(class.read("alice").first().1, "folder");
    assert_eq!(class.read("alice.zip").first().1, "zip");
}

#[test]
fn the_order_is_that_of_ids() {
    let class = Class::of("a.zip", "");
    class.write("a-b.zip", "");
    assert_eq!(class.ids(), ["a", "a-b"]);
}

#[test]
fn what_cannot_be_unpacked_is_somebodys_all_the_same() {
    let class = Class::of("alice.rar", "Rar!\x1a\x07\0");
    class.write("bob.7z", "7z\u{bc}");
    class.write("carol.zip", "");
    class.write("dave.zip", "<html>please sign in</html>");
    class.write("s07_attention.rs", "fn x() {}");
    class.write("eve.gz", gzip_of(b"fn x() {}"));
    for (id, part) in [
        ("alice.rar", "is a RAR archive"),
        ("bob.7z", "is no archive"),
        ("carol", "is empty"),
        ("dave", "is no archive: hand in a folder"),
        ("s07_attention.rs", "a file by itself"),
        ("eve.gz", "no files that can be read"),
    ] {
        let submission = class.read(id);
        assert!(submission.is_missing());
        assert!(submission.says(part), "{submission:?}");
    }
}

#[test]
fn contents_count_and_not_endings() {
    let gzip = gzip_of(&tar_of(&[("s07_attention.rs", b"x")]));
    let class = Class::of("alice.zip", gzip);
    class.write("bob.tar.gz", zip_of(&[("s07_attention.rs", b"x")]));
    class.write("carol.rar", zip_of(&[("s07_attention.rs", b"x")]));
    class.write("dave.tgz", tar_of(&[("s07_attention.rs", b"x")]));
    for id in ["alice", "bob", "carol.rar", "dave"] {
        assert_eq!(class.read(id).first(), ("s07_attention.rs", "x"));
    }
}
