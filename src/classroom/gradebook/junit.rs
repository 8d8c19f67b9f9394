//! `junit.xml`: a test suite for each student, a test case for each step.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::cases::{Case, cases};
use super::{Export, File, decisions, internal, single};
use crate::classroom::record::{Grades, Header, Record, Student};
use crate::error::Result;
use crate::text::{Kind, kind, named};

/// The format.
pub struct Junit;

impl Export for Junit {
    fn files(&self, grades: &Grades) -> Result<Vec<File>> {
        let mut report = Report::new(legal(&grades.header.course));
        for record in &grades.records {
            report.add_test_suite(suite(&grades.header, record));
        }
        let text = report.to_string().map_err(internal)?;
        Ok(single("junit.xml", without_skipped(&text).into_bytes()))
    }
}

/// `xml` without how many tests were skipped in all, which Jenkins' schema allows of a suite only.
fn without_skipped(xml: &str) -> String {
    let around = || {
        let root = xml.find("<testsuites ")?;
        let end = root + xml[root..].find('>')?;
        // In a value, a quote would be escaped.
        let from = root + xml[root..end].find(" skipped=\"")?;
        let to = from + xml[from..].match_indices('"').nth(1)?.0 + 1;
        Some((&xml[..from], &xml[to..]))
    };
    around().map_or_else(
        || xml.to_owned(),
        |(before, behind)| [before, behind].concat(),
    )
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
    let mut notes = student.notes.clone();
    notes.extend(student.comment.clone());
    if !notes.is_empty() {
        suite.set_system_out(legal(&notes.join("\n")));
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
    let status = if grade.is_excused() {
        let mut status = TestCaseStatus::skipped();
        let decision = decisions::sentence(grade).unwrap_or_default();
        status.set_message(legal(&decision));
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
    let said = [grade.notes.clone(), decisions::paragraphs(grade)].concat();
    if !said.is_empty() {
        test.set_system_out(legal(&said.join("\n")));
    }
    test
}

/// `text` with a replacement character for each that XML 1.0 cannot hold, not even escaped.
///
/// All other control characters are replaced too: those that colour a terminal mean nothing here,
/// and an unfinished sequence of them would swallow the rest of the text when they are stripped. What is
/// not seen is named.
fn legal(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\t', "    ");
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match kind(c) {
            Kind::Control if c != '\n' => shown.push(char::REPLACEMENT_CHARACTER),
            Kind::Invisible => shown.push_str(&named(c)),
            _ => shown.push(c),
        }
    }
    shown
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
    use crate::classroom::gradebook::sample;

    /// What XML 1.0 calls a character.
    fn is_legal(c: char) -> bool {
        matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
    }

    /// What `junit-10.xsd` of Jenkins' xUnit plugin allows of each element that is written: its
    /// attributes, those that are required with a `!`, and what may stand in it.
    const SCHEMA: [(&str, &[&str], &[&str]); 9] = [
        (
            "testsuites",
            &["name", "time", "tests", "failures", "errors"],
            &["testsuite"],
        ),
        (
            "testsuite",
            &[
                "!name",
                "!tests",
                "!failures",
                "!errors",
                "group",
                "time",
                "skipped",
                "timestamp",
                "hostname",
                "id",
                "package",
                "file",
                "log",
                "url",
            ],
            &[
                "testsuite",
                "properties",
                "testcase",
                "system-out",
                "system-err",
            ],
        ),
        ("properties", &[], &["property"]),
        ("property", &["!name", "!value"], &[]),
        (
            "testcase",
            &["!name", "time", "classname", "group"],
            &["skipped", "error", "failure", "system-out", "system-err"],
        ),
        ("failure", &["type", "message"], &[]),
        ("error", &["type", "message"], &[]),
        ("skipped", &["type", "message"], &[]),
        ("system-out", &[], &[]),
    ];

    /// What is not as the schema has it.
    fn against_the_schema(xml: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut open: Vec<String> = Vec::new();
        // In text and in attributes, `<` and `>` are escaped or in CDATA, which this does not meet.
        assert!(!xml.contains("<![CDATA["));
        for piece in xml.split('<').skip(1) {
            let (tag, _) = piece.split_once('>').expect("a tag ends");
            if tag.starts_with('?') {
                continue;
            }
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop().as_deref(), Some(name));
                continue;
            }
            let body = tag.trim_end_matches('/');
            let (name, attributes) = body.split_once([' ', '\n']).unwrap_or((body, ""));
            let Some((_, allowed, _)) = SCHEMA.iter().find(|(known, ..)| *known == name) else {
                wrong.push(format!("there is no element {name}"));
                continue;
            };
            let has: Vec<&str> = (attributes.split("=\"").collect::<Vec<_>>().split_last())
                .map_or(Vec::new(), |(_, keys)| keys.to_vec())
                .into_iter()
                .map(|key| key.rsplit([' ', '"', '\n']).next().unwrap_or(key))
                .collect();
            for key in &has {
                if !allowed
                    .iter()
                    .any(|known| known.trim_start_matches('!') == *key)
                {
                    wrong.push(format!("{name} has {key}"));
                }
            }
            for needed in allowed.iter().filter_map(|known| known.strip_prefix('!')) {
                if !has.contains(&needed) {
                    wrong.push(format!("{name} has no {needed}"));
                }
            }
            let parent = open.last().map_or("", String::as_str);
            let fits = SCHEMA
                .iter()
                .any(|(known, _, inner)| *known == parent && inner.contains(&name));
            if !(fits || parent.is_empty() && name == "testsuites") {
                wrong.push(format!("{name} stands in {parent}"));
            }
            if !tag.ends_with('/') {
                open.push(name.to_owned());
            }
        }
        assert!(open.is_empty());
        wrong
    }

    #[test]
    fn what_is_written_is_as_jenkins_has_it() {
        for mut grades in [sample::grades(), sample::hostile()] {
            for _ in 0..2 {
                let files = Junit.files(&grades).expect("it can be written");
                let xml = String::from_utf8(files[0].content.clone()).expect("it is UTF-8");
                assert_eq!(against_the_schema(&xml), [""; 0]);
                sample::with_everything(&mut grades);
            }
        }
        let wrong =
            against_the_schema("<testsuites uuid=\"1\"><testcase name=\"a=b\"/></testsuites>");
        assert_eq!(
            wrong,
            ["testsuites has uuid", "testcase stands in testsuites"]
        );
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
