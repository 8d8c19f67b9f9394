//! How much is kept of one student, and so how much of it can stand in any file of results.
//!
//! What a step says, names and calls is cut where it is read; all steps and groups together may still
//! come to a lot. Here the whole is bounded, by what it takes where it takes most: as escapes in JSON
//! and XML, as elements in HTML.

use crate::classroom::record::{Intake, StepGrade, Student};
use crate::text;

/// For the verdicts' texts of a student, all steps together.
const TEXTS: usize = 300_000;

/// For the text of a step, however many steps there are.
const TEXT: usize = 15_000;

/// For a note, and for the name of a file or of a function.
const LINE: usize = 600;

/// Notes on a submission as a whole.
const NOTES: usize = 40;

/// Notes on a step's file, and forbidden calls of it.
const ENTRIES: usize = 8;

/// Cuts what is longer than anybody would read.
pub(super) fn bound(student: &mut Student) {
    let steps = student.steps.len().max(1);
    let Intake { name, group, .. } = &mut student.intake;
    let lines = [Some(&mut student.entry), name.as_mut(), group.as_mut()];
    for line in lines.into_iter().flatten() {
        cut_to(line, LINE);
    }
    cut_lines(&mut student.notes, NOTES);
    for step in &mut student.steps {
        bound_step(step);
        match &mut step.hidden {
            Some(hidden) => {
                cut_to(&mut step.text, TEXTS / steps / 2);
                cut_to(&mut hidden.text, TEXTS / steps / 2);
            }
            None => cut_to(&mut step.text, TEXTS / steps),
        }
    }
}

/// The same for one step, of which it is not known yet how many there are.
pub(super) fn bound_step(step: &mut StepGrade) {
    if let Some(file) = &mut step.file {
        cut_to(file, LINE);
    }
    cut_lines(&mut step.notes, ENTRIES);
    cut_lines(&mut step.forbidden, ENTRIES);
    cut_to(&mut step.text, TEXT);
    if let Some(hidden) = &mut step.hidden {
        cut_to(&mut hidden.text, TEXT);
    }
}

/// Leaves `count` lines, each cut; the last of them says how many more there were.
fn cut_lines(lines: &mut Vec<String>, count: usize) {
    if lines.len() > count {
        let more = lines.split_off(count - 1).len();
        lines.push(format!("… and {more} more"));
    }
    for line in lines {
        cut_to(line, LINE);
    }
}

/// What stands at the end of a text of which not all is kept.
const MORE: &str = "… (there is more)";

/// Leaves as much of `text` as takes `most` bytes. What was cut once, to as much or less, stays.
fn cut_to(text: &mut String, most: usize) {
    let whole = text.chars().count();
    if text::fitting(text, most) < whole {
        let fitting = text::fitting(text, most.saturating_sub(MORE.len()));
        let end = text
            .char_indices()
            .nth(fitting)
            .map_or(text.len(), |(at, _)| at);
        text.truncate(end);
        text.push_str(MORE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classroom::record::{Hidden, Points};
    use crate::course::verdict_kind::VerdictKind;

    /// A student of whom everything is endless and made of this character.
    fn endless(c: char) -> Student {
        let long = c.to_string().repeat(100_000);
        let step = StepGrade {
            step: "s01".into(),
            file: Some(long.clone()),
            source: None,
            notes: vec![long.clone(); 30],
            verdict: VerdictKind::Panicked.into(),
            line: None,
            score: Points::default(),
            groups: Vec::new(),
            hidden: Some(Hidden {
                verdict: VerdictKind::Panicked.into(),
                groups: Vec::new(),
                text: long.clone(),
            }),
            decision: None,
            diagnosis: Vec::new(),
            forbidden: vec![long.clone(); 30],
            text: long.clone(),
        };
        Student {
            id: "a".into(),
            entry: long.clone(),
            intake: Intake {
                name: Some(long.clone()),
                group: Some(long.clone()),
                ..Intake::default()
            },
            notes: vec![long; 60],
            comment: None,
            steps: vec![step; 25],
        }
    }

    #[test]
    fn no_student_takes_more_than_a_megabyte() {
        for c in ['a', '"', '<', '\u{1b}', 'ä', '\u{202e}', '😀'] {
            let mut student = endless(c);
            bound(&mut student);
            let json = serde_json::to_string(&student).expect("it can be written");
            assert!(json.len() < 1 << 20, "{c:?}: {}", json.len());
            assert_eq!(student.steps[0].forbidden.len(), ENTRIES);
            assert!(student.steps[0].text.ends_with(MORE));
            let once = student.clone();
            bound(&mut student);
            assert_eq!(student, once);
        }
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        let mut student = endless('a');
        student.steps.truncate(1);
        let text = "✗ s03: panicked\n\n  it said   \"<no>\"\n".repeat(20);
        student.steps[0].text.clone_from(&text);
        bound(&mut student);
        assert_eq!(student.steps[0].text, text);
    }
}
