//! Wrong programs: each is caught, a known mistake is called by its own name, and nothing else is
//! called by a name that is not true of it.

use std::path::{Path, PathBuf};

use observation::Observations;

use super::programs::at_least;
use super::seeds::Seen;
use super::{Case, TIME};
use crate::authoring::flaw::{Flaw, Flaws};
use crate::course::mistakes::{self, Mistake};
use crate::course::wrong::{self, Kind, Wrong};
use crate::engine::judge::{Verdict, judge};
use crate::engine::observe::{Run, Seed};
use crate::engine::pipeline::{Batch, Known};
use crate::error::Result;
use crate::parallel::in_parallel;

/// So many seeds at a time: what they show is held in memory.
const SEEDS_AT_ONCE: usize = 4;

/// The wrong programs of a step that are tried.
struct Programs {
    mistakes: Vec<Mistake>,
    others: Vec<(Kind, Wrong)>,
    /// The files of mistakes, shortcuts and near misses.
    files: [PathBuf; 3],
}

impl Programs {
    fn file(&self, kind: Kind) -> &PathBuf {
        match kind {
            Kind::Shortcut => &self.files[1],
            Kind::NearMiss => &self.files[2],
        }
    }
}

pub(super) fn flaws(case: &Case<'_>) -> Result<Vec<Flaw>> {
    let mut flaws = case.flaws();
    let Some(mut programs) = read(case, &mut flaws)? else {
        return Ok(flaws.found());
    };
    let Some(batch) = compile(case, &mut programs, &mut flaws)? else {
        return Ok(flaws.found());
    };
    let seeds: Vec<Seed> = (1..=case.depth.wrong).map(Seed).collect();
    let chunks: Vec<&[Seed]> = seeds.chunks(SEEDS_AT_ONCE).collect();
    let mut seen = Seen::default();
    for part in in_parallel(&chunks, |seeds| overlooked(case, &batch, &programs, seeds)) {
        seen.join(part?);
    }
    seen.tell(case.depth.wrong, &mut flaws);
    Ok(flaws.found())
}

/// Reads them, and tells whether there are enough; nothing if a file is not sound.
fn read(case: &Case<'_>, flaws: &mut Flaws<'_>) -> Result<Option<Programs>> {
    let (course, step) = (case.pipeline.course(), case.step);
    let rules = course.check_rules();
    let file = mistakes::file(course, step);
    let mistakes = flaws.catch(&file, mistakes::read(course, step))?;
    if let Some(mistakes) = &mistakes {
        at_least(
            rules.mistakes,
            mistakes.len(),
            "known mistakes",
            &file,
            flaws,
        );
    }
    let mut files = vec![file];
    let mut others = Some(Vec::new());
    let kinds = [
        (Kind::Shortcut, rules.shortcuts, "shortcuts"),
        (Kind::NearMiss, rules.near_misses, "near misses"),
    ];
    for (kind, fewest, words) in kinds {
        let file = kind.file(course, step);
        match flaws.catch(&file, wrong::read(course, step, kind))? {
            Some(known) => {
                at_least(fewest, known.len(), words, &file, flaws);
                for wrong in known.iter().filter(|_| mistakes.is_some()) {
                    names_are_known(wrong, mistakes.as_deref().unwrap_or_default(), &file, flaws);
                }
                let some = known.into_iter().step_by(case.depth.one_in);
                if let Some(others) = &mut others {
                    others.extend(some.map(|wrong| (kind, wrong)));
                }
            }
            None => others = None,
        }
        files.push(file);
    }
    let (Some(mistakes), Some(others), Ok(files)) = (mistakes, others, files.try_into()) else {
        return Ok(None);
    };
    Ok(Some(Programs {
        mistakes,
        others,
        files,
    }))
}

fn names_are_known(wrong: &Wrong, mistakes: &[Mistake], file: &Path, flaws: &mut Flaws<'_>) {
    for name in &wrong.named {
        if !mistakes.iter().any(|mistake| mistake.id == *name) {
            let what = format!(
                "`{}` may be named `{name}`, which is no known mistake",
                wrong.id
            );
            flaws.add(file, Some(wrong.line), what);
        }
    }
}

/// Compiles the solution and all of them; what does not compile is told and left out.
fn compile(
    case: &Case<'_>,
    programs: &mut Programs,
    flaws: &mut Flaws<'_>,
) -> Result<Option<Batch>> {
    let (course, step) = (case.pipeline.course(), case.step);
    let solution = course.read("solution", step, &course.solution_file(step))?;
    loop {
        let mistakes = programs.mistakes.iter().map(|mistake| &mistake.source);
        let others = programs.others.iter().map(|(_, wrong)| &wrong.source);
        let sources: Vec<&str> = ([&solution].into_iter().chain(mistakes).chain(others))
            .map(String::as_str)
            .collect();
        let batch = case.pipeline.compile_batch(step, &sources, TIME);
        let Some(batch) = flaws.catch(&course.check_file(step), batch)? else {
            return Ok(None);
        };
        let mut misfits = batch.misfits().iter().skip(1);
        if misfits.clone().all(Option::is_none) {
            return Ok(Some(batch));
        }
        let [of_mistakes, _, _] = programs.files.clone();
        let mut told = |kind: &str, id: &str, file: &PathBuf, line: usize| {
            let Some(Some(error)) = misfits.next() else {
                return true;
            };
            let what = format!("the {kind} `{id}` does not compile: {}", error.message);
            flaws.add(file, Some(line), what);
            false
        };
        (programs.mistakes).retain(|one| told("known mistake", &one.id, &of_mistakes, one.line));
        let [_, shortcuts, near_misses] = programs.files.clone();
        programs.others.retain(|(kind, one)| {
            let file = match kind {
                Kind::Shortcut => &shortcuts,
                Kind::NearMiss => &near_misses,
            };
            told(kind.words(), &one.id, file, one.line)
        });
    }
}

/// What is wrong with some of `seeds`.
fn overlooked(case: &Case<'_>, batch: &Batch, programs: &Programs, seeds: &[Seed]) -> Result<Seen> {
    let mut seen = Seen::default();
    let shown = case.pipeline.run_batch(batch, seeds, TIME)?;
    for (&seed, runs) in seeds.iter().zip(shown) {
        let mut runs = runs.into_iter().flatten();
        let Some(reference) = runs.next() else {
            continue;
        };
        let known = Known {
            mistakes: programs.mistakes.clone(),
            runs: runs.by_ref().take(programs.mistakes.len()).collect(),
        };
        let reference = &reference.observations;
        own_names(&known, reference, programs, seed, &mut seen);
        let others: Vec<Run> = runs.collect();
        true_names(case, &known, &others, reference, programs, seed, &mut seen)?;
    }
    Ok(seen)
}

/// Each known mistake is caught, and called by its own name.
fn own_names(
    known: &Known,
    reference: &Observations,
    programs: &Programs,
    seed: Seed,
    seen: &mut Seen,
) {
    let shown: Vec<&Observations> = known.runs.iter().map(|run| &run.observations).collect();
    let named = known.named(&shown, reference);
    for (i, (mistake, names)) in known.mistakes.iter().zip(named).enumerate() {
        let mut add = |what: String| {
            let what = format!("the known mistake `{}` {what}", mistake.id);
            seen.add(programs.files[0].clone(), Some(mistake.line), what, seed);
        };
        let is_like = |reference| judge(&known.runs[i], reference, &[]).0 == Verdict::Passed;
        if is_like(reference) {
            add("passes".into());
        } else if names != [mistake.id.as_str()] {
            let twin = (shown.iter().zip(&known.mistakes).enumerate())
                .find(|(j, (shown, _))| *j != i && is_like(shown))
                .map(|(_, (_, twin))| &twin.id);
            add(match twin {
                Some(twin) => format!("shows the same as `{twin}`"),
                None if names.is_empty() => "is given no name".to_owned(),
                None => format!("is taken for `{}`", names.join("` and `")),
            });
        }
    }
}

/// Each of the others is caught, and called by no name that is not true of it.
fn true_names(
    case: &Case<'_>,
    known: &Known,
    others: &[Run],
    reference: &Observations,
    programs: &Programs,
    seed: Seed,
    seen: &mut Seen,
) -> Result<()> {
    let shown: Vec<&Observations> = others.iter().map(|run| &run.observations).collect();
    // The default seed is the one that learners meet: pairs are tried out, too.
    let named: Vec<Vec<String>> = match seed == Seed::default() {
        false => known.named(&shown, reference),
        true => {
            let step = case.step;
            let found = (case.pipeline)
                .diagnose_each(step, seed, &shown, reference, known, TIME)?
                .into_iter();
            let ids = found.map(|found| found.named.into_iter().map(|named| named.id).collect());
            ids.collect()
        }
    };
    for (((kind, wrong), run), names) in programs.others.iter().zip(others).zip(named) {
        let mut add = |what: &str| {
            let what = format!("the {} `{}` {what}", kind.words(), wrong.id);
            let file = programs.file(*kind).clone();
            seen.add(file, Some(wrong.line), what, seed);
        };
        if judge(run, reference, &[]).0 == Verdict::Passed {
            add("passes");
        } else if names.iter().any(|name| !wrong.named.contains(name)) {
            let names: Vec<String> = (names.into_iter())
                .filter(|name| !wrong.named.contains(name))
                .collect();
            add(&format!("is wrongly taken for `{}`", names.join("` and `")));
        }
    }
    Ok(())
}
