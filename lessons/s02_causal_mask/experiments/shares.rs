//! What a mask leaves of equal scores.
//!
//! Ask: there are five tokens, and all scores are 0. How much weight does the
//! third token give to each of the five?

use crate::s02_causal_mask::causal_mask;
use kit::Observer;
use kit::tensor::{Tensor, activation};

/// Prints the attention weights of a fresh sequence, and of two tokens after three others.
pub fn observe(o: &mut Observer) {
    println!("all five at once: softmax(0 + causal_mask(5, 0))");
    let first = rows(causal_mask(5, 0, &o.device()), [5, 5]);
    println!();
    println!("three before, two now: softmax(0 + causal_mask(2, 3))");
    let second = rows(causal_mask(2, 3, &o.device()), [2, 5]);
    println!();
    match first.or(second) {
        None => {
            println!("Each token divides its weight evenly among itself and those before it: a");
            println!("mean of the past.");
        }
        Some(astray) => {
            println!("That is not what a causal mask leaves:");
            println!("{astray}. `tutor run s02` says more.");
        }
    }
}

/// Prints the weights; returns what is not as it is under a causal mask.
fn rows(mask: Tensor<2>, expected: [usize; 2]) -> Option<String> {
    let [rows, keys] = mask.dims();
    let weights: Vec<f32> = activation::softmax(mask, 1).into_data().iter().collect();
    for row in 0..rows {
        let cells: Vec<String> = weights[row * keys..(row + 1) * keys]
            .iter()
            .map(|weight| format!("{weight:.2} {}", bar(*weight)))
            .collect();
        println!("  row {row}   {}", cells.join(" "));
    }
    if [rows, keys] != expected {
        return Some(format!(
            "its shape is [{rows}, {keys}], and should be {expected:?}"
        ));
    }
    (0..rows).find_map(|row| {
        let own = keys - rows + row;
        let given = &weights[row * keys..(row + 1) * keys];
        if let Some(key) = (own + 1..keys).find(|&key| given[key] != 0.0) {
            return Some(format!(
                "row {row} gives weight to key {key}, which comes later"
            ));
        }
        let share = 1.0 / (own + 1) as f32;
        // A NaN is near nothing.
        let key = (0..=own).find(|&key| !matches!((given[key] - share).abs(), 0.0..1e-3))?;
        Some(format!("row {row} does not give key {key} its equal share"))
    })
}

/// One to eight eighths of a block, and a dot for nothing.
fn bar(weight: f32) -> char {
    let levels = ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    levels[(weight * 8.0).ceil().clamp(0.0, 8.0) as usize]
}
