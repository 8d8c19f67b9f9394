//! All formats, in one place: what they say of one class, word for word, and what holds for all.
//!
//! The texts lie in `snapshots/`. After a change on purpose, `INSTA_UPDATE=always cargo test --lib
//! class` writes them anew; read the difference before committing it.

mod late;

use std::collections::BTreeSet;

use clap::ValueEnum;
use serde_json::Value;

use super::{ClassFormat, File, Results, Visibility, sample};
use crate::classroom::record::{Grades, Points, Shard, Timing};

fn files(format: ClassFormat, grades: &Grades) -> Vec<File> {
    match format.exporter(Visibility::AfterPublished) {
        Some(exporter) => exporter.files(grades).expect("it can be written"),
        None => Vec::new(),
    }
}

fn text(file: &File) -> String {
    String::from_utf8(file.content.clone()).expect("it is UTF-8")
}

fn json(file: &File) -> Value {
    serde_json::from_slice(&file.content).expect("it is JSON")
}

fn only(format: ClassFormat, grades: &Grades) -> File {
    let mut files = files(format, grades);
    assert_eq!(files.len(), 1);
    files.remove(0)
}

/// The sample with fewer students, where the format says much of each.
fn few(students: std::ops::Range<usize>) -> Grades {
    let mut grades = sample::grades();
    grades.records = grades.records[students].to_vec();
    grades
}

#[test]
fn json_says_everything() {
    insta::assert_snapshot!(text(&only(ClassFormat::Json, &few(1..3))));
}

#[test]
fn csv_has_a_row_for_each_student() {
    insta::assert_snapshot!(text(&only(ClassFormat::Csv, &sample::grades())));
}

#[test]
fn junit_has_a_suite_for_each_student() {
    insta::assert_snapshot!(text(&only(ClassFormat::Junit, &sample::grades())));
}

#[test]
fn gradescope_has_a_file_for_each_student() {
    insta::assert_snapshot!(text(&files(ClassFormat::Gradescope, &few(3..4))[0]));
}

#[test]
fn the_terminal_has_a_table() {
    let shown = |width| {
        let table = super::table::table(&sample::grades(), width);
        anstream::adapter::strip_str(&table).to_string()
    };
    insta::assert_snapshot!(shown(80));
    insta::assert_snapshot!("the_terminal_has_a_table_for_narrow_windows", shown(30));
    let mut grades = sample::grades();
    sample::with_everything(&mut grades);
    let table = |width| {
        let table = super::table::table(&grades, width);
        anstream::adapter::strip_str(&table).to_string()
    };
    for (width, cell, explained) in [(80, "✗ 9†", true), (40, "✗†", true), (30, "✗", false)]
    {
        let table = table(width);
        assert!(table.contains(cell), "{width}\n{table}");
        let mark = table.contains("† decided by the teacher");
        assert_eq!(mark, explained, "{width}\n{table}");
    }
}

#[test]
fn files_have_names_of_their_own() {
    let grades = sample::grades();
    let all = ClassFormat::value_variants().iter();
    let files: Vec<File> = all.flat_map(|&format| files(format, &grades)).collect();
    let names: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names.len(), files.len());
    insta::assert_snapshot!(names.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn results_can_be_read_back() {
    let grades = sample::grades();
    let file = only(ClassFormat::Json, &grades);
    let back: Results = serde_json::from_slice(&file.content).expect("it can be read");
    assert_eq!(back, Results::from(&grades));
    let students: Vec<_> = back.students.into_iter().map(|s| s.student).collect();
    let expected: Vec<_> = grades.records.into_iter().map(|r| r.student).collect();
    assert_eq!(students, expected);
}

#[test]
fn every_field_of_the_results_is_described() {
    let mut grades = sample::enrolled();
    grades.header.shard = Some(Shard { number: 1, of: 2 });
    sample::with_everything(&mut grades);
    let page = include_str!("../../../docs/grades.md");
    let mut fields = BTreeSet::new();
    collect_fields("", &json(&only(ClassFormat::Json, &grades)), &mut fields);
    let mut chapters = page.split("\n## ");
    let table = chapters.find(|text| text.starts_with("results.json"));
    let table = table.expect("a chapter");
    let described: BTreeSet<String> = table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .filter_map(|line| Some(line.split('`').nth(1)?.to_owned()))
        .collect();
    assert_eq!(described, fields);
}

/// Paths as in `steps[].id`.
fn collect_fields(path: &str, value: &Value, fields: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{name}");
                collect_fields(&path, value, fields);
                fields.insert(path);
            }
        }
        Value::Array(values) => {
            for value in values {
                collect_fields(&format!("{path}[]"), value, fields);
            }
        }
        _ => {}
    }
}

#[test]
fn results_do_not_depend_on_when_and_how_fast() {
    let first = sample::grades();
    let mut second = first.clone();
    for record in &mut second.records {
        record.timing = Timing {
            started: 1,
            seconds: vec![9.0],
        };
    }
    for format in [ClassFormat::Json, ClassFormat::Csv] {
        assert_eq!(only(format, &first), only(format, &second));
    }
}

#[test]
fn what_a_student_or_a_build_server_reads_has_no_seed() {
    let grades = sample::grades();
    for format in [ClassFormat::Junit, ClassFormat::Gradescope] {
        for file in files(format, &grades) {
            let text = text(&file);
            for secret in ["1234567890123", "9876543210", "seed"] {
                assert!(!text.contains(secret), "{}: {secret}", file.name);
            }
        }
    }
}

#[test]
fn a_class_without_students_can_be_written() {
    let mut grades = sample::grades();
    grades.records.clear();
    for &format in ClassFormat::value_variants() {
        files(format, &grades);
    }
    assert!(super::table::table(&grades, 80).contains("0 students"));
}

#[test]
fn a_table_can_be_read_back() {
    let grades = sample::grades();
    let table = text(&only(ClassFormat::Csv, &grades));
    assert_eq!(table.matches("\r\n").count(), grades.records.len() + 1);
    assert_eq!(
        table.matches(['\r', '\n']).count(),
        2 * table.matches("\r\n").count()
    );
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Result<Vec<_>, _> = reader.records().collect();
    let rows = rows.expect("all rows are of the same length");
    for (row, record) in rows.iter().zip(&grades.records) {
        assert_eq!(row[0].trim_start_matches('\''), record.student.id);
        assert_eq!(row[1], record.student.score().to_string());
    }
}

#[test]
fn the_terminal_says_who_is_missing_unknown_and_late() {
    let table = super::table::table(&sample::enrolled(), 80);
    let table = anstream::adapter::strip_str(&table).to_string();
    let people = table
        .split("\nNothing handed in:")
        .nth(1)
        .expect("it is there");
    insta::assert_snapshot!(people);
    for line in table.lines() {
        assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line}");
    }
}

#[test]
fn xml_is_well_formed() {
    let grades = sample::grades();
    let xml = text(&only(ClassFormat::Junit, &grades));
    let report = quick_junit::Report::deserialize_from_str(&xml).expect("it is well-formed");
    assert_eq!(report.test_suites.len(), grades.records.len());
    for (suite, record) in report.test_suites.iter().zip(&grades.records) {
        assert_eq!(suite.name.as_str(), record.student.id);
        assert_eq!(suite.test_cases.len(), grades.header.steps.len());
    }
}

/// Fields of Gradescope's documentation of `results.json`, of the whole and of a test.
const GRADESCOPE: [&[&str]; 2] = [
    &[
        "score",
        "execution_time",
        "output",
        "output_format",
        "test_output_format",
        "test_name_format",
        "visibility",
        "stdout_visibility",
        "extra_data",
        "tests",
        "leaderboard",
    ],
    &[
        "score",
        "max_score",
        "status",
        "name",
        "name_format",
        "number",
        "output",
        "output_format",
        "tags",
        "visibility",
        "extra_data",
    ],
];

#[test]
fn gradescope_gets_the_fields_that_it_documents() {
    let mut grades = sample::grades();
    sample::with_everything(&mut grades);
    for file in files(ClassFormat::Gradescope, &grades) {
        let results = json(&file);
        let tests = results["tests"].as_array().expect("a list");
        for (known, object) in [(GRADESCOPE[0], &results)]
            .into_iter()
            .chain(tests.iter().map(|test| (GRADESCOPE[1], test)))
        {
            let fields = object.as_object().expect("an object");
            for field in fields.keys() {
                assert!(known.contains(&field.as_str()), "{field}");
            }
            for format in ["output_format", "test_output_format"] {
                let known = ["text", "html", "simple_format", "md", "ansi"];
                let given = fields.get(format).and_then(Value::as_str);
                assert!(given.is_none_or(|given| known.contains(&given)));
            }
        }
    }
}

#[test]
fn gradescope_adds_up_the_tests() {
    let grades = sample::grades();
    for (file, record) in files(ClassFormat::Gradescope, &grades)
        .iter()
        .zip(&grades.records)
    {
        let results = json(file);
        assert!(results.get("score").is_none());
        assert_eq!(results["visibility"], "after_published");
        assert_eq!(results["stdout_visibility"], "hidden");
        let tests = results["tests"].as_array().expect("a list");
        let sum: Points = tests
            .iter()
            .map(|test| serde_json::from_value::<Points>(test["score"].clone()))
            .map(|score| score.expect("points"))
            .sum();
        assert_eq!(sum, record.student.score());
        for test in tests {
            assert_eq!(test["visibility"], "after_published");
            assert!(test["status"] == "passed" || test["status"] == "failed");
        }
    }
}
