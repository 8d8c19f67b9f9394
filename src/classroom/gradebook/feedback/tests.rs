//! What students get back, and what they must not.

use std::io::{Cursor, Read};

use super::files;
use crate::classroom::gradebook::{File, sample};
use crate::classroom::record::Grades;

fn all(grades: &Grades) -> Vec<File> {
    files(grades, &|name| Some(format!("// text {name}\n"))).expect("it can be written")
}

fn named<'a>(files: &'a [File], name: &str) -> &'a File {
    let file = files.iter().find(|file| file.name == name);
    file.unwrap_or_else(|| panic!("`{name}` is missing"))
}

fn text(file: &File) -> String {
    String::from_utf8(file.content.clone()).expect("it is UTF-8")
}

/// Names and contents.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("it is a zip");
    let mut found = Vec::new();
    for place in 0..zip.len() {
        let mut file = zip.by_index(place).expect("it is there");
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("it can be read");
        let name = file.name().expect("it is text").into_owned();
        found.push((name, content));
    }
    found
}

#[test]
fn a_student_reads_all_that_is_said_to_them() {
    let mut grades = sample::grades();
    sample::with_everything(&mut grades);
    let files = all(&grades);
    assert_eq!(files.len(), 2 * grades.records.len());
    insta::assert_snapshot!(text(named(&files, "feedback/0042.txt")));
    let page = text(named(&files, "feedback/0042.html"));
    for words in [
        "0042",
        "Layer normalisation",
        "what was handed in on paper",
        "wrong values",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains("<pre>"));
}

#[test]
fn nothing_of_seeds_hidden_checks_or_others_is_in_it() {
    let mut grades = sample::hostile();
    sample::with_everything(&mut grades);
    for record in &mut grades.records {
        record
            .student
            .notes
            .push(format!("This is {}.", record.student.entry));
    }
    let entries: Vec<String> = (grades.records.iter())
        .map(|record| {
            record
                .student
                .entry
                .replace(['<', '>', '\'', '"', '&', '\0', '\u{202e}'], "")
        })
        .collect();
    let files = all(&grades);
    for (place, pair) in files.chunks(2).enumerate() {
        for file in pair {
            let text = text(file);
            for secret in [
                "1234567890123",
                "9876543210",
                "seed",
                "secret",
                "ca11ab1e",
                "\u{202e}",
            ] {
                assert!(!text.contains(secret), "{}: {secret}", file.name);
            }
            assert!(file.name.ends_with(".txt") || !text.contains("<script"));
            for (other, entry) in entries.iter().enumerate() {
                assert!(
                    other == place || !text.contains(entry),
                    "{}: {entry}",
                    file.name
                );
            }
        }
    }
}

#[test]
fn moodle_gets_a_folder_for_each_student_as_it_named_it() {
    let mut grades = sample::grades();
    grades.records[0].student.entry = "Ada Lovelace_1234567_assignsubmission_file_".into();
    grades.records[1].student.entry = "Bo Li_7654321_assignsubmission_file_s03.zip".into();
    let files = all(&grades);
    let archive = unpacked(&named(&files, "feedback/moodle.zip").content);
    let names: Vec<&str> = archive.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Ada Lovelace_1234567_assignsubmission_file_/feedback.html",
            "Ada Lovelace_1234567_assignsubmission_file_/feedback.txt",
            "Bo Li_7654321_assignsubmission_file_/feedback.html",
            "Bo Li_7654321_assignsubmission_file_/feedback.txt",
        ]
    );
    assert_eq!(archive[3].1, named(&files, "feedback/0042.txt").content);
    assert_eq!(all(&grades), files, "the same class gives the same bytes");
}

#[test]
fn canvas_gets_the_files_that_it_named() {
    let mut grades = sample::grades();
    let student = &mut grades.records[1].student;
    student.steps[1].file = Some("lovelaceada_LATE_12345_67890_s03.rs".into());
    student.steps[0].file = Some("s01.rs".into());
    student.steps[2].file = Some("lovelaceada_LATE_12345_67891_rest.zip/steps/s07.rs".into());
    grades.records[2].student.entry = "libo_54321_98765_steps.zip".into();
    grades.records[3].student.entry = "nothingzoe_777_888_report.pdf".into();
    let files = all(&grades);
    let archive = unpacked(&named(&files, "feedback/canvas.zip").content);
    let names: Vec<&str> = archive.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "libo_54321_98765_steps.zip",
            "lovelaceada_LATE_12345_67890_s03.rs",
            "lovelaceada_LATE_12345_67891_rest.zip",
            "nothingzoe_777_888_report.pdf.txt",
        ]
    );
    let inner = unpacked(&archive[0].1);
    assert_eq!(inner[1].0, "feedback.txt");
    let step = String::from_utf8_lossy(&archive[1].1).into_owned();
    assert!(step.starts_with("// ✗ s03 Layer normalisation: wrong values, 3.33 of 10 points\n"));
    assert!(
        step.ends_with("\n// text ca11ab1eca11ab1eca11ab1e\n"),
        "{step}"
    );
    let said = step.lines().filter(|line| !line.is_empty());
    assert!(
        said.into_iter().all(|line| line.starts_with("//")),
        "{step}"
    );
}
