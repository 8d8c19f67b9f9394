//! What is odd in real exports: nobody is lost, and no two students are taken for one.

use super::platforms::{both, row, submission, taken};
use super::*;

#[test]
fn brightspace_has_a_folder_for_each_attempt() {
    let files: [(&str, &[u8]); 5] = [
        ("index.html", b"<html>"),
        (
            "11-9 - Ana Cruz - Nov 20, 2026 1011 AM/s07_attention.rs",
            b"old",
        ),
        (
            "11-9 - Ana Cruz - Nov 20, 2026 111 PM/s07_attention.rs",
            b"new",
        ),
        (
            "12-9 - Ana Cruz - Nov 1, 2026 900 AM/s07.rs",
            b"another Ana",
        ),
        ("13-9 - O'Neill, Bo - Nov 1, 2026 900 AM/s07.rs", b"bo"),
    ];
    for (_class, path) in both(&files) {
        let expected = [
            row("11", Some("Ana Cruz"), "new"),
            row("12", Some("Ana Cruz"), "another Ana"),
            row("13", Some("O'Neill, Bo"), "bo"),
        ];
        assert_eq!(taken(&path), expected);
        let (ana, _) = submission(&path, "11");
        let handed_in = ana.handed_in.expect("the name says it");
        assert_eq!(handed_in.at.to_string(), "2026-11-20T13:11:00");
    }
}

#[test]
fn canvas_may_know_nobodys_name_and_calls_a_group_as_it_likes() {
    let files: [(&str, &[u8]); 6] = [
        ("anon_Ab3dE_7_s07.rs", b"a"),
        ("LATE_anon_Zz9yX_8_s07.rs", b"z"),
        ("blue_team_5_9_s07.rs", b"blue"),
        // Numbers in a row: whoever they are, they are two.
        ("red_1_30_31_s07.rs", b"red"),
        ("green_1_40_41_s07.rs", b"green"),
        ("mia_8_text.html", b"I forgot"),
    ];
    for (_class, path) in both(&files) {
        let missing = format!("{:?}", Content::Missing);
        let expected = [
            row("5", Some("blue_team"), "blue"),
            row("8", Some("mia"), &missing),
            row("Ab3dE", None, "a"),
            row("Zz9yX", None, "z"),
            row("green_1_40_41_s07.rs", Some("green"), "green"),
            row("red_1_30_31_s07.rs", Some("red"), "red"),
        ];
        assert_eq!(taken(&path), expected);
        assert!(submission(&path, "Zz9yX").0.is_marked_late);
        let (_, mia) = submission(&path, "8");
        assert!(mia.says("all that was seen is `text.html`"), "{mia:?}");
    }
}

#[test]
fn blackboards_own_words_are_no_submission_and_ids_may_have_an_underscore() {
    let files: [(&str, &[u8]); 5] = [
        ("HW_1_li_2_attempt_2026-11-01-10-00-00.txt", b"Name: Li"),
        ("HW_1_li_2_attempt_2026-11-01-10-00-00_s07.rs", b"li"),
        ("HW_1_bo_2_attempt_2026-11-01-11-00-00.txt", b"Name: Bo"),
        ("HW_1_bo_2_attempt_2026-11-01-11-00-00_s07.rs", b"bo"),
        ("HW_1_cy_attempt_2026-11-01-12-00-00.txt", b"Name: Cy"),
    ];
    for (_class, path) in both(&files) {
        let missing = format!("{:?}", Content::Missing);
        let expected = [
            row("bo_2", None, "bo"),
            row("cy", None, &missing),
            row("li_2", None, "li"),
        ];
        assert_eq!(taken(&path), expected);
        assert_eq!(submission(&path, "li_2").1.notes, Vec::<String>::new());
        assert!(submission(&path, "cy").1.says("no step file was found"));
    }
}

#[test]
fn a_class_that_is_no_zip_is_to_be_unpacked() {
    for (name, content, what) in [
        (
            "all.tar.gz",
            gzip_of(&tar_of(&[("ana/s07.rs", b"x")])),
            "compressed by gzip",
        ),
        ("all.tar", tar_of(&[("ana/s07.rs", b"x")]), "a tar archive"),
        ("all.7z", b"7z\xbc\xaf\x27\x1c".to_vec(), "a 7-Zip archive"),
    ] {
        let class = Class::of(name, content);
        let said = entries(&class.path(name), None, None).map(drop);
        let said = said.map_err(|e| e.to_string()).expect_err(name);
        assert!(
            said.contains(what) && said.contains("unpack it, and name that folder"),
            "{said}"
        );
    }
}

#[test]
fn an_archive_that_is_called_like_a_source_is_told() {
    for content in [zip_of(&[("s07.rs", b"x")]), gzip_of(b"fn x() {}")] {
        let found = Class::of("ana/s07_attention.rs", content).read("ana");
        assert!(found.says("`s07_attention.rs` is called like a source and is an archive"));
        let content = &found.files[0].content;
        assert!(matches!(
            content,
            Content::Unreadable(Unreadable::NotUtf8 { .. })
        ));
    }
}
