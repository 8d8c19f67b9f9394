//! Submissions in the very shapes in which platforms export them.

use super::*;

use crate::classroom::record::TimeFrom;

const STEP: &str = "s07_attention.rs";

/// A class of these files, unpacked, and in one zip archive.
pub(super) fn both(files: &[(&str, &[u8])]) -> Vec<(Class, PathBuf)> {
    let unpacked = Class::new();
    for (name, content) in files.iter().filter(|(name, _)| !name.ends_with('/')) {
        unpacked.write(Path::new("all").join(name), content);
    }
    let packed = Class::of("all.zip", zip_of(files));
    let paths = [unpacked.path("all"), packed.path("all.zip")];
    [unpacked, packed].into_iter().zip(paths).collect()
}

/// What each student has for the first step, by id: the name, and the text.
pub(super) fn taken(path: &Path) -> Vec<(String, Option<String>, String)> {
    let found = entries(path, None, None).expect("there are entries");
    let each = found.entries.into_iter().map(|entry| {
        let submission = entry.read(&STEPS);
        let text = match &submission.files[0].content {
            Content::Text(text) => text.clone(),
            other => format!("{other:?}"),
        };
        (entry.id, entry.student, text)
    });
    each.collect()
}

pub(super) fn row(id: &str, student: Option<&str>, text: &str) -> (String, Option<String>, String) {
    (id.into(), student.map(Into::into), text.into())
}

pub(super) fn submission(path: &Path, id: &str) -> (Entry, Submission) {
    let found = entries(path, None, None)
        .expect("there are entries")
        .entries;
    let entry = found.into_iter().find(|entry| entry.id == id);
    let entry = entry.expect("the student is there");
    let submission = entry.read(&STEPS);
    (entry, submission)
}

#[test]
fn canvas_has_all_files_in_one_folder() {
    let zip = zip_of(&[("homework/steps/s07_attention.rs", b"zipped")]);
    let files: [(&str, &[u8]); 8] = [
        ("doejane_LATE_12345_67890_s07.rs", b"old"),
        ("doejane_LATE_12345_67899_s07-1.rs", b"new"),
        ("doejane_LATE_12345_67891_s08_residual.rs", b"eight"),
        ("doejane_LATE_12345_67892_notes.txt", b"hello"),
        ("doejane_777_67893_s07_attention.rs", b"another Jane"),
        ("lee-smithbo_42_67894_homework.zip", &zip),
        ("lee-smithbo_42_67880_s08.rs", b"bo"),
        ("mia_8_67895_text.html", b"I forgot"),
    ];
    for (_class, path) in both(&files) {
        let missing = format!("{:?}", Content::Missing);
        let expected = [
            row("12345", Some("doejane"), "new"),
            row("42", Some("lee-smithbo"), "zipped"),
            row("777", Some("doejane"), "another Jane"),
            row("8", Some("mia"), &missing),
        ];
        assert_eq!(taken(&path), expected);
        let (jane, found) = submission(&path, "12345");
        assert!(jane.is_marked_late && jane.notes.is_empty());
        let given = "doejane_LATE_12345_67899_s07-1.rs";
        assert_eq!(found.files[0].path.as_deref(), Some(given));
        assert!(found.says("`s07-1.rs` was taken as the later attempt and `s07.rs` was not"));
        assert_eq!(found.files[1].content, Content::Text("eight".into()));
        let (bo, found) = submission(&path, "42");
        assert!(!bo.is_marked_late);
        let inside = "lee-smithbo_42_67894_homework.zip/homework/steps/s07_attention.rs";
        assert_eq!(found.files[0].path.as_deref(), Some(inside));
        let given = "lee-smithbo_42_67880_s08.rs";
        assert_eq!(found.files[1].path.as_deref(), Some(given));
        let (_, found) = submission(&path, "8");
        assert!(found.says("all that was seen is `text.html`"), "{found:?}");
    }
}

#[test]
fn moodle_has_a_folder_for_each_student() {
    let zip = zip_of(&[("work/steps/s07_attention.rs", b"zipped")]);
    let files: [(&str, &[u8]); 8] = [
        (
            "Ana María Cruz_1234567_assignsubmission_file_/s07_attention.rs",
            b"ana",
        ),
        (
            "Ana María Cruz_1234567_assignsubmission_onlinetext_/onlinetext.html",
            b"<p>hi",
        ),
        ("Bo Li_1234568_assignsubmission_file/work.zip", &zip),
        (
            "Cy Dee_1234569_assignsubmission_file_/s07 (1).rs",
            b"second",
        ),
        ("Cy Dee_1234569_assignsubmission_file_/s07.rs", b"first"),
        (
            "Di_Eng_1234570_assignsubmission_onlinetext_/onlinetext.html",
            b"<p>hi",
        ),
        ("Flo_1234571_assignsubmission_file_s07.rs", b"flat"),
        ("Flo_1234571_assignsubmission_file_s08.rs", b"flat, too"),
    ];
    for (_class, path) in both(&files) {
        let missing = format!("{:?}", Content::Missing);
        let expected = [
            row("1234567", Some("Ana María Cruz"), "ana"),
            row("1234568", Some("Bo Li"), "zipped"),
            row("1234569", Some("Cy Dee"), "second"),
            row("1234570", Some("Di_Eng"), &missing),
            row("1234571", Some("Flo"), "flat"),
        ];
        assert_eq!(taken(&path), expected);
        let (_, found) = submission(&path, "1234569");
        assert!(found.says("`s07 (1).rs` was taken as the later attempt and `s07.rs` was not"));
        let (_, found) = submission(&path, "1234570");
        assert!(found.says("`onlinetext.html`"), "{found:?}");
    }
}

#[test]
fn moodle_may_have_everything_in_a_folder_of_the_archive() {
    let inner = zip_of(&[(STEP, b"x")]);
    let name = "HW 1/Ana_7_assignsubmission_file_/a.zip";
    let class = Class::of("all.zip", zip_of(&[(name, &inner)]));
    assert_eq!(taken(&class.path("all.zip")), [row("7", Some("Ana"), "x")]);
    // A student's own archive is no class.
    let own = Class::of(
        "own.zip",
        zip_of(&[("course/steps/s07_attention.rs", b"x")]),
    );
    let found = entries(&own.path("own.zip"), None, None).expect("there is something");
    assert_eq!(found.entries[0].id, "course");
    let own = zip_of(&[("steps/s07_attention.rs", b"x"), ("kit/lib.rs", b"x")]);
    let own = Class::of("own.zip", own);
    let said = entries(&own.path("own.zip"), None, None).map_err(|e| e.to_string());
    assert!(said.is_err_and(|said| said.contains("looks like one submission")));
}

#[test]
fn blackboard_has_the_time_in_the_name() {
    let files: [(&str, &[u8]); 6] = [
        ("HW 1_jd42_attempt_2026-11-01-10-00-00.txt", b"Name: Jane"),
        ("HW 1_jd42_attempt_2026-11-01-10-00-00_s07.rs", b"old"),
        ("HW 1_jd42_attempt_2026-11-01-10-00-00_s08.rs", b"eight"),
        ("HW 1_jd42_attempt_2026-11-03-09-30-00.txt", b"Name: Jane"),
        ("HW 1_jd42_attempt_2026-11-03-09-30-00_s07.rs", b"new"),
        ("HW 1_bo_attempt_2026-11-02-08-00-00.txt", b"Name: Bo"),
    ];
    for (_class, path) in both(&files) {
        let missing = format!("{:?}", Content::Missing);
        let expected = [row("bo", None, &missing), row("jd42", None, "new")];
        assert_eq!(taken(&path), expected);
        let (jane, found) = submission(&path, "jd42");
        let handed_in = jane.handed_in.expect("the name says it");
        assert_eq!(handed_in.at.to_string(), "2026-11-03T09:30:00");
        assert_eq!(handed_in.from, TimeFrom::Name);
        assert!(jane.notes[0].contains("the last one that has it counts"));
        assert!(found.says("as the later attempt"));
        assert_eq!(found.files[1].content, Content::Text("eight".into()));
    }
}

#[test]
fn gradescope_counts_submissions() {
    let files: [(&str, &[u8]); 3] = [
        ("submission_123/s07_attention.rs", b"a"),
        ("submission_9/homework/s07_attention.rs", b"b"),
        ("submission_metadata.yml", b"---\n"),
    ];
    for (_class, path) in both(&files) {
        assert_eq!(taken(&path), [row("123", None, "a"), row("9", None, "b")]);
        let found = entries(&path, None, None).expect("there are entries");
        assert_eq!(found.notes, Vec::<String>::new());
    }
}

#[test]
fn gradescopes_list_says_whose_they_are() {
    let list = include_bytes!("submission_metadata.yml");
    let files: [(&str, &[u8]); 4] = [
        ("export/submission_1/s07_attention.rs", b"a"),
        ("export/submission_2/s07_attention.rs", b"b"),
        ("export/submission_3/s07_attention.rs", b"c"),
        ("export/submission_metadata.yml", list),
    ];
    let packed = Class::of("all.zip", zip_of(&files));
    let unpacked = Class::new();
    for (name, content) in files {
        unpacked.write(name, content);
    }
    for path in [packed.path("all.zip"), unpacked.path("export")] {
        // Two handed in the second one together; of the third one nothing is said.
        let expected = [
            row("1234567", Some("Ana Cruz"), "a"),
            row("222", Some("Bo Ø \"B\" Li"), "b"),
            row("3", None, "c"),
            row("cy@school.edu", Some("Cy: 's :sid: '7'"), "b"),
        ];
        assert_eq!(taken(&path), expected);
        let (ana, _) = submission(&path, "1234567");
        let time = ana.handed_in.expect("it is known");
        assert_eq!(time.at.to_string(), "2026-11-30T22:10:00+00:00");
        assert_eq!((time.from, ana.notes.len()), (TimeFrom::Platform, 0));
        let (bo, _) = submission(&path, "222");
        assert_eq!(bo.notes, ["handed in together with `cy@school.edu`"]);
        assert_eq!(submission(&path, "3").0.handed_in, None);
        let pattern: Pattern = "submission_{id}".parse().expect("a pattern");
        let found = entries(&path, Some(&pattern), None).expect("there are entries");
        assert_eq!(found.entries[0].id, "1");
    }
    let broken = Class::of("submission_1/s07.rs", "a");
    broken.write("submission_metadata.yml", b"submission_1:\n  :\xff");
    let found = broken.entries();
    assert_eq!(found.entries[0].id, "1");
    assert!(found.notes[0].contains("`submission_metadata.yml` cannot be read"));
}

#[test]
fn clones_are_named_after_the_assignment() {
    let class = Class::new();
    for user in ["ana", "bo-li"] {
        class.write(format!("gpt-{user}/.git/HEAD"), "ref: refs/heads/main");
        class.write(format!("gpt-{user}/steps/s07_attention.rs"), user);
        class.write(
            format!("gpt-{user}/solutions/s07_attention.rs"),
            "not theirs",
        );
    }
    let path = class.folder.path();
    let expected = [row("ana", None, "ana"), row("bo-li", None, "bo-li")];
    assert_eq!(taken(path), expected);
    assert!(entries(path, None, None).is_ok_and(|found| found.notes[0].contains("`gpt-`")));
    // When they were cloned says nothing.
    assert_eq!(submission(path, "ana").1.handed_in, None);
    fs::remove_dir_all(class.path("gpt-ana/.git")).expect("it can go");
    assert_eq!(taken(path)[0].0, "gpt-ana");
    assert!(submission(path, "gpt-ana").1.handed_in.is_some());
}

#[test]
fn what_macs_and_windows_leave_behind_is_nobodys() {
    let files: [(&str, &[u8]); 7] = [
        ("ana/s07_attention.rs", b"a"),
        ("ana/._s07_attention.rs", b"\0\x05\x16\x07"),
        ("__MACOSX/._ana", b"\0\x05\x16\x07"),
        ("__MACOSX/ana/._s07_attention.rs", b"\0\x05\x16\x07"),
        (".DS_Store", b"\0"),
        ("Müller\\steps\\s07_attention.rs", b"m"),
        ("Müller\\Thumbs.db", b"\0"),
    ];
    let class = Class::of("all.zip", zip_of(&files));
    let expected = [row("Müller", None, "m"), row("ana", None, "a")];
    assert_eq!(taken(&class.path("all.zip")), expected);
}

#[test]
fn the_last_attempt_counts() {
    let class = Class::new();
    class.write("ana.zip", zip_of(&[(STEP, b"1"), ("s08.rs", b"1")]));
    class.write("ana (1).zip", zip_of(&[(STEP, b"2")]));
    class.write("bo/s07.rs", "1");
    class.write("bo_v2/s07.rs", "2");
    class.write("bo_v10/s07.rs", "10");
    class.write("cy_attempt_3/s07.rs", "3");
    for team in 1..=2 {
        class.write(format!("team-{team}/s07.rs"), team.to_string());
    }
    let path = class.folder.path();
    let expected = [
        row("ana", None, "2"),
        row("bo", None, "10"),
        row("cy", None, "3"),
        row("team-1", None, "1"),
        row("team-2", None, "2"),
    ];
    assert_eq!(taken(path), expected);
    let (ana, found) = submission(path, "ana");
    assert!(ana.notes[0].contains("`ana.zip` and `ana (1).zip` belong to one student"));
    assert_eq!(found.files[1].content, Content::Text("1".into()));
    assert!(found.says("`ana (1).zip/s07_attention.rs` was taken as the later attempt"));
}

#[test]
fn a_pattern_says_whose_a_file_is() {
    let files: [(&str, &[u8]); 4] = [
        ("2026 Cruz, Ana (a17) s07.rs", b"old"),
        ("2026 Cruz, Ana (a17) s07 (1).rs", b"new"),
        ("2026 Li, Bo (b3) s08.rs", b"eight"),
        ("stray.zip", b"PK\x03\x04"),
    ];
    let pattern: Pattern = "2026 {student} ({id}) {file}".parse().expect("a pattern");
    for (_class, path) in both(&files) {
        let found = entries(&path, Some(&pattern), None)
            .expect("there are entries")
            .entries;
        let ids: Vec<&str> = found.iter().map(|entry| &entry.id[..]).collect();
        assert_eq!(ids, ["a17", "b3", "stray"]);
        assert_eq!(found[0].student.as_deref(), Some("Cruz, Ana"));
        assert_eq!(
            found[0].read(&STEPS).first(),
            ("2026 Cruz, Ana (a17) s07 (1).rs", "new")
        );
        assert!(found[2].notes[0].contains("does not fit `--names`"));
        let other: Pattern = "{id}--x".parse().expect("a pattern");
        let said = entries(&path, Some(&other), None)
            .map(drop)
            .map_err(|e| e.to_string());
        assert!(said.is_err_and(|said| said.contains("no name in") && said.contains("fits")));
    }
}

#[test]
fn names_and_encodings_are_understood() {
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("// ü\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for (name, content, text) in [
        ("s07.rs", &b"x"[..], "x"),
        ("step07.rs", b"x", "x"),
        ("step_7.rs", b"x", "x"),
        ("07.rs", b"x", "x"),
        ("attention.rs", b"x", "x"),
        ("s07_attention.rs.txt", b"x", "x"),
        ("S07_Attention.RS", b"x", "x"),
        ("s07_attention (1).rs", b"x", "x"),
        ("s07.rs", b"\xef\xbb\xbfx", "\u{feff}x"),
        ("s07.rs", b"// \xfc\n", "// ü\n"),
        ("s07.rs", &utf16, "// ü\n"),
    ] {
        let found = Class::of(&format!("ana/{name}"), content).read("ana");
        assert_eq!(found.first(), (name, text));
        assert!(found.says("as no file is named `s07_attention.rs` exactly"));
        let is_decoded = !content.is_ascii() && !content.starts_with(b"\xef");
        assert_eq!(found.says("save it as UTF-8"), is_decoded, "{found:?}");
    }
}

#[test]
fn times_are_those_of_the_files_that_were_taken() {
    let class = Class::new();
    class.write("ana/s07.rs", "x");
    class.write("ana/notes.txt", "newer");
    class.write("bo.zip", zip_of(&[(STEP, b"x")]));
    let set = |path: &str, seconds: u64| {
        let file = fs::File::options().append(true).open(class.path(path));
        let time = std::time::UNIX_EPOCH + Duration::from_secs(seconds);
        let set = file.and_then(|file| file.set_modified(time));
        set.expect("the time can be set");
    };
    set("ana/s07.rs", 86_400);
    set("ana/notes.txt", 9 * 86_400);
    set("bo.zip", 2 * 86_400);
    let at = |id: &str| {
        let stamp = submission(class.folder.path(), id).1.handed_in;
        stamp.expect("files have times").to_string()
    };
    assert_eq!(at("ana"), "1970-01-02T00:00:00+00:00");
    // That of the archive, as what is in it is older.
    assert_eq!(at("bo"), "1970-01-03T00:00:00+00:00");
}

#[test]
fn a_class_in_an_archive_is_no_way_out() {
    let inner = zip_of(&[("../s07_attention.rs", b"evil")]);
    let files: [(&str, &[u8]); 6] = [
        ("../evil/s07_attention.rs", b"evil"),
        ("/tmp/s07_attention.rs", b"evil"),
        ("ana/../bo/s07_attention.rs", b"evil"),
        ("ana/s07_attention.rs", b"a"),
        ("bo/../../s07_attention.rs", b"evil"),
        ("cy/work.zip", &inner),
    ];
    let class = Class::of("all.zip", zip_of(&files));
    let found = taken(&class.path("all.zip"));
    let missing = format!("{:?}", Content::Missing);
    assert_eq!(found, [row("ana", None, "a"), row("cy", None, &missing)]);

    // An archive of an archive that is too large to be held.
    let huge = vec![0; 33 << 20];
    let class = Class::of("all.zip", zip_of(&[("cy.zip", &huge)]));
    let (_, found) = submission(&class.path("all.zip"), "cy");
    assert!(found.is_missing() && found.says("33 MiB"), "{found:?}");
}
