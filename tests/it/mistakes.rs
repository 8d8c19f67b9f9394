//! Every known mistake is caught and named, every correct variant passes, and what is wrong in other
//! ways is caught and not named.

use std::collections::HashMap;
use std::fs;

use crate::support::workshop::Workshop;
use observation::Observations;
use serde::Deserialize;
use tutor::course::Step;
use tutor::course::mistakes::{self, Mistake};
use tutor::engine::judge::diagnose::Suspects;
use tutor::engine::judge::{Verdict, judge};
use tutor::engine::observe::{Run, Seed};
use tutor::engine::pipeline::Pipeline;
use tutor::parallel::in_parallel;

/// Seeds with which every mistake is caught and named, and how many of them in the quick set; the
/// first is the default one.
const MISTAKE_SEEDS: (u64, u64) = (20, 2);

/// Seeds with which every variant passes.
const VARIANT_SEEDS: (u64, u64) = (50, 3);

/// As many seeds as `TUTOR_TEST_SEEDS` says, or `all`; the quick set without it.
fn seeds((all, quick): (u64, u64)) -> impl Iterator<Item = Seed> {
    let wanted = std::env::var("TUTOR_TEST_SEEDS").ok();
    let count = match wanted.as_deref() {
        Some("all") => all,
        Some(number) => number.parse().expect("a number, or `all`"),
        None => quick,
    };
    (1..=count.min(all)).map(Seed)
}

/// At least so many over all steps.
const MISTAKES: usize = 100;

/// At least so many shortcuts for each step.
const SHORTCUTS: usize = 6;

/// At least so many for each step.
const VARIANTS: usize = 4;

fn sound<T>(result: tutor::error::Result<T>) -> T {
    result.unwrap_or_else(|e| panic!("{e}"))
}

fn verdict(run: &Run, reference: &Observations) -> Verdict {
    judge(run, reference, &[]).0
}

/// Collects what is wrong instead of stopping at the first.
fn report(flaws: Vec<Vec<String>>) {
    let flaws: Vec<String> = flaws.into_iter().flatten().collect();
    assert!(flaws.is_empty(), "\n{}", flaws.join("\n"));
}

#[test]
fn every_mistake_is_caught_and_named() {
    let workshop = Workshop::new();
    let pipeline = workshop.pipeline();
    let steps = workshop.course.steps();
    let counts = in_parallel(steps, |step| {
        sound(mistakes::read(&workshop.course, step)).len()
    });
    assert!(counts.iter().sum::<usize>() >= MISTAKES, "{counts:?}");
    report(in_parallel(steps, |step| {
        let mistakes = sound(mistakes::read(&workshop.course, step));
        let place = |mistake: &Mistake| {
            let file = mistakes::file(&workshop.course, step);
            format!("{}:{}: `{}`", file.display(), mistake.line, mistake.id)
        };
        let mut flaws = Vec::new();
        for seed in seeds(MISTAKE_SEEDS) {
            let reference = sound(pipeline.reference(step, seed));
            let runs = match mistake_runs(&pipeline, step, seed, &mistakes) {
                Ok(runs) => runs,
                Err(culprit) => return vec![format!("{} {}", place(culprit.0), culprit.1)],
            };
            let shown: Vec<&Observations> = runs.iter().map(|run| &run.observations).collect();
            let suspects = Suspects::new(&reference, &shown);
            for (i, (mistake, run)) in mistakes.iter().zip(&runs).enumerate() {
                if verdict(run, &reference) == Verdict::Passed {
                    flaws.push(format!("{} passes with seed {}", place(mistake), seed.0));
                }
                let named = names(&suspects, run);
                if named != [i] {
                    let named: Vec<&str> = named.iter().map(|&i| mistakes[i].id.as_str()).collect();
                    flaws.push(format!(
                        "{} is taken for {named:?}, seed {}",
                        place(mistake),
                        seed.0
                    ));
                }
            }
        }
        flaws
    }));
}

/// The positions of the known mistakes that are named for `run`, without trying out pairs.
fn names(suspects: &Suspects<'_>, run: &Run) -> Vec<usize> {
    let mut named = suspects.case(&run.observations).explain().concat();
    named.sort_unstable();
    named.dedup();
    named
}

/// A wrong program that is no known mistake: a shortcut, or a near miss.
#[derive(Deserialize)]
struct Unknown {
    id: String,
    #[serde(rename = "what")]
    _what: String,
    /// Known mistakes whose names are true of it all the same.
    #[serde(default)]
    named: Vec<String>,
    edit: Vec<Edit>,
}

#[derive(Deserialize)]
struct Edit {
    find: String,
    replace: String,
}

impl Unknown {
    /// Those of a kind in `checks/STEP/FILE`, with their sources.
    fn read(workshop: &Workshop, step: &Step, (kind, file): (&str, &str)) -> Vec<(Self, String)> {
        let path = workshop.course.check_file(step).with_file_name(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut tables: HashMap<String, Vec<Self>> =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let solution = workshop.course.solution_file(step);
        let solution = fs::read_to_string(solution).expect("it is there");
        let listed = tables.remove(kind).unwrap_or_default();
        assert!(tables.is_empty(), "{} holds other tables", path.display());
        let with_source = |unknown: Self| {
            let source = unknown.edit.iter().fold(solution.clone(), |text, edit| {
                let times = text.matches(&edit.find).count();
                assert_eq!(
                    times,
                    1,
                    "{}: `{}`: {}",
                    path.display(),
                    unknown.id,
                    edit.find
                );
                text.replacen(&edit.find, &edit.replace, 1)
            });
            (unknown, source)
        };
        listed.into_iter().map(with_source).collect()
    }
}

/// What is right at the sizes of one call only, or remembers another call, does not pass; and no
/// name is given to it that is not true of it.
#[test]
fn shortcuts_of_size_and_state_are_noticed() {
    unknown_ones_are_caught("shortcut", "shortcuts.toml", SHORTCUTS);
}

/// A program that is wrong in a way of its own is not called by the name of a known mistake.
#[test]
fn near_misses_are_caught_and_not_named() {
    unknown_ones_are_caught("near_miss", "near_misses.toml", 1);
}

fn unknown_ones_are_caught(kind: &str, file: &str, at_least: usize) {
    let workshop = Workshop::new();
    let pipeline = workshop.pipeline();
    report(in_parallel(workshop.course.steps(), |step| {
        let unknown = Unknown::read(&workshop, step, (kind, file));
        let mut flaws = Vec::new();
        if unknown.len() < at_least {
            flaws.push(format!("{} has {} of kind {kind}", step.id, unknown.len()));
        }
        let mistakes = sound(mistakes::read(&workshop.course, step));
        let sources: Vec<&str> = unknown.iter().map(|(_, text)| text.as_str()).collect();
        for seed in seeds(MISTAKE_SEEDS) {
            let reference = sound(pipeline.reference(step, seed));
            let known = sound(
                mistake_runs(&pipeline, step, seed, &mistakes)
                    .map_err(|(m, why)| tutor::error::Error::Internal(format!("`{}` {why}", m.id))),
            );
            let shown: Vec<&Observations> = known.iter().map(|run| &run.observations).collect();
            let suspects = Suspects::new(&reference, &shown);
            let runs = sound(pipeline.run_all(step, seed, &sources));
            for ((one, _), run) in unknown.iter().zip(&runs) {
                let say = |what: String| {
                    format!("{} {kind} `{}` {what}, seed {}", step.id, one.id, seed.0)
                };
                if verdict(run, &reference) == Verdict::Passed {
                    flaws.push(say("passes".into()));
                }
                // The default seed is the one that learners meet: pairs are tried out, too.
                let named: Vec<String> = if seed == Seed::default() {
                    let found = pipeline.diagnose(step, seed, &run.observations, &reference);
                    sound(found)
                        .named
                        .into_iter()
                        .map(|named| named.id)
                        .collect()
                } else {
                    let named = names(&suspects, run).into_iter();
                    named.map(|i| mistakes[i].id.clone()).collect()
                };
                if named.iter().any(|id| !one.named.contains(id)) {
                    flaws.push(say(format!("is taken for {named:?}")));
                }
            }
        }
        flaws
    }));
}

/// What the mistakes show, or the one that does not compile and why.
fn mistake_runs<'a>(
    pipeline: &Pipeline<'_>,
    step: &Step,
    seed: Seed,
    mistakes: &'a [Mistake],
) -> Result<Vec<Run>, (&'a Mistake, String)> {
    let sources: Vec<&str> = mistakes.iter().map(|m| m.source.as_str()).collect();
    pipeline.run_all(step, seed, &sources).map_err(|error| {
        let alone = |m: &&Mistake| pipeline.run_all(step, seed, &[m.source.as_str()]).is_err();
        match mistakes.iter().find(alone) {
            Some(culprit) => (culprit, "does not compile".to_owned()),
            None => panic!("{}: {error}", step.id),
        }
    })
}

#[test]
fn every_correct_variant_passes() {
    let workshop = Workshop::new();
    let pipeline = workshop.pipeline();
    report(in_parallel(workshop.course.steps(), |step| {
        let variants = variants(&workshop, step);
        if variants.len() < VARIANTS {
            return vec![format!("{} has {} variants", step.id, variants.len())];
        }
        let sources: Vec<&str> = variants.iter().map(|(_, text)| text.as_str()).collect();
        let mut flaws = Vec::new();
        for seed in seeds(VARIANT_SEEDS) {
            let reference = sound(pipeline.reference(step, seed));
            let runs = sound(pipeline.run_all(step, seed, &sources));
            for ((name, _), run) in variants.iter().zip(&runs) {
                let verdict = verdict(run, &reference);
                if verdict != Verdict::Passed {
                    flaws.push(format!("{name} with seed {}: {verdict:?}", seed.0));
                }
            }
        }
        flaws
    }));
}

/// The files in a step's folder of variants, with their texts.
fn variants(workshop: &Workshop, step: &Step) -> Vec<(String, String)> {
    let folder = workshop.course.check_file(step).with_file_name("variants");
    let Ok(entries) = fs::read_dir(&folder) else {
        return Vec::new();
    };
    let mut found: Vec<(String, String)> = entries
        .map(|entry| {
            let path = entry.expect("the folder can be read").path();
            let text = fs::read_to_string(&path).expect("it is text");
            (path.display().to_string(), text)
        })
        .collect();
    found.sort();
    found
}
