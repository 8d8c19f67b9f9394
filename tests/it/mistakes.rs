//! Every known mistake is caught and named, every correct variant passes, and what is wrong in other
//! ways is caught and not named.

use std::collections::HashMap;
use std::fs;

use observation::Observations;
use serde::Deserialize;
use tutor::course::Step;
use tutor::course::mistakes::{self, Mistake};
use tutor::engine::judge::diagnose::Suspects;
use tutor::engine::judge::{Verdict, judge};
use tutor::engine::observe::{Run, Seed};
use tutor::engine::pipeline::Pipeline;
use tutor::engine::sandbox::workplace::DEFAULT_TIME;
use tutor::parallel::in_parallel;

use crate::support::quick::{self, sample, seeds};
use crate::support::workshop::Workshop;

/// Seeds with which every mistake is caught and named; the first is the default one.
const MISTAKE_SEEDS: u64 = 20;

/// Seeds with which every variant passes.
const VARIANT_SEEDS: u64 = 50;

/// At least so many mistakes over all steps.
const MISTAKES: usize = 100;

/// At least so many shortcuts for each step.
const SHORTCUTS: usize = 6;

/// At least so many variants for each step.
const VARIANTS: usize = 4;

/// In the quick set, one in so many shortcuts and near misses is tried.
const ONE_IN: usize = 8;

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

/// Every mistake is caught and has its name. A shortcut, which is right at the sizes of one call only
/// or remembers another call, and a near miss, which is wrong in a way of its own, are caught too, and
/// have no name that is not true of them.
#[test]
fn all_wrong_ones_are_caught_and_known_ones_are_named() {
    let workshop = Workshop::new();
    let pipeline = workshop.pipeline();
    let steps = workshop.course.steps();
    let counts = in_parallel(steps, |step| {
        sound(mistakes::read(&workshop.course, step)).len()
    });
    assert!(counts.iter().sum::<usize>() >= MISTAKES, "{counts:?}");
    // Those of all steps can be read, whether or not they are tried.
    for step in steps {
        assert!(!Unknown::some(&workshop, step).is_empty());
    }
    report(in_parallel(&quick::steps(&workshop.course), |step| {
        let unknown = Unknown::some(&workshop, step);
        let mut flaws = Vec::new();
        for seed in seeds(MISTAKE_SEEDS) {
            match Known::observe(&workshop, step, seed) {
                Ok(known) => {
                    flaws.extend(known.flaws());
                    flaws.extend(known.flaws_of(&pipeline, &unknown));
                }
                Err(flaw) => return vec![flaw],
            }
        }
        flaws
    }));
}

/// The known mistakes of a step, and what they show with a seed.
struct Known<'a> {
    step: &'a Step,
    seed: Seed,
    reference: Observations,
    mistakes: Vec<Mistake>,
    runs: Vec<Run>,
}

impl<'a> Known<'a> {
    /// All of them, or which one does not compile.
    fn observe(workshop: &Workshop, step: &'a Step, seed: Seed) -> Result<Self, String> {
        let pipeline = workshop.pipeline();
        let mistakes = sound(mistakes::read(&workshop.course, step));
        let run = |those: &[Mistake]| {
            let sources: Vec<&str> = those.iter().map(|m| m.source.as_str()).collect();
            pipeline.run_all(step, seed, &sources, DEFAULT_TIME)
        };
        let runs = run(&mistakes).map_err(|error| {
            let mut each = mistakes.iter();
            let culprit = each.find(|mistake| run(std::slice::from_ref(*mistake)).is_err());
            let mistake = culprit.unwrap_or_else(|| panic!("{}: {error}", step.id));
            let file = mistakes::file(&workshop.course, step);
            let (line, id) = (mistake.line, &mistake.id);
            format!("{}:{line}: `{id}` does not compile", file.display())
        })?;
        Ok(Self {
            step,
            seed,
            reference: sound(pipeline.reference(step, seed, DEFAULT_TIME)),
            mistakes,
            runs,
        })
    }

    fn suspects(&self) -> Suspects<'_> {
        let shown: Vec<&Observations> = self.runs.iter().map(|run| &run.observations).collect();
        Suspects::new(&self.reference, &shown)
    }

    /// Mistakes that pass, or are not called by their own name.
    fn flaws(&self) -> Vec<String> {
        let suspects = self.suspects();
        let mut flaws = Vec::new();
        for (mistake, run) in self.mistakes.iter().zip(&self.runs) {
            if verdict(run, &self.reference) == Verdict::Passed {
                flaws.push(self.say("mistake", &mistake.id, "passes"));
            }
            let named = self.named(&suspects, run);
            if named != [mistake.id.as_str()] {
                let what = format!("is taken for {named:?}");
                flaws.push(self.say("mistake", &mistake.id, &what));
            }
        }
        flaws
    }

    /// Unknown ones that pass, or are called by a name that is not true of them.
    fn flaws_of(&self, pipeline: &Pipeline<'_>, unknown: &[Unknown]) -> Vec<String> {
        let sources: Vec<&str> = unknown.iter().map(|one| one.source.as_str()).collect();
        let runs = sound(pipeline.run_all(self.step, self.seed, &sources, DEFAULT_TIME));
        let suspects = self.suspects();
        let mut flaws = Vec::new();
        for (one, run) in unknown.iter().zip(&runs) {
            if verdict(run, &self.reference) == Verdict::Passed {
                flaws.push(self.say(one.kind, &one.id, "passes"));
            }
            // The default seed is the one that learners meet: pairs are tried out, too.
            let named = match self.seed == Seed::default() {
                true => self.diagnosed(pipeline, run),
                false => self.named(&suspects, run),
            };
            if named.iter().any(|id| !one.named.contains(id)) {
                let what = format!("is taken for {named:?}");
                flaws.push(self.say(one.kind, &one.id, &what));
            }
        }
        flaws
    }

    /// What is named for `run`, without trying out pairs.
    fn named(&self, suspects: &Suspects<'_>, run: &Run) -> Vec<String> {
        let mut named = suspects.case(&run.observations).explain().concat();
        named.sort_unstable();
        named.dedup();
        let id = |i: usize| self.mistakes[i].id.clone();
        named.into_iter().map(id).collect()
    }

    /// What is named for `run` where a learner meets it.
    fn diagnosed(&self, pipeline: &Pipeline<'_>, run: &Run) -> Vec<String> {
        let shown = &run.observations;
        let found = pipeline.diagnose(self.step, self.seed, shown, &self.reference, DEFAULT_TIME);
        let named = sound(found).named.into_iter();
        named.map(|named| named.id).collect()
    }

    fn say(&self, kind: &str, id: &str, what: &str) -> String {
        let (step, seed) = (&self.step.name, self.seed.0);
        format!("{step}: {kind} `{id}` {what}, seed {seed}")
    }
}

/// A wrong program that is no known mistake: a shortcut, or a near miss.
struct Unknown {
    kind: &'static str,
    id: String,
    /// Known mistakes whose names are true of it all the same.
    named: Vec<String>,
    source: String,
}

/// One as it is written down.
#[derive(Deserialize)]
struct Written {
    id: String,
    #[serde(rename = "what")]
    _what: String,
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
    /// Those of a step that are to be tried.
    fn some(workshop: &Workshop, step: &Step) -> Vec<Self> {
        let shortcuts = Self::read(workshop, step, "shortcut", "shortcuts.toml");
        assert!(shortcuts.len() >= SHORTCUTS, "{} has fewer", step.id);
        let near_misses = Self::read(workshop, step, "near_miss", "near_misses.toml");
        assert!(!near_misses.is_empty(), "{} has none", step.id);
        let mut some = sample(shortcuts, ONE_IN);
        some.extend(sample(near_misses, ONE_IN));
        some
    }

    /// Those of a kind in `checks/STEP/FILE`.
    fn read(workshop: &Workshop, step: &Step, kind: &'static str, file: &str) -> Vec<Self> {
        let path = workshop.course.check_file(step).with_file_name(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut tables: HashMap<String, Vec<Written>> =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let solution = workshop.course.solution_file(step);
        let solution = fs::read_to_string(solution).expect("it is there");
        let written = tables.remove(kind).unwrap_or_default();
        assert!(tables.is_empty(), "{} holds other tables", path.display());
        let with_source = |Written {
                               id, named, edit, ..
                           }| {
            let edited = edit.iter().fold(solution.clone(), |text, edit: &Edit| {
                let place = format!("{}: `{id}`: {}", path.display(), edit.find);
                assert_eq!(text.matches(&edit.find).count(), 1, "{place}");
                text.replacen(&edit.find, &edit.replace, 1)
            });
            Self {
                kind,
                id,
                named,
                source: edited,
            }
        };
        written.into_iter().map(with_source).collect()
    }
}

#[test]
fn every_correct_variant_passes() {
    let workshop = Workshop::new();
    let pipeline = workshop.pipeline();
    report(in_parallel(&quick::steps(&workshop.course), |step| {
        let variants = variants(&workshop, step);
        if variants.len() < VARIANTS {
            return vec![format!("{} has {} variants", step.id, variants.len())];
        }
        let sources: Vec<&str> = variants.iter().map(|(_, text)| text.as_str()).collect();
        let mut flaws = Vec::new();
        for seed in seeds(VARIANT_SEEDS) {
            let reference = sound(pipeline.reference(step, seed, DEFAULT_TIME));
            let runs = sound(pipeline.run_all(step, seed, &sources, DEFAULT_TIME));
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
