//! Which windows are drawn.
//!
//! Ask: a text has room for 12 windows. A hundred steps draw twelve each. How often is each of
//! them drawn, and the last one? What does step 57 draw if no other step is computed?

use crate::s15_data::random_batch;
use kit::Observer;
use kit::tensor::Device;

const CONTEXT: usize = 4;
const WINDOWS: usize = 12;
const STEPS: usize = 100;

/// Prints how often each window is drawn, and one step's batch, twice.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let (mut counts, mut in_turn) = ([0; WINDOWS], Vec::new());
    for step in 1..=STEPS {
        let starts = starts(step, &device);
        for &start in &starts {
            counts[start.min(WINDOWS - 1)] += 1;
        }
        if step == 57 {
            in_turn = starts;
        }
    }
    for (start, count) in counts.iter().enumerate() {
        let bar = "█".repeat((count / 4).min(60));
        println!("  window {start:>2}   {count:>4}   {bar}");
    }
    let mut alone = starts(57, &device);
    println!();
    println!("  step 57 after the others   {in_turn:?}");
    println!("  step 57 alone              {alone:?}");
    println!();
    let is_even = counts.iter().all(|count| (60..=140).contains(count));
    let is_same = alone == in_turn;
    alone.dedup();
    if is_even && is_same && alone.len() > 4 {
        println!(
            "Every window is drawn about equally often. The batch of a step depends on nothing"
        );
        println!(
            "but seed and step: a training that is resumed there goes on with the same batches."
        );
    } else {
        println!(
            "Every window should come up some hundred times, and step 57 should draw the same"
        );
        println!("both times. With your code it is otherwise: `tutor run s15` says more.");
    }
}

/// Where the windows of a step's batch begin. Each id is its own place in the text.
fn starts(step: usize, device: &Device) -> Vec<usize> {
    let text: Vec<usize> = (0..CONTEXT + WINDOWS).collect();
    match random_batch(&text, WINDOWS, CONTEXT, 15, step, device) {
        Ok(batch) => {
            let firsts = batch.inputs.narrow(1, 0, 1).into_data();
            firsts.iter::<i64>().map(|first| first as usize).collect()
        }
        Err(error) => {
            println!("  step {step} is refused: {error}");
            Vec::new()
        }
    }
}
