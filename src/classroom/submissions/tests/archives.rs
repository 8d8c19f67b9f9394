//! Archives, by whoever meant well, and broken ones.

use super::*;

const FILES: [(&str, &[u8]); 4] = [
    ("course-main/README.md", b"#"),
    ("course-main/solutions/s07_attention.rs", b"not mine"),
    ("course-main/steps/s07_attention.rs", b"seven"),
    ("course-main/steps/s08_residual.rs", b"eight"),
];

/// The same files in each form.
fn all_forms(files: &[(&str, &[u8])]) -> Vec<Class> {
    let tar = tar_of(files);
    vec![
        Class::of("alice.zip", zip_of(files)),
        Class::of("alice.tar.gz", gzip_of(&tar)),
        Class::of("alice.tar", tar),
    ]
}

/// Writes `value` so many bytes behind each place that starts with `signature`.
fn patch(bytes: &mut [u8], signature: &[u8], offset: usize, value: u8) {
    let places: Vec<usize> = (0..bytes.len())
        .filter(|&at| bytes[at..].starts_with(signature))
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at + offset] = value;
    }
}

#[test]
fn one_folder_in_an_archive_is_as_good_as_none() {
    for class in all_forms(&FILES) {
        let submission = class.read("alice");
        let path = "course-main/steps/s07_attention.rs";
        assert_eq!(submission.first(), (path, "seven"));
        assert_eq!(submission.files[1].content, Content::Text("eight".into()));
        assert!(submission.notes.is_empty(), "{submission:?}");
    }
}

#[test]
fn contents_follow_the_same_rules_as_in_folders() {
    let large = vec![b' '; 2 << 20];
    for class in all_forms(&[("s07_attention.rs", &large), ("s08_residual.rs", b"\xff\0")]) {
        let files = class.read("alice").files;
        let limit = 1 << 20;
        let bytes = 2 << 20;
        let too_large = Unreadable::TooLarge { bytes, limit };
        assert_eq!(files[0].content, Content::Unreadable(too_large));
        let not_utf8 = Unreadable::NotUtf8 { line: 1 };
        assert_eq!(files[1].content, Content::Unreadable(not_utf8));
    }
    for class in all_forms(&[("a.txt", b"x")]) {
        assert!(class.read("alice").says("no step file was found"));
    }
    for class in all_forms(&[]) {
        let submission = class.read("alice");
        assert!(submission.says("the archive is empty"), "{submission:?}");
    }
}

#[test]
fn an_archive_in_an_archive_is_opened_and_one_in_that_stays_closed() {
    let inner = zip_of(&[("steps/s07_attention.rs", b"x")]);
    let tar = gzip_of(&tar_of(&[("s08_residual.rs", b"y"), ("deep.zip", &inner)]));
    for class in all_forms(&[("homework.zip", &inner), ("more.tgz", &tar)]) {
        let submission = class.read("alice");
        let path = "homework.zip/steps/s07_attention.rs";
        assert_eq!(submission.first(), (path, "x"));
        let path = submission.files[1].path.as_deref();
        assert_eq!(path, Some("more.tgz/s08_residual.rs"));
        assert!(submission.says("`more.tgz/deep.zip` is an archive inside"));
    }
}

#[test]
fn the_last_of_a_name_counts() {
    let twice = [
        ("s07_attention.rs", &b"old"[..]),
        ("./s07_attention.rs", b"new"),
    ];
    for class in all_forms(&twice) {
        let submission = class.read("alice");
        assert_eq!(submission.first(), ("s07_attention.rs", "new"));
        assert!(submission.says("the last one counts"));
    }
}

#[test]
fn windows_writes_other_slashes() {
    let class = Class::of("alice.zip", zip_of(&[(r"a\steps\s07_attention.rs", b"x")]));
    let submission = class.read("alice");
    assert_eq!(submission.first(), ("a/steps/s07_attention.rs", "x"));
}

#[test]
fn names_of_dos_are_read() {
    let mut zip = zip_of(&[("M_ller/s07_attention.rs", b"x")]);
    patch(&mut zip, b"M_ller", 1, 0x81);
    let class = Class::of("alice.zip", zip);
    let path = "Müller/s07_attention.rs";
    assert_eq!(class.read("alice").first(), (path, "x"));

    // As a Mac packs it: UTF-8, without saying so.
    let mut zip = zip_of(&[("M__ller/s07_attention.rs", b"x")]);
    patch(&mut zip, b"M__ller", 1, 0xc3);
    patch(&mut zip, b"M\xc3_ller", 2, 0xbc);
    let class = Class::of("alice.zip", zip);
    assert_eq!(class.read("alice").first(), (path, "x"));

    let mut tar = tar_of(&[]);
    tar.clear();
    let mut header = tar_header("M_ller/s07_attention.rs", ::tar::EntryType::Regular);
    header.as_old_mut().name[1] = 0xfc;
    header.set_size(1);
    header.set_cksum();
    let mut builder = ::tar::Builder::new(tar);
    builder.append(&header, &b"x"[..]).expect("it can be added");
    let tar = builder.into_inner().expect("it can be finished");
    let class = Class::of("alice.tar", tar);
    let path = "M%FCller/s07_attention.rs";
    assert_eq!(class.read("alice").first(), (path, "x"));
}

#[test]
fn long_names_in_tar_archives_are_read() {
    let folder = "a rather long name of a folder ".repeat(8);
    let path = format!("{folder}/steps/s07_attention.rs");
    let mut gnu = ::tar::Builder::new(Vec::new());
    let mut header = tar_header("", ::tar::EntryType::Regular);
    header.set_size(1);
    gnu.append_data(&mut header, &path, &b"x"[..])
        .expect("a file can be added");
    let mut pax = ::tar::Builder::new(Vec::new());
    pax.append_pax_extensions([("path", path.as_bytes()), ("comment", b"c")])
        .expect("an extension can be added");
    let mut header = tar_header("short", ::tar::EntryType::Regular);
    header.set_size(1);
    header.set_cksum();
    pax.append(&header, &b"x"[..]).expect("a file can be added");
    for tar in [gnu, pax] {
        let tar = tar.into_inner().expect("it can be finished");
        let class = Class::of("alice.tar.gz", gzip_of(&tar));
        assert_eq!(class.read("alice").first(), (path.as_str(), "x"));
    }
}

#[test]
fn a_password_and_a_strange_compression_are_told() {
    let zip = zip_of(&[("s07_attention.rs", b"fn x() {}")]);
    let mut encrypted = zip.clone();
    patch(&mut encrypted, b"PK\x03\x04", 6, 1);
    patch(&mut encrypted, b"PK\x01\x02", 8, 1);
    let class = Class::of("alice.zip", encrypted);
    assert!(class.read("alice").refusal().contains("without a password"));

    let mut strange = zip;
    patch(&mut strange, b"PK\x03\x04", 8, 12);
    patch(&mut strange, b"PK\x01\x02", 10, 12);
    let class = Class::of("alice.zip", strange);
    let said = class.read("alice").refusal();
    assert!(said.contains("not known here"), "{said}");
}

#[test]
fn half_an_archive_is_told() {
    let zip = zip_of(&FILES);
    let class = Class::of("alice.zip", &zip[..zip.len() - 40]);
    let submission = class.read("alice");
    assert!(submission.says("only a part of an archive"));
    assert!(submission.is_missing());

    let many: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    let tar = tar_of(&[("s07_attention.rs", b"x"), ("data", &many)]);
    let gzip = gzip_of(&tar);
    let forms = [&tar[..tar.len() / 2], &gzip[..gzip.len() / 2]];
    for half in forms {
        let class = Class::of("alice.tgz", half);
        let submission = class.read("alice");
        assert_eq!(submission.first().1, "x");
        assert!(submission.says("ends too early"), "{submission:?}");
    }
    let class = Class::of("alice.tar", &tar_of(&FILES)[..512 * 5]);
    assert!(class.read("alice").says("ends too early"));
    // Within the file itself.
    let tar = tar_of(&[("s07_attention.rs", &[b'x'; 1000])]);
    let class = Class::of("alice.tar", &tar[..512 * 2]);
    let refusal = class.read("alice").refusal();
    assert!(refusal.contains("ends within this file"), "{refusal}");
}

#[test]
fn a_damaged_file_does_not_count() {
    let content = b"fn a() {} // some text that is not compressed";
    let mut zip = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default()
        .compression_method(::zip::CompressionMethod::Stored);
    zip.start_file("s07_attention.rs", options).expect("a file");
    zip.write_all(content).expect("it can be written");
    let mut zip = zip.finish().expect("it can be finished").into_inner();
    patch(&mut zip, b"fn a", 3, b'b');
    let class = Class::of("alice.zip", zip);
    assert!(class.read("alice").refusal().contains("damaged"));
}
