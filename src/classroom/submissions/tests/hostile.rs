//! Submissions of those who try something.

use super::*;

/// What a student must never get at.
const SECRET: &str = "root:x:0:0";

/// However hostile, it takes no long time.
fn quickly<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    let taken = start.elapsed();
    assert!(taken < Duration::from_secs(20), "it took {taken:?}");
    result
}

#[cfg(unix)]
#[test]
fn links_and_pipes_in_folders_are_not_read() {
    use std::os::unix::fs::symlink;
    let class = Class::of("bob/s07_attention.rs", "bob's work");
    class.write("alice/README.md", "x");
    symlink("/etc/passwd", class.path("alice/s08_residual.rs")).expect("a link");
    let bobs = class.path("bob/s07_attention.rs");
    symlink(bobs, class.path("alice/s07_attention.rs")).expect("a link");
    symlink(class.path("bob"), class.path("alice/steps")).expect("a link");
    symlink("..", class.path("alice/loop")).expect("a link");
    let submission = class.read("alice");
    assert!(submission.is_missing(), "{submission:?}");
    assert!(submission.files[0].notes[0].contains("is a symbolic link"));
    assert!(submission.files[1].notes[0].contains("is a symbolic link"));
    assert!(submission.says("`steps` is a symbolic link"));

    let pipe = class.path("carol/s07_attention.rs");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
    let socket = class.path("carol/s08_residual.rs");
    let _socket = std::os::unix::net::UnixListener::bind(socket).expect("a socket");
    let submission = quickly(|| class.read("carol"));
    assert!(submission.is_missing());
    assert!(submission.files[0].notes[0].contains("is a named pipe"));
    assert!(submission.files[1].notes[0].contains("is a socket"));
}

#[cfg(unix)]
#[test]
fn links_and_pipes_among_the_submissions_are_not_followed() {
    use std::os::unix::fs::symlink;
    let class = Class::of("bob/s07_attention.rs", "bob's work");
    symlink(class.path("bob"), class.path("alice")).expect("a link");
    let zip = zip_of(&[("s07_attention.rs", b"x")]);
    let elsewhere = Class::of("real.zip", zip);
    symlink(elsewhere.path("real.zip"), class.path("carol.zip")).expect("a link");
    let mode = nix::sys::stat::Mode::S_IRWXU;
    nix::unistd::mkfifo(&class.path("dave.zip"), mode).expect("a pipe");
    nix::unistd::mkfifo(&class.path("pipe"), mode).expect("a pipe");
    assert_eq!(class.entries().passed_over, ["pipe"]);
    for id in ["alice", "carol", "dave"] {
        let submission = quickly(|| class.read(id));
        assert!(submission.is_missing() && submission.says("was not read"));
    }

    // Swapped after it was listed.
    let entries = class.entries().entries;
    let bob = entries.iter().find(|entry| entry.id == "bob");
    fs::remove_dir_all(class.path("bob")).expect("it can go");
    symlink(elsewhere.folder.path(), class.path("bob")).expect("a link");
    assert!(bob.is_some_and(|bob| bob.read(&STEPS).is_missing()));
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_stay_apart() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let class = Class::new();
    for name in [&b"a\xff"[..], b"a\xfe", b"a%FF", b"b\nc", b"\x1b[31mred"] {
        let folder = Path::new(OsStr::from_bytes(name)).join("\u{202e}");
        let file = Path::new(OsStr::from_bytes(b"\xff_s07_attention.rs"));
        class.write(folder.join(file), name);
    }
    assert_eq!(
        class.ids(),
        ["%1B[31mred", "a%25FF", "a%FE", "a%FF", "b%0Ac"]
    );
    assert_eq!(
        class.read("b%0Ac").first(),
        ("%E2%80%AE/%FF_s07_attention.rs", "b\nc")
    );
}

#[test]
fn paths_out_of_an_archive_are_ignored() {
    let names = [
        "../../evil/s07_attention.rs",
        "/tmp/s07_attention.rs",
        "steps/../../s07_attention.rs",
        "..\\..\\s07_attention.rs",
        "C:\\s07_attention.rs",
    ];
    let files = names.map(|name| (name, &b"x"[..]));
    let archives = [
        ("alice.zip", zip_of(&files)),
        ("alice.tgz", gzip_of(&tar_of(&files))),
    ];
    for (name, archive) in archives {
        let submission = Class::of(name, archive).read("alice");
        assert!(submission.is_missing(), "{submission:?}");
        assert!(submission.says("leads out of the archive and was ignored"));
        assert!(submission.says("is an absolute path"));
    }
}

#[test]
fn links_in_archives_are_not_followed() {
    let mut tar = ::tar::Builder::new(Vec::new());
    for (name, entry_type) in [
        ("s07_attention.rs", ::tar::EntryType::Symlink),
        ("s08_residual.rs", ::tar::EntryType::Link),
        ("steps", ::tar::EntryType::Symlink),
        ("pipe", ::tar::EntryType::Fifo),
    ] {
        let mut header = tar_header(name, entry_type);
        header.set_link_name("/etc/passwd").expect("it is short");
        header.set_cksum();
        tar.append(&header, &b""[..]).expect("it can be added");
    }
    let tar = tar.into_inner().expect("it can be finished");

    let mut zip = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default();
    for name in ["s07_attention.rs", "s08_residual.rs"] {
        zip.add_symlink(name, "/etc/passwd", options)
            .expect("a link can be added");
    }
    let zip = zip.finish().expect("it can be finished").into_inner();
    for class in [Class::of("alice.tar", tar), Class::of("alice.zip", zip)] {
        let submission = class.read("alice");
        assert!(submission.is_missing(), "{submission:?}");
        assert!(submission.files[0].notes[0].contains("is a symbolic link"));
        assert!(!format!("{submission:?}").contains(SECRET));
    }
}

/// A tar archive with a file of zeros in front of a step. It is compressed in pieces, as gzip
/// allows, for a large one takes its time.
fn bomb(megabytes: usize) -> Vec<u8> {
    let head = |name: &str, size: usize| {
        let mut header = tar_header(name, ::tar::EntryType::Regular);
        header.set_size(size as u64);
        header.set_cksum();
        header.as_bytes().to_vec()
    };
    let mut start = head("s08_residual.rs", 1);
    start.extend([b'x'; 512]);
    start.extend(head("zeros", megabytes << 20));
    let mut end = head("s07_attention.rs", 1);
    end.extend([b'x'; 512]);
    let zeros = gzip_of(&vec![0; 1 << 20]).repeat(megabytes);
    [gzip_of(&start), zeros, gzip_of(&end)].concat()
}

#[test]
fn bombs_do_not_go_off() {
    let mut zip = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default().compression_level(Some(1));
    zip.start_file("s07_attention.rs", options).expect("a file");
    let zeros = vec![0; 1 << 20];
    for _ in 0..300 {
        zip.write_all(&zeros).expect("it can be written");
    }
    let zip = zip.finish().expect("it can be finished").into_inner();
    let class = Class::of("alice.zip", zip);
    let submission = quickly(|| class.read("alice"));
    let bytes = 300 << 20;
    let limit = 1 << 20;
    let too_large = Unreadable::TooLarge { bytes, limit };
    assert_eq!(submission.files[0].content, Content::Unreadable(too_large));

    let class = Class::of("bob.tar.gz", bomb(300));
    let submission = quickly(|| class.read("bob"));
    assert!(submission.says("more than 256 MiB"), "{submission:?}");
    assert_eq!(submission.files[0].content, Content::Missing);
    let text = Content::Text("x".into());
    assert_eq!(submission.files[1].content, text);

    let class = Class::of("carol.tar.gz", bomb(200));
    let submission = quickly(|| class.read("carol"));
    assert_eq!(submission.first().1, "x");
}

#[test]
fn a_size_that_is_a_lie_does_not_help() {
    let zip = zip_of(&[("s07_attention.rs", &[b' '; 3 << 20])]);
    let mut small = zip.clone();
    for (signature, offset) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
        let at = (0..zip.len()).find(|&at| zip[at..].starts_with(signature));
        let at = at.expect("there is a header") + offset;
        small[at..at + 4].copy_from_slice(&5_u32.to_le_bytes());
    }
    let submission = Class::of("alice.zip", small).read("alice");
    assert!(matches!(
        submission.files[0].content,
        Content::Unreadable(_)
    ));
}

#[test]
fn huge_files_are_not_read() {
    let class = Class::new();
    let huge = |path: &str| {
        let file = fs::File::create(class.path(path)).expect("a file");
        file.set_len(1 << 30).expect("it can be sparse");
        file
    };
    huge("alice/s07_attention.rs");
    let mut zip = huge("bob.zip");
    zip.write_all(&zip_of(&[("s07_attention.rs", b"x")]))
        .expect("it can be written");
    huge("carol.tar");
    huge("dave.zip");
    let mut gzip = huge("eve.tgz");
    gzip.write_all(&gzip_of(&tar_of(&[("s07_attention.rs", b"x")])))
        .expect("it can be written");
    let bytes = 1 << 30;
    let limit = 1 << 20;
    quickly(|| {
        let alice = class.read("alice").files.remove(0).content;
        let too_large = Unreadable::TooLarge { bytes, limit };
        assert_eq!(alice, Content::Unreadable(too_large));
        assert!(class.read("bob").says("is broken"));
        assert!(class.read("carol").says("the archive is empty"));
        assert!(class.read("dave").says("is no archive"));
        assert_eq!(class.read("eve").first().1, "x");
    });
}

/// A zip archive of 10 GB that announces as many files as its list of contents has room for:
/// whoever believes it asks for 36 GB of memory.
#[test]
fn room_is_not_made_for_what_is_only_announced() {
    const LENGTH: u64 = 10 << 30;
    // The list may not begin before so many bytes.
    let files = (LENGTH - 4096) / 47;
    let mut record = b"PK\x06\x06".to_vec();
    record.extend(44_u64.to_le_bytes());
    record.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for value in [files, files, files * 46, files] {
        record.extend(value.to_le_bytes());
    }
    let at = LENGTH - 56 - 20 - 22;
    record.extend(b"PK\x06\x07\0\0\0\0");
    record.extend(at.to_le_bytes());
    record.extend(1_u32.to_le_bytes());
    record.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
    assert_eq!(record.len(), 56 + 20 + 22);

    let class = Class::of("alice.zip", b"PK\x03\x04");
    let file = fs::File::options()
        .write(true)
        .open(class.path("alice.zip"));
    let mut file = file.expect("it is there");
    io::Seek::seek(&mut file, io::SeekFrom::Start(at)).expect("it can be sparse");
    file.write_all(&record).expect("it can be written");
    let submission = quickly(|| class.read("alice"));
    assert!(submission.says("too long a list"), "{submission:?}");
}

#[test]
fn there_is_an_end_to_looking() {
    let limits = Limits {
        entries: 50,
        depth: 4,
        unpacked: 1 << 20,
    };
    let class = Class::of("alice/a/b/c/d/e/s07_attention.rs", "x");
    let submission = class.read_within("alice", &limits);
    assert!(submission.is_missing() && submission.says("more than 4 deep"));

    let names: Vec<String> = (0..100).map(|i| format!("many/{i}.txt")).collect();
    for name in &names {
        class.write(format!("bob/{name}"), "x");
    }
    class.write("bob/s07_attention.rs", "shallow");
    let submission = class.read_within("bob", &limits);
    assert_eq!(submission.first().1, "shallow");
    assert!(submission.says("more than 50 files"), "{submission:?}");
    for i in 0..100 {
        class.write(format!("frank/.{i}"), "hidden, and no less work");
    }
    let submission = class.read_within("frank", &limits);
    assert!(submission.says("more than 50 files"), "{submission:?}");

    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (&name[..], &b"x"[..])).collect();
    for (name, bytes) in [("carol.zip", zip_of(&files)), ("carol.tar", tar_of(&files))] {
        let submission = Class::of(name, bytes).read_within("carol", &limits);
        assert!(submission.says("more than 50 files"), "{submission:?}");
    }
    // What lies in `target` does not count, up to a point.
    let built: Vec<String> = (0..300).map(|i| format!("target/{i}")).collect();
    for (count, is_found) in [(200, true), (300, false)] {
        let built = built[..count].iter().map(|name| (&name[..], &b"x"[..]));
        let files: Vec<_> = built.chain([("s07_attention.rs", &b"x"[..])]).collect();
        let submission = Class::of("eve.zip", zip_of(&files)).read_within("eve", &limits);
        assert_eq!(!submission.is_missing(), is_found);
        assert_eq!(!submission.says("more than 50 files"), is_found);
    }
    let class = Class::of("dave.tgz", bomb(2));
    let submission = class.read_within("dave", &limits);
    assert!(submission.says("more than 1 MiB"), "{submission:?}");
}

#[test]
fn notes_are_few() {
    let names: Vec<String> = (0..500)
        .map(|i| format!("../{i}/{}", "x".repeat(80)))
        .collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (&name[..], &b""[..])).collect();
    let notes = Class::of("alice.tar", tar_of(&files)).read("alice").notes;
    assert_eq!(notes.len(), limits::NOTES + 2);
    assert_eq!(notes.last().map(String::as_str), Some("and 480 more"));
}

#[test]
fn notes_do_no_harm_to_a_terminal() {
    let mut tar = tar_of(&[("a", b"x"), ("\x1b[31mred\n", b"x")]);
    // A checksum that is no number: the complaint has the name in it.
    tar[1024 + 148..1024 + 156].copy_from_slice(b"checksum");
    let class = Class::of("alice.tar", tar);
    let notes = class.read("alice").notes;
    assert!(notes[1].contains("%1B[31mred%0A"), "{notes:?}");
}

/// Whatever is broken in an archive, there is an answer.
#[test]
fn damaged_archives_are_survived() {
    let files: [(&str, &[u8]); 3] = [
        ("course/steps/s07_attention.rs", b"fn attention() {}"),
        ("course/steps/s08_residual.rs", &[b'x'; 700]),
        ("course/solutions/s08_residual.rs", b"x"),
    ];
    let tar = tar_of(&files);
    let mut state = 1_u64;
    let mut random = |below: usize| {
        // Marsaglia's xorshift.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).expect("it is small")
    };
    for (name, whole) in [
        ("alice.zip", zip_of(&files)),
        ("alice.tgz", gzip_of(&tar)),
        ("alice.tar", tar),
    ] {
        for _ in 0..300 {
            let mut bytes = whole.clone();
            for _ in 0..=random(4) {
                let at = random(bytes.len());
                bytes[at] = u8::try_from(random(256)).expect("it is small");
            }
            bytes.truncate(whole.len() - random(2) * random(whole.len() / 2));
            let submission = Class::of(name, &bytes).read("alice");
            assert!(!submission.says("bug in tutor"), "{bytes:?}");
            assert!(submission.notes.len() <= limits::NOTES + 2);
        }
    }
}
