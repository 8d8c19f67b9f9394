//! How often each id is a target.
//!
//! Ask: a text has 41 ids, and windows have 8 inputs. How many windows are there at a stride of 1,
//! of 4, of 8 and of 9? How often is an id a target at most, and how many ids never are?

use crate::s15_data::{Batch, window_starts};
use kit::Observer;

const TOKENS: usize = 41;
const CONTEXT: usize = 8;

/// Prints for several strides how often each place of the text is a target.
pub fn observe(o: &mut Observer) {
    // Each id is its own place in the text.
    let text: Vec<usize> = (0..TOKENS).collect();
    println!("  stride   windows   targets   never   how often each place is asked for");
    let mut seen = Vec::new();
    for stride in [1, 2, 4, 8, 9] {
        let Ok(starts) = window_starts(TOKENS, CONTEXT, stride) else {
            return println!("  Your windows are refused: `tutor run s15` says more.");
        };
        let batch = Batch::at(&text, &starts, CONTEXT, &o.device());
        let targets: Vec<i64> = batch.targets.into_data().iter().collect();
        let mut times = [0; TOKENS];
        for place in &targets {
            if let Ok(place) = usize::try_from(*place) {
                times[place.min(TOKENS - 1)] += 1;
            }
        }
        // Place 0 has nothing before it: it cannot be a target.
        let never = times[1..].iter().filter(|&&times| times == 0).count();
        let picture: String = times.iter().map(|times| digit(*times)).collect();
        let (windows, targets) = (starts.len(), targets.len());
        println!("  {stride:>6}   {windows:>7}   {targets:>7}   {never:>5}   {picture}");
        seen.push((
            windows,
            never,
            times[1..].iter().copied().max().unwrap_or(0),
        ));
    }
    println!();
    if seen[0] == (33, 0, 8) && seen[3] == (5, 0, 1) && seen[4].1 > 0 {
        println!(
            "At a stride of 1 an id is a target up to eight times, each time with another number"
        );
        println!(
            "of ids before it: training draws from these windows. At a stride of 8 each id is a"
        );
        println!("target once, as in validation. At 9, the ids between two windows are lost.");
    } else {
        println!("At a stride of 1 there should be 33 windows, and ids that are asked for eight");
        println!("times; at a stride of 8 each id should be asked for once. With your code it is");
        println!("otherwise: `tutor run s15` says more.");
    }
}

fn digit(times: u32) -> char {
    match times {
        0 => '.',
        _ => char::from_digit(times, 36).unwrap_or('+'),
    }
}
