//! `junit.xml`: a test suite for each student, a test case for each step.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::cases::{Case, cases};
use super::{Export, File, internal, single};
use crate::classroom::record::{Grades, Header, Record, Student};
use crate::error::Result;
use crate::text::is_control;

/// The format.
pub struct Junit;

impl Export for Junit {
    fn files(&self, grades: &Grades) -> Result<Vec<File>> {
        let mut report = Report::new(legal(&grades.header.course));
        for record in &grades.records {
            report.add_test_suite(suite(&grades.header, record));
        }
        let text = report.to_string().map_err(internal)?;
        Ok(single("junit.xml", text.into_bytes()))
    }
}

fn suite(header: &Header, record: &Record) -> TestSuite {
    let student = &record.student;
    let mut suite = TestSuite::new(legal(&student.id));
    suite.set_time(duration(record.timing.seconds.iter().sum()));
    if let Some(started) = time(record.timing.started) {
        suite.set_timestamp(started);
    }
    // JUnit knows no points, so they are properties.
    suite.add_property(Property::new("score", student.score().to_string()));
    suite.add_property(Property::new("out_of", student.out_of(header).to_string()));
    for (name, value) in intake(student) {
        suite.add_property(Property::new(name, legal(&value)));
    }
    for case in cases(header, record) {
        suite.add_test_case(test_case(&student.id, &case));
    }
    if !student.notes.is_empty() {
        suite.set_system_out(legal(&student.notes.join("\n")));
    }
    suite
}

/// What is known of a student beside the points.
fn intake(student: &Student) -> impl Iterator<Item = (&'static str, String)> {
    let intake = &student.intake;
    let time = intake.submitted;
    [
        ("name", intake.name.clone()),
        ("group", intake.group.clone()),
        ("submitted", time.map(|time| time.at.to_string())),
        (
            "submitted_from",
            time.map(|time| time.from.as_str().to_owned()),
        ),
        ("late", student.lateness()),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
}

fn test_case(student: &str, case: &Case) -> TestCase {
    let grade = case.grade;
    let status = if grade.excused {
        let mut status = TestCaseStatus::skipped();
        status.set_message("excused: it does not count");
        status
    } else if case.has_passed() {
        TestCaseStatus::success()
    } else {
        // A step that was not handed in counts as one that failed: a skipped test looks like one
        // that nobody asked for.
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status
            .set_type(legal(grade.verdict.as_str()))
            .set_message(legal(&case.headline()))
            .set_description(legal(&case.text()));
        status
    };
    let mut test = TestCase::new(legal(&case.name()), status);
    test.set_classname(legal(student));
    test.set_time(duration(case.seconds));
    if !grade.notes.is_empty() {
        test.set_system_out(legal(&grade.notes.join("\n")));
    }
    test
}

/// `text` with a replacement character for each that XML 1.0 cannot hold, not even escaped.
///
/// All other control characters are replaced too: those that colour a terminal mean nothing here,
/// and an unfinished sequence of them would swallow the rest of the text when they are stripped.
fn legal(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\t', "    ")
        .replace(|c| is_control(c) && c != '\n', "\u{fffd}")
}

fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

fn time(milliseconds: u64) -> Option<DateTime<FixedOffset>> {
    let milliseconds = i64::try_from(milliseconds).ok()?;
    DateTime::from_timestamp_millis(milliseconds).map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What XML 1.0 calls a character.
    fn is_legal(c: char) -> bool {
        matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
    }

    #[test]
    fn every_character_comes_out_legal_and_nothing_is_swallowed() {
        let all: String = ('\0'..=char::MAX).collect();
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_description(legal(&all));
        let mut suite = TestSuite::new(legal("\u{1b}]0;an unfinished title, </testsuite>"));
        suite.add_test_case(TestCase::new(legal("\u{9b}31m ]]> & \""), status));
        let mut report = Report::new("all");
        report.add_test_suite(suite);
        let text = report.to_string().expect("it can be written");
        assert!(text.chars().all(is_legal));
        let back = Report::deserialize_from_str(&text).expect("it is well-formed");
        let suite = &back.test_suites[0];
        assert_eq!(
            suite.name.as_str(),
            "\u{fffd}]0;an unfinished title, </testsuite>"
        );
        assert_eq!(suite.test_cases[0].name.as_str(), "\u{fffd}31m ]]> & \"");
    }
}
