//! The lessons are true: every number is recomputed, every fragment compiles, every experiment
//! prints what the lesson says, every hint has its occasion.

use std::collections::HashSet;
use std::fs;

use observation::Value;
use tutor::course::Step;
use tutor::course::hints::Rank;
use tutor::course::{experiments, hints, mistakes};
use tutor::engine::compile::Check;
use tutor::engine::observe::{RunEnding, Seed};
use tutor::engine::pipeline::Experimented;
use tutor::engine::sandbox::workplace::DEFAULT_TIME;
use tutor::parallel::in_parallel;

use crate::support::quick;
use crate::support::workshop::Workshop;

/// The headings of a lesson, in order.
const HEADINGS: [&str; 10] = [
    "By hand",
    "Shapes",
    "The formula",
    "In Burn",
    "Your task",
    "What the check observes",
    "Common slips",
    "Experiments",
    "Exercises",
    "Next",
];

/// Lessons that have to have these experiments at least.
const EXPERIMENTS: [&str; 8] = ["s03", "s04", "s05", "s06", "s07", "s10", "s11", "s12"];

/// In scope of each fragment.
const PRELUDE: &str = "
    use burn::module::{Module, Param};
    use burn::nn::*;
    use burn::tensor::{Bool, Device, Distribution, Int, Tensor, TensorData, activation};
";

fn sound<T>(result: tutor::error::Result<T>) -> T {
    result.unwrap_or_else(|e| panic!("{e}"))
}

fn lesson(workshop: &Workshop, step: &Step) -> String {
    let path = workshop.course.lesson_file(step);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn report(flaws: Vec<Vec<String>>) {
    let flaws: Vec<String> = flaws.into_iter().flatten().collect();
    assert!(flaws.is_empty(), "\n{}", flaws.join("\n"));
}

#[test]
fn every_number_in_a_lesson_is_recomputed() {
    let workshop = Workshop::new();
    let pipeline = workshop.pipeline();
    report(in_parallel(&quick::steps(&workshop.course), |step| {
        let path = workshop.course.numbers_file(step);
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let check = sound(Check::new(path, &text));
        let seed = Seed::default();
        let run = sound(pipeline.run_reference(step, &check, seed, DEFAULT_TIME));
        assert_eq!(run.ending, RunEnding::Finished, "{}", step.name);
        let recomputed: HashSet<String> = run
            .observations
            .groups
            .into_iter()
            .inspect(|group| assert!(group.panics.is_empty(), "{group:?}"))
            .flat_map(|group| group.observations)
            .filter_map(|observation| match observation.value {
                Value::Text(text) => Some(text),
                _ => None,
            })
            .collect();
        numbers(&lesson(&workshop, step))
            .into_iter()
            .filter(|number| !recomputed.contains(number))
            .map(|number| format!("{}: {number} is not recomputed", step.name))
            .collect()
    }));
}

/// The numbers of a lesson that have to be recomputed: those with a decimal point, a thousands
/// comma or three digits and more. Not those in Rust, years, versions, and numbers of sections.
fn numbers(lesson: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_rust = false;
    for line in lesson.lines() {
        if line.trim_start().starts_with("```") {
            is_rust = line.trim_start().starts_with("```rust");
            continue;
        }
        if !is_rust {
            found.extend(numbers_of(line));
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
        let mut end = i;
        while end < chars.len()
            && (chars[end].is_ascii_digit()
                || (matches!(chars[end], '.' | ',')
                    && chars.get(end + 1).is_some_and(char::is_ascii_digit)))
        {
            end += 1;
        }
        let is_part_of_a_word = chars
            .get(end)
            .is_some_and(|c| c.is_alphabetic() || *c == '_');
        let number: String = chars[i..end].iter().collect();
        let words: String = chars[..i].iter().collect();
        if !is_part_of_a_word && counts(&number, words.trim_end()) {
            let sign = match before {
                Some('-')
                    if !words
                        .trim_end_matches('-')
                        .ends_with(|c: char| c.is_alphanumeric()) =>
                {
                    "-"
                }
                _ => "",
            };
            found.push(format!("{sign}{number}"));
        }
        i = end;
    }
    found
}

/// Whether a number has to be recomputed; `before` is what stands before it.
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

#[test]
fn numbers_are_found_where_they_stand() {
    let line =
        "In 2017, section 3.2 of s06 gave -1.3416, 124,439,808 and [1024, 768], not 12; v0.22.1.";
    assert_eq!(numbers_of(line), ["-1.3416", "124,439,808", "1024", "768"]);
    assert_eq!(numbers_of("x-1024 and `a.rs:120`"), ["1024", "120"]);
    assert!(numbers("```rust\nlet x = 1.25;\n```\n").is_empty());
    assert_eq!(numbers("```text\n0.25\n```\n"), ["0.25"]);
}

#[test]
fn every_fragment_compiles() {
    let workshop = Workshop::new();
    let pipeline = workshop.pipeline();
    in_parallel(&quick::steps(&workshop.course), |step| {
        let fragments = fragments(&lesson(&workshop, step));
        assert!(!fragments.is_empty(), "{} has no Rust", step.name);
        let functions: String = fragments
            .iter()
            .enumerate()
            .map(|(i, text)| format!("pub fn f{i}(device: Device) {{\n{text}\n}}\n"))
            .collect();
        let text = format!(
            "#[allow(unused, dead_code)]\nmod fragments {{\n{PRELUDE}\n{functions}}}\n\
             pub fn observe(_: &mut kit::Observer) {{}}\n"
        );
        let folder = tempfile::tempdir().expect("a folder for tests");
        let path = folder.path().join("fragments.rs");
        fs::write(&path, &text).expect("it can be written");
        sound(pipeline.compile_reference(step, &Check { path, text }));
    });
}

/// A trace without its program says nothing of where a step departs, and nobody would notice.
#[test]
fn every_trace_compiles() {
    let workshop = Workshop::new();
    let pipeline = workshop.pipeline();
    in_parallel(workshop.course.steps(), |step| {
        let path = workshop.course.trace_file(step);
        if let Ok(text) = fs::read_to_string(&path) {
            sound(pipeline.compile_reference(step, &sound(Check::new(path, &text))));
        }
    });
}

/// The Rust blocks of a lesson.
fn fragments(lesson: &str) -> Vec<String> {
    lesson
        .split("```rust\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(fragment, _)| fragment.to_owned())
        .collect()
}

#[test]
fn every_lesson_is_complete() {
    let workshop = Workshop::new();
    for step in workshop.course.steps() {
        let lesson = lesson(&workshop, step);
        let headings: Vec<&str> = lesson
            .lines()
            .filter_map(|line| line.strip_prefix("## "))
            .collect();
        assert_eq!(headings, HEADINGS, "{}", step.name);
        let answers = lesson.matches("<details>").count();
        assert!(
            (3..=5).contains(&answers),
            "{} has {answers} answers",
            step.name
        );
        for word in ["steps/", "tutor run", "tutor try"] {
            assert!(lesson.contains(word), "{}: {word}", step.name);
        }
    }
}

#[test]
fn every_experiment_prints_what_is_written_down() {
    let workshop = Workshop::new();
    let pipeline = workshop.pipeline();
    report(in_parallel(&quick::steps(&workshop.course), |step| {
        let known = sound(experiments::read(&workshop.course, step));
        let text = lesson(&workshop, step);
        let mut flaws = Vec::new();
        if known.is_empty() && EXPERIMENTS.contains(&step.id.as_str()) {
            flaws.push(format!("{} has no experiment", step.name));
        }
        for experiment in known {
            let name = format!("{} {}", step.name, experiment.name);
            if experiment.title.is_empty() || experiment.ask.is_empty() {
                flaws.push(format!("{name} does not ask for a prediction"));
            }
            if !text.contains(&experiment.name) {
                flaws.push(format!("{name} is not in the lesson"));
            }
            let written = fs::read_to_string(experiment.path.with_extension("txt"));
            let written = written.unwrap_or_else(|e| panic!("{name}: {e}"));
            match sound(pipeline.experiment(step, &experiment, true)) {
                Experimented::Printed(printed) if printed.trim_end() == written.trim_end() => {}
                other => flaws.push(format!("{name} gave {other:?}")),
            }
        }
        flaws
    }));
}

#[test]
fn every_hint_has_its_occasion() {
    let workshop = Workshop::new();
    let pipeline = workshop.pipeline();
    report(in_parallel(workshop.course.steps(), |step| {
        let hints = sound(hints::read(&workshop.course, step));
        let mut flaws = Vec::new();
        let general = hints.iter().filter(|hint| hint.rank() == Rank::General);
        let general = general.count();
        if general < 3 {
            flaws.push(format!("{} has {general} general hints", step.name));
        }
        let known = sound(mistakes::read(&workshop.course, step));
        let observed = sound(pipeline.reference(step, Seed::default(), DEFAULT_TIME)).groups;
        for hint in hints.iter() {
            if let Some(id) = &hint.mistake
                && !known.iter().any(|mistake| mistake.id == *id)
            {
                flaws.push(format!("{}: no mistake is called `{id}`", step.name));
            }
            for name in &hint.groups {
                if !observed.iter().any(|group| group.name == *name) {
                    flaws.push(format!("{}: no group is called `{name}`", step.name));
                }
            }
        }
        flaws
    }));
}
