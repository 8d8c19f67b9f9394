//! Every number of a lesson is one that `numbers.rs` computes, and so is every number that is known as a
//! wrong answer to an exercise.

use std::collections::HashSet;
use std::path::Path;

use observation::Value;

use super::super::Case;
use super::super::reference::runs;
use crate::authoring::flaw::Flaws;
use crate::course::exercises::{self, Exercise};
use crate::error::Result;

/// Tells which numbers of `lesson`, the text of `file`, are not computed by `program`, and which of the
/// wrong answers that are `known`.
pub(super) fn flaws(
    case: &Case<'_>,
    (lesson, known): (&str, &[Exercise]),
    (file, program): (&Path, &Path),
    flaws: &mut Flaws<'_>,
) -> Result<()> {
    let numbers = numbers(lesson);
    if numbers.is_empty() && !program.exists() {
        return Ok(());
    }
    let step = &case.pipeline.course().in_lesson(case.step);
    let Some(recorded) = runs(&Case { step, ..*case }, program, "the program", flaws)? else {
        return Ok(());
    };
    let observations = (recorded.groups.into_iter()).flat_map(|group| group.observations);
    let computed: HashSet<String> = observations
        .filter_map(|observation| match observation.value {
            Value::Text(text) => Some(text),
            _ => None,
        })
        .collect();
    for (line, number) in numbers {
        if !computed.contains(&number) {
            flaws.add(file, Some(line), not_computed(&number));
        }
    }
    for (line, number) in known_but_not_computed(known, &computed) {
        let file = exercises::file(case.pipeline.course(), case.step);
        flaws.add(&file, Some(line), not_computed(&number));
    }
    Ok(())
}

/// The wrong answers that have to be computed and are not, with the lines of their exercises.
fn known_but_not_computed(known: &[Exercise], computed: &HashSet<String>) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for exercise in known {
        let numbers = (exercise.wrong.iter()).filter(|wrong| wrong.answer.is_number());
        for wrong in numbers {
            let number = wrong.answer.to_string();
            let has_to_be = counts(number.trim_start_matches('-'), "");
            if has_to_be && !computed.iter().any(|text| wrong.answer.is(text)) {
                found.push((exercise.line, number));
            }
        }
    }
    found
}

fn not_computed(number: &str) -> String {
    format!("{number} is not computed by `numbers.rs`")
}

/// The numbers of a lesson that have to be computed, with their lines: those with a decimal point,
/// a thousands comma or three digits and more. Not those in Rust, years, versions, and numbers of
/// sections.
fn numbers(lesson: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut is_rust = false;
    for (number, line) in (1..).zip(lesson.lines()) {
        if line.trim_start().starts_with("```") {
            is_rust = line.trim_start().starts_with("```rust");
        } else if !is_rust {
            found.extend(numbers_of(line).into_iter().map(|text| (number, text)));
        }
    }
    found
}

fn numbers_of(line: &str) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    let mut found = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let before = i.checked_sub(1).map(|at| chars[at]);
        let is_word =
            before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.' || c == '/');
        if !chars[i].is_ascii_digit() || is_word {
            i += 1;
            continue;
        }
        let end = end_of_number(&chars, i);
        let is_part_of_a_word = chars
            .get(end)
            .is_some_and(|c| c.is_alphabetic() || *c == '_');
        let number: String = chars[i..end].iter().collect();
        let words: String = chars[..i].iter().collect();
        if !is_part_of_a_word && counts(&number, words.trim_end()) {
            let is_negative = words.ends_with('-')
                && !(words.trim_end_matches('-')).ends_with(|c: char| c.is_alphanumeric());
            found.push(format!("{}{number}", if is_negative { "-" } else { "" }));
        }
        i = end;
    }
    found
}

/// Where the number ends that begins at `start`: a point or comma belongs to it if a digit follows.
fn end_of_number(chars: &[char], start: usize) -> usize {
    let mut end = start;
    while chars.get(end).is_some_and(|c| {
        let is_mark = matches!(c, '.' | ',');
        c.is_ascii_digit() || (is_mark && chars.get(end + 1).is_some_and(char::is_ascii_digit))
    }) {
        end += 1;
    }
    end
}

/// Whether a number has to be computed; `before` is what stands before it.
fn counts(number: &str, before: &str) -> bool {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let is_plain = digits == number.len();
    let is_year = is_plain && digits == 4 && (number.starts_with("19") || number.starts_with("20"));
    let is_version = number.matches('.').count() > 1;
    let names_a_place = ["section", "sections", "table", "version"]
        .iter()
        .any(|word| before.to_lowercase().ends_with(word));
    let is_big_enough = number.contains('.') || number.contains(',') || digits >= 3;
    is_big_enough && !is_year && !is_version && !names_a_place
}

#[cfg(test)]
mod tests {
    use std::slice;

    use super::*;
    use crate::course::exercises::{Answer, Wrong};

    #[test]
    fn wrong_answers_are_computed_as_exactly_as_they_are_asked_for() {
        let number = |value| Answer::Number {
            value,
            within: 0.005,
        };
        let wrong = |value| Wrong {
            answer: number(value),
            why: "That is something else.".into(),
        };
        let exercise = Exercise {
            number: 1,
            ask: "How many?".into(),
            explanation: "That many.".into(),
            choices: Vec::new(),
            answer: number(7.0),
            wrong: vec![wrong(15.617), wrong(50_257.0), wrong(12.0), wrong(-0.17)],
            line: 3,
        };
        let computed = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let found = |texts: &[&str]| {
            let found = known_but_not_computed(slice::from_ref(&exercise), &computed(texts));
            found
                .into_iter()
                .map(|(_, number)| number)
                .collect::<Vec<_>>()
        };
        assert_eq!(found(&[]), ["15.617", "50257", "-0.17"]);
        assert_eq!(found(&["15.61", "50,257", "0.17"]), ["15.617", "-0.17"]);
        assert!(found(&["15.62", "50,257", "-0.1699"]).is_empty());
    }

    #[test]
    fn numbers_are_found_where_they_stand() {
        let line = "In 2017, section 3.2 of s06 gave -1.3416, 124,439,808 and [1024, 768], not 12; \
                    v0.22.1.";
        assert_eq!(numbers_of(line), ["-1.3416", "124,439,808", "1024", "768"]);
        assert_eq!(numbers_of("x-1024 and `a.rs:120`"), ["1024", "120"]);
        assert!(numbers("```rust\nlet x = 1.25;\n```\n").is_empty());
        assert_eq!(numbers("```text\n0.25\n```\n"), [(2, "0.25".to_owned())]);
    }
}
