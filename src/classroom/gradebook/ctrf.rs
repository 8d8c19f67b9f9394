//! `ctrf.json`: the Common Test Report Format, a test for each step of each student.
//!
//! Its schema allows no fields of one's own but in `extra`.

use serde::Serialize;

use super::cases::{Case, cases, milliseconds};
use super::{Export, File, json_text, single};
use crate::classroom::record::{Grades, Points, Record};
use crate::error::Result;

/// The version of the specification that this follows: its working draft of November 2025.
const SPEC_VERSION: &str = "0.0.0";

/// The format.
pub struct Ctrf;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    report_format: &'static str,
    spec_version: &'static str,
    generated_by: &'static str,
    results: Results<'a>,
}

#[derive(Serialize)]
struct Results<'a> {
    tool: Tool,
    summary: Summary,
    tests: Vec<Test<'a>>,
    environment: Environment<'a>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

/// Times are milliseconds since 1970.
#[derive(Serialize)]
struct Summary {
    tests: usize,
    passed: usize,
    failed: usize,
    skipped: usize,
    pending: usize,
    other: usize,
    suites: usize,
    start: u64,
    stop: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Test<'a> {
    name: String,
    status: &'static str,
    /// Milliseconds.
    duration: u64,
    suite: [&'a str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    raw_status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_path: Option<String>,
    extra: Extra<'a>,
}

#[derive(Serialize)]
struct Extra<'a> {
    score: Points,
    out_of: Points,
    diagnosis: Vec<&'a str>,
    forbidden: &'a [String],
    notes: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Environment<'a> {
    report_name: &'a str,
    extra: Course<'a>,
}

#[derive(Serialize)]
struct Course<'a> {
    course_id: &'a str,
}

impl Export for Ctrf {
    fn files(&self, grades: &Grades) -> Result<Vec<File>> {
        Ok(single("ctrf.json", json_text(&report(grades))?))
    }
}

fn report(grades: &Grades) -> Report<'_> {
    let header = &grades.header;
    let tests: Vec<Test> = grades
        .records
        .iter()
        .flat_map(|record| cases(header, record).map(|case| test(record, &case)))
        .collect();
    Report {
        report_format: "CTRF",
        spec_version: SPEC_VERSION,
        generated_by: "tutor",
        results: Results {
            tool: Tool {
                name: "tutor",
                version: env!("CARGO_PKG_VERSION"),
            },
            summary: summary(&grades.records, &tests),
            tests,
            environment: Environment {
                report_name: &header.course,
                extra: Course {
                    course_id: &header.course_id,
                },
            },
        },
    }
}

fn summary(records: &[Record], tests: &[Test]) -> Summary {
    let passed = tests.iter().filter(|test| test.status == "passed").count();
    let timings = || records.iter().map(|record| &record.timing);
    let took = |seconds: &[f64]| milliseconds(seconds.iter().sum());
    let stops = timings().map(|timing| timing.started.saturating_add(took(&timing.seconds)));
    Summary {
        tests: tests.len(),
        passed,
        failed: tests.len() - passed,
        skipped: 0,
        pending: 0,
        other: 0,
        suites: records.len(),
        start: timings().map(|timing| timing.started).min().unwrap_or(0),
        stop: stops.max().unwrap_or(0),
    }
}

fn test<'a>(record: &'a Record, case: &Case<'a>) -> Test<'a> {
    let grade = case.grade;
    let failed = !case.has_passed();
    let path = |file| format!("{}/{file}", record.student.entry);
    Test {
        name: case.name(),
        status: if failed { "failed" } else { "passed" },
        duration: case.milliseconds(),
        suite: [&record.student.id],
        message: failed.then(|| case.headline()),
        trace: failed.then(|| case.text()),
        line: grade.line,
        raw_status: grade.verdict.as_str(),
        file_path: grade.file.as_ref().map(path),
        extra: Extra {
            score: grade.score,
            out_of: Points::whole(case.step.points),
            diagnosis: grade.diagnosis.iter().map(|d| d.id.as_str()).collect(),
            forbidden: &grade.forbidden,
            notes: &grade.notes,
        },
    }
}
