//! Archives in the shapes that Moodle and Canvas take back, for classes that came from there.
//!
//! Moodle's *Upload multiple feedback files in a zip* finds the participant by the name of the folder
//! that it had made for the submission. Canvas' *Upload submissions* finds student and file by the two
//! numbers in the name that it had given to the file, and attaches what it finds to a comment.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{FOLDER, text};
use crate::classroom::gradebook::{File, html, internal};
use crate::classroom::record::{Grades, Header, StepGrade, Student};
use crate::error::Result;

/// Stands in the names that Moodle gives: `First Last_1234567_assignsubmission_file_`.
const MOODLE: &str = "_assignsubmission_";

/// The archive for Moodle, if any submission came from there.
pub fn moodle(grades: &Grades) -> Result<Option<File>> {
    let mut files = Vec::new();
    for record in &grades.records {
        let student = &record.student;
        if let Some(folder) = moodle_folder(&student.entry) {
            files.extend(both(&grades.header, student, &format!("{folder}/")));
        }
    }
    archive("moodle", files)
}

/// The archive for Canvas, if any submission came from there.
pub fn canvas(grades: &Grades, source: &dyn Fn(&str) -> Option<String>) -> Result<Option<File>> {
    let header = &grades.header;
    let mut files = Vec::new();
    for record in &grades.records {
        let student = &record.student;
        let mut own: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for (step, grade) in header.steps.iter().zip(&student.steps) {
            match canvas_file(grade, &student.entry) {
                Some((name, true)) => {
                    let text = source_of(grade, source).unwrap_or_default();
                    let said = commented(&text::of_step(step, grade));
                    own.insert(plain(name), format!("{said}\n{text}").into_bytes());
                }
                Some((name, false)) => own.extend([whole(header, student, name)?]),
                None => {}
            }
        }
        if own.is_empty() && is_canvas(&student.entry) {
            // No step was found in what was handed in. Canvas goes by the numbers in the name.
            own.extend([whole(header, student, &student.entry)?]);
        }
        files.extend(own);
    }
    archive("canvas", files)
}

/// The file of Canvas' in which a step was found, and whether it is the step's alone.
fn canvas_file<'a>(grade: &'a StepGrade, entry: &'a str) -> Option<(&'a str, bool)> {
    let mut names = grade.file.as_deref()?.split(['/', '\\']);
    match names.find(|name| is_canvas(name)) {
        Some(name) => Some((name, names.next().is_none())),
        None => is_canvas(entry).then_some((entry, false)),
    }
}

/// All that a student is told, for a file that Canvas called `name`: who handed in an archive gets one.
fn whole(header: &Header, student: &Student, name: &str) -> Result<Packed> {
    Ok(if name.to_lowercase().ends_with(".zip") {
        (plain(name), packed(both(header, student, ""))?)
    } else {
        let text = text::text(header, student);
        (format!("{}.txt", plain(name)), text.into_bytes())
    })
}

/// A name and what stands in the file.
type Packed = (String, Vec<u8>);

/// A student's text and page, in `folder`.
fn both(header: &Header, student: &Student, folder: &str) -> Vec<Packed> {
    vec![
        (
            format!("{folder}feedback.txt"),
            text::text(header, student).into_bytes(),
        ),
        (
            format!("{folder}feedback.html"),
            html::feedback(header, student).into_bytes(),
        ),
    ]
}

/// A text as comments of Rust.
fn commented(text: &str) -> String {
    let lines = text.lines();
    lines
        .map(|line| format!("// {line}").trim_end().to_owned() + "\n")
        .collect()
}

fn source_of(grade: &StepGrade, source: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    source(grade.source.as_deref()?)
}

/// The folder of a submission as Moodle names it.
fn moodle_folder(entry: &str) -> Option<String> {
    let (participant, kind) = entry.split_once(MOODLE)?;
    let (_, id) = participant.rsplit_once('_')?;
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    // What stands behind it is the name of a file, or nothing.
    let kind = kind.split('_').next()?;
    let is_kind = matches!(kind, "file" | "onlinetext");
    (is_id && is_kind).then(|| format!("{}{MOODLE}{kind}_", plain(participant)))
}

/// Whether Canvas gave this name: `surnamefirst_LATE_12345_67890_s06.rs`, the student's number, the
/// file's number, and the name that it had; or `anon_Ab3dE_67890_s06.rs`, where names are hidden.
fn is_canvas(name: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = name.split('_').collect();
    let is_unknown = match &parts[..] {
        ["anon", id, number, rest, ..] | ["LATE", "anon", id, number, rest, ..] => {
            let is_id = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric());
            is_id && is_number(number) && !rest.is_empty()
        }
        _ => false,
    };
    let is_numbered =
        |three: &[&str]| is_number(three[0]) && is_number(three[1]) && !three[2].is_empty();
    is_unknown || parts.windows(3).any(is_numbered)
}

/// A name that is one name on every system.
fn plain(name: &str) -> String {
    name.replace(['/', '\\', ':'], "_")
        .replace(crate::text::is_control, "_")
}

/// `feedback/NAME.zip`, if there is something in it.
fn archive(name: &str, files: Vec<Packed>) -> Result<Option<File>> {
    if files.is_empty() {
        return Ok(None);
    }
    Ok(Some(File {
        name: format!("{FOLDER}/{name}.zip"),
        content: packed(files)?,
    }))
}

/// The files as a zip; of several of one name the first stays. The same files give the same bytes.
fn packed(mut files: Vec<Packed>) -> Result<Vec<u8>> {
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files.dedup_by(|later, earlier| later.0 == earlier.0);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
        zip.start_file(name, options).map_err(internal)?;
        zip.write_all(&content).map_err(internal)?;
    }
    Ok(zip.finish().map_err(internal)?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_moodles_are_known() {
        for (entry, folder) in [
            (
                "Ada Lovelace_1234567_assignsubmission_file_",
                Some("Ada Lovelace_1234567_assignsubmission_file_"),
            ),
            (
                "Ada_Lovelace_1234567_assignsubmission_file",
                Some("Ada_Lovelace_1234567_assignsubmission_file_"),
            ),
            (
                "Ada Lovelace_1234567_assignsubmission_file_steps.zip",
                Some("Ada Lovelace_1234567_assignsubmission_file_"),
            ),
            (
                "Ada Lovelace_1234567_assignsubmission_onlinetext_",
                Some("Ada Lovelace_1234567_assignsubmission_onlinetext_"),
            ),
            ("Ada Lovelace_assignsubmission_file_", None),
            ("ada", None),
        ] {
            assert_eq!(moodle_folder(entry).as_deref(), folder, "{entry}");
        }
    }

    #[test]
    fn names_of_canvas_are_known() {
        for name in [
            "lovelaceada_LATE_12345_67890_s06.rs",
            "lovelaceada_12345_67890_s06-1.rs",
            "anon_Ab3dE_67890_s06.rs",
            "LATE_anon_Ab3dE_67890_s06.rs",
        ] {
            assert!(is_canvas(name), "{name}");
        }
        for name in [
            "s06_position_embeddings.rs",
            "ada_12345_s06.rs",
            "anon_Ab3dE_s06.rs",
            "anon_67890_s06.rs",
            "12345_67890",
            "ada",
        ] {
            assert!(!is_canvas(name), "{name}");
        }
    }
}
