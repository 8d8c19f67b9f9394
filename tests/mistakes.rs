//! Every known mistake is caught and named, and every correct variant passes.

mod support;

use std::fs;

use observation::Observations;
use support::workshop::Workshop;
use tutor::course::Step;
use tutor::judge::{Verdict, judge};
use tutor::mistakes::{self, Mistake};
use tutor::observe::{Run, Seed};
use tutor::parallel::in_parallel;
use tutor::pipeline::Pipeline;

/// Seeds with which every mistake is caught; the first is the default one.
const MISTAKE_SEEDS: std::ops::RangeInclusive<u64> = 1..=20;

/// Seeds with which every variant passes.
const VARIANT_SEEDS: std::ops::RangeInclusive<u64> = 1..=50;

/// At least so many over all steps.
const MISTAKES: usize = 100;

/// At least so many for each step.
const VARIANTS: usize = 3;

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
        for seed in MISTAKE_SEEDS.map(Seed) {
            let reference = sound(pipeline.reference(step, seed));
            let runs = match mistake_runs(&pipeline, step, seed, &mistakes) {
                Ok(runs) => runs,
                Err(culprit) => return vec![format!("{} {}", place(culprit.0), culprit.1)],
            };
            for (mistake, run) in mistakes.iter().zip(&runs) {
                if verdict(run, &reference) == Verdict::Passed {
                    flaws.push(format!("{} passes with seed {}", place(mistake), seed.0));
                }
                if seed != Seed::default() {
                    continue;
                }
                let named =
                    sound(pipeline.diagnose(step, seed, &run.observations, &reference)).named;
                let named: Vec<String> = named.into_iter().map(|named| named.id).collect();
                if named != [mistake.id.clone()] {
                    flaws.push(format!("{} is taken for {named:?}", place(mistake)));
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
        for seed in VARIANT_SEEDS.map(Seed) {
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
