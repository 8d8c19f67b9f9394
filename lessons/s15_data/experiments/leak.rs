//! What leaks when the split is drawn at random.
//!
//! Ask: a text has 2,000 random letters: a guess at the next of 26 letters is right one time in 26. A
//! look-up table remembers what followed each four letters in the training windows. How
//! often is it right on validation windows from the end of the text? And on windows drawn from all
//! over it?

use std::collections::{HashMap, HashSet};

use crate::s15_data::{Batch, random_number, split, window_starts};
use kit::Observer;

const LETTERS: u64 = 26;
const CONTEXT: usize = 8;
const REMEMBERED: usize = 4;

/// Prints how well a memory does on validation windows from two kinds of splits.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let letter = |place| (random_number(15, 0, place) % LETTERS) as usize;
    let text: Vec<usize> = (0..2000).map(letter).collect();
    println!("  validation windows   how many   letters learned  right guesses");

    let Ok(parts) = split(&text, 0.1, CONTEXT) else {
        return println!("  Your split refuses the text: `tutor run s15` says more.");
    };
    let (Ok(learnt), Ok(asked)) = (
        window_starts(parts.train.len(), CONTEXT, 1),
        window_starts(parts.validation.len(), CONTEXT, 1),
    ) else {
        return println!("  Your windows are refused: `tutor run s15` says more.");
    };
    let behind: Vec<usize> = asked.iter().map(|&s| parts.train.len() + s).collect();
    let shared = shared(&learnt, &behind);
    let learnt = Batch::at(&parts.train, &learnt, CONTEXT, &device);
    let asked = Batch::at(&parts.validation, &asked, CONTEXT, &device);
    let at_the_end = line("from the end", shared, &learnt, &asked);

    let Ok(all) = window_starts(text.len(), CONTEXT, 1) else {
        return println!("  Your windows are refused: `tutor run s15` says more.");
    };
    let (asked, learnt): (Vec<usize>, Vec<usize>) =
        (all.into_iter()).partition(|&start| random_number(16, 0, start).is_multiple_of(10));
    let shared = self::shared(&learnt, &asked);
    let learnt = Batch::at(&text, &learnt, CONTEXT, &device);
    let asked = Batch::at(&text, &asked, CONTEXT, &device);
    let at_random = line("drawn at random", shared, &learnt, &asked);

    println!();
    if at_the_end < 0.08 && at_random > 0.9 {
        println!(
            "There is nothing to learn in this text, and the result on its end shows that. Of"
        );
        println!("windows drawn at random, the memory has seen nearly every letter with its");
        println!("neighbours: such a validation measures memory only, and looks excellent.");
    } else {
        println!("The memory should be about as good as chance at the end of the text, and nearly");
        println!(
            "perfect on windows drawn at random. With your code it is right in {at_the_end:.3} and"
        );
        println!("{at_random:.3} of the guesses: `tutor run s15` says more.");
    }
}

/// How many of the letters that are asked about stand in a window that is learned from, too.
fn shared(learnt: &[usize], asked: &[usize]) -> f64 {
    let places =
        |starts: &[usize]| -> Vec<usize> { starts.iter().flat_map(|&s| s..=s + CONTEXT).collect() };
    let known: HashSet<usize> = places(learnt).into_iter().collect();
    let asked = places(asked);
    let shared = asked.iter().filter(|place| known.contains(place)).count();
    shared as f64 / asked.len().max(1) as f64
}

/// Prints a line of the table, and returns how many guesses are right.
fn line(name: &str, shared: f64, learnt: &Batch, asked: &Batch) -> f64 {
    let [count, _] = asked.inputs.dims();
    let mut memory = HashMap::new();
    for (before, next) in questions(learnt) {
        memory.insert(before, next);
    }
    let (mut right, mut all) = (0, 0);
    for (before, next) in questions(asked) {
        // What was never seen before is guessed to be followed by the first letter.
        right += usize::from(*memory.get(&before).unwrap_or(&0) == next);
        all += 1;
    }
    let share = right as f64 / f64::from(all.max(1));
    let (shared, percent) = (100.0 * shared, 100.0 * share);
    println!("  {name:<18}   {count:>8}   {shared:>12.1} %   {percent:>11.1} %");
    share
}

/// The last letters before each target that has as many before it, and the target.
fn questions(batch: &Batch) -> Vec<(Vec<i64>, i64)> {
    let [_, context] = batch.inputs.dims();
    let inputs: Vec<i64> = batch.inputs.to_data().iter().collect();
    let targets: Vec<i64> = batch.targets.to_data().iter().collect();
    let rows = inputs.chunks(context).zip(targets.chunks(context));
    rows.flat_map(|(inputs, targets)| {
        let ends = REMEMBERED..=inputs.len();
        ends.map(|end| (inputs[end - REMEMBERED..end].to_vec(), targets[end - 1]))
    })
    .collect()
}
