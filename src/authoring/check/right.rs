//! Right programs: each variant passes.

use super::programs::{Whole, at_least, files_in};
use super::reference::{not_allowed, said};
use super::seeds::Seen;
use super::{Case, TIME};
use crate::authoring::flaw::Flaw;
use crate::engine::judge::{Verdict, judge};
use crate::engine::observe::Seed;
use crate::engine::pipeline::Batch;
use crate::error::Result;
use crate::parallel::in_parallel;

/// So many seeds at a time: what they show is held in memory.
const SEEDS_AT_ONCE: usize = 8;

pub(super) fn flaws(case: &Case<'_>) -> Result<Vec<Flaw>> {
    let mut flaws = case.flaws();
    let (course, step) = (case.pipeline.course(), case.step);
    let variants = files_in(case, "variants", &mut flaws);
    let place = course.check_file(step).with_file_name("variants");
    let fewest = course.check_rules().variants;
    at_least(fewest, variants.len(), "variants", &place, &mut flaws);
    if variants.is_empty() {
        return Ok(flaws.found());
    }
    let solution = course.read("solution", step, &course.solution_file(step))?;
    let texts = variants.iter().map(|variant| variant.text.as_str());
    let sources: Vec<&str> = [solution.as_str()].into_iter().chain(texts).collect();
    let compiled = case.pipeline.compile_batch(step, &sources, TIME);
    let Some(batch) = flaws.catch(&place, compiled)? else {
        return Ok(flaws.found());
    };
    for (variant, misfit) in variants.iter().zip(&batch.misfits()[1..]) {
        if let Some(error) = misfit {
            let what = format!("does not compile: {}", error.message);
            flaws.add(&variant.file, None, what);
        }
    }
    for (variant, calls) in variants.iter().zip(&batch.delegated()[1..]) {
        for call in calls {
            flaws.add(&variant.file, None, not_allowed(call));
        }
    }
    let seeds: Vec<Seed> = (1..=case.depth.right).map(Seed).collect();
    let chunks: Vec<&[Seed]> = seeds.chunks(SEEDS_AT_ONCE).collect();
    let mut seen = Seen::default();
    for part in in_parallel(&chunks, |seeds| rejected(case, &batch, &variants, seeds)) {
        seen.join(part?);
    }
    seen.tell(case.depth.right, &mut flaws);
    Ok(flaws.found())
}

/// The variants that do not pass with some of `seeds`.
fn rejected(case: &Case<'_>, batch: &Batch, variants: &[Whole], seeds: &[Seed]) -> Result<Seen> {
    let mut seen = Seen::default();
    let shown = case.pipeline.run_batch(batch, seeds, TIME)?;
    for (&seed, mut runs) in seeds.iter().zip(shown) {
        let variants_runs = runs.split_off(1);
        let Some(Some(reference)) = runs.pop() else {
            continue;
        };
        for (variant, run) in variants.iter().zip(variants_runs) {
            let Some(run) = run else { continue };
            let verdict = judge(&run, &reference.observations, &[]).0;
            if verdict != Verdict::Passed {
                let what = format!("is right and does not pass ({})", said(&verdict));
                seen.add(variant.file.clone(), None, what, seed);
            }
        }
    }
    Ok(seen)
}
