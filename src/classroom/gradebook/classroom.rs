//! `classroom/STUDENT.json`: what a grader hands to `autograding-grading-reporter`, the action
//! that shows a student the results in a workflow of GitHub Classroom.
//!
//! A student may read it, so nothing of the seed stands in it.

use serde::Serialize;

use super::cases::{Case, cases};
use super::{Export, File, file_name, json_text};
use crate::classroom::record::{Grades, Header, Points, Record};
use crate::error::Result;

/// Bytes that all steps' texts may have. The reporter gets everything in one environment variable,
/// for which Linux has 128 KiB: enough in Base64 even if JSON escapes every character.
const TEXTS: usize = 36_000;

/// Bytes that a step's message may have.
const MESSAGE: usize = 300;

/// The format.
pub struct Classroom;

#[derive(Serialize)]
struct Results {
    version: u32,
    status: &'static str,
    max_score: Points,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    status: &'static str,
    score: Points,
    message: String,
    /// The only text that the reporter shows below the name of a failed test.
    test_code: String,
    filename: String,
    /// 0 for none.
    line_no: u32,
    /// Milliseconds.
    duration: u64,
}

impl Export for Classroom {
    fn files(&self, grades: &Grades) -> Result<Vec<File>> {
        let file = |record: &Record| {
            Ok(File {
                name: format!("classroom/{}.json", file_name(&record.student.id)),
                content: json_text(&results(&grades.header, record))?,
            })
        };
        grades.records.iter().map(file).collect()
    }
}

fn results(header: &Header, record: &Record) -> Results {
    let passed = cases(header, record).all(|case| case.has_passed());
    let longest = TEXTS / header.steps.len().max(1);
    Results {
        version: 1,
        status: status(passed),
        max_score: header.points(),
        tests: cases(header, record)
            .map(|case| test(&case, longest))
            .collect(),
    }
}

fn status(passed: bool) -> &'static str {
    if passed { "pass" } else { "fail" }
}

fn test(case: &Case, longest: usize) -> Test {
    let grade = case.grade;
    let text = match case.has_passed() {
        true => String::new(),
        false => case.text(),
    };
    Test {
        name: printable(&case.name()),
        status: status(case.has_passed()),
        score: grade.score,
        message: shortened(printable(&case.headline()), MESSAGE),
        test_code: shortened(printable(&text), longest),
        filename: grade.file.clone().unwrap_or_default(),
        line_no: grade.line.unwrap_or(0),
        duration: case.milliseconds(),
    }
}

/// The start of `text`, in whole lines if it is cut.
fn shortened(mut text: String, longest: usize) -> String {
    if text.len() > longest {
        text.truncate(text.floor_char_boundary(longest));
        if let Some(end) = text.rfind('\n') {
            text.truncate(end);
        }
    }
    text
}

/// `text` without commands to the workflow. The reporter prints it, and a line that starts with
/// `::` or has `##[` in it is obeyed: a student's own output could report another score.
fn printable(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.replace("\r\n", "\n").split(['\n', '\r']) {
        let line = line.replace('\t', "    ").replace("##[", "## [");
        let line = line.replace(char::is_control, "\u{fffd}");
        lines.push(match line.trim_start().strip_prefix("::") {
            Some(rest) => format!(": :{rest}"),
            None => line,
        });
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classroom::gradebook::sample;

    #[test]
    fn what_a_student_prints_commands_nothing() {
        let printed = "it printed\n  ::notice title=Autograding report::{}\r::stop-commands::x\r\n\
                       Tensor::ones ##[set-output name=result]x\n\u{a0}\t::y\u{1b}";
        let safe = printable(printed);
        assert_eq!(
            safe,
            "it printed\n: :notice title=Autograding report::{}\n: :stop-commands::x\n\
             Tensor::ones ## [set-output name=result]x\n: :y\u{fffd}"
        );
    }

    #[test]
    fn the_longest_texts_fit_into_an_environment_variable() {
        let mut grades = sample::twelve_steps();
        for step in &mut grades.records[0].student.steps {
            step.verdict = "wrong_values".into();
            step.text = "\n\"".repeat(50_000);
        }
        let files = Classroom.files(&grades).expect("it can be written");
        let in_base64 = files[0].content.len().div_ceil(3) * 4;
        assert!(in_base64 < 128 * 1024 - 100, "{in_base64}");
    }

    #[test]
    fn texts_are_cut_between_lines_or_characters() {
        assert_eq!(shortened("one\ntwo\nthree".into(), 9), "one\ntwo");
        assert_eq!(shortened("李李".into(), 5), "李");
        assert_eq!(shortened("short".into(), 5), "short");
    }
}
