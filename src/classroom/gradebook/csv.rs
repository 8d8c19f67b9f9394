//! `grades.csv`: a row for each student, as RFC 4180 has it: UTF-8, CRLF at the end of a row.

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::{Export, File, decisions, internal, single};
use crate::classroom::record::{Grades, Standing, StepGrade, Student};
use crate::error::Result;
use crate::text::{is_deceptive, named};

/// The format.
pub struct Csv;

impl Export for Csv {
    fn files(&self, grades: &Grades) -> Result<Vec<File>> {
        let mut writer = WriterBuilder::new()
            .terminator(Terminator::CRLF)
            // Where `;` separates cells, only quotes keep a text with `;` in one cell.
            .quote_style(QuoteStyle::NonNumeric)
            .from_writer(Vec::new());
        let ids = grades.header.steps.iter().map(|step| step.id.as_str());
        let head = ["student", "score", "out_of"].into_iter().chain(ids);
        writer
            .write_record(head.chain(["notes"]).chain(INTAKE))
            .map_err(internal)?;
        for record in &grades.records {
            let student = &record.student;
            let mut row = vec![
                cell(&student.id),
                student.score().to_string(),
                student.out_of(&grades.header).to_string(),
            ];
            row.extend(student.steps.iter().map(points));
            row.push(cell(&notes(student)));
            row.extend(intake(student));
            writer.write_record(row).map_err(internal)?;
        }
        Ok(single("grades.csv", writer.into_inner().map_err(internal)?))
    }
}

/// The columns behind the notes.
const INTAKE: [&str; 6] = [
    "name",
    "group",
    "submitted",
    "submitted_from",
    "late",
    "deduction",
];

/// What [`INTAKE`] stands for; what is not known is empty.
fn intake(student: &Student) -> [String; 6] {
    let intake = &student.intake;
    let text = |text: &Option<String>| text.as_deref().map(cell).unwrap_or_default();
    let time = intake.submitted;
    [
        text(&intake.name),
        text(&intake.group),
        time.map(|time| time.at.to_string()).unwrap_or_default(),
        time.map(|time| time.from.as_str().to_owned())
            .unwrap_or_default(),
        text(&student.lateness()),
        student.deduction().to_string(),
    ]
}

/// Canvas takes `EX` for what does not count.
fn points(grade: &StepGrade) -> String {
    if grade.is_excused() {
        return "EX".into();
    }
    grade.score.to_string()
}

/// What there is to know beside the scores, as sentences in a row.
fn notes(student: &Student) -> String {
    let mut sentences = student.notes.clone();
    sentences
        .extend((student.comment.iter()).map(|comment| format!("The teacher says: {comment}")));
    let missing: Vec<&str> = student
        .steps
        .iter()
        .filter(|grade| grade.standing() == Standing::Missing)
        .map(|grade| grade.step.as_str())
        .collect();
    if !missing.is_empty() {
        sentences.push(format!("Not handed in: {}.", missing.join(", ")));
    }
    for grade in &student.steps {
        let step = &grade.step;
        sentences.extend(grade.notes.iter().map(|note| format!("{step}: {note}")));
        if !grade.forbidden.is_empty() {
            let calls = grade.forbidden.join(", ");
            sentences.push(format!(
                "{step} calls what it should write itself: {calls}."
            ));
        }
        let said = decisions::paragraphs(grade).into_iter();
        sentences.extend(said.map(|said| format!("{step}: {said}")));
    }
    sentences.join(" ")
}

/// Characters that make a spreadsheet take a cell for a formula. The last four are the first four
/// at full width.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// `text` in one line, and no formula: a `'` before it makes it text, as OWASP advises.
fn cell(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' | '\r' | '\t' => line.push(' '),
            c if is_deceptive(c) => line.push_str(&named(c)),
            c => line.push(c),
        }
    }
    let is_formula = line.trim_start().starts_with(FORMULA) || text.starts_with(['\t', '\r', '\n']);
    if is_formula { format!("'{line}") } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_text() {
        for formula in [
            "=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1", "\t=1", "\r=1", "\n1",
        ] {
            assert!(cell(formula).starts_with('\''), "{formula:?}");
        }
        for text in ["anna", "a=b", "1", "", "'=1"] {
            assert_eq!(cell(text), text);
        }
    }

    #[test]
    fn a_cell_is_one_line() {
        assert_eq!(cell("one\r\ntwo\nthree\tfour"), "one two three four");
        // Two names that look the same are two.
        assert_eq!(
            cell("a\u{200b}b\u{202e}\u{1}"),
            "a\\u{200b}b\\u{202e}\\u{1}"
        );
    }
}
