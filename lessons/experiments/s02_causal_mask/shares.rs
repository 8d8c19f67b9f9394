//! What a mask leaves of equal scores.
//!
//! Ask: five tokens, and all scores are 0: each finds all others equally
//! interesting. How much weight does the third token give to each of the five?

use crate::s02_causal_mask::causal_mask;
use kit::Observer;
use kit::tensor::{Tensor, activation};

/// Prints the attention weights of a fresh sequence, and of two tokens after three others.
pub fn observe(o: &mut Observer) {
    println!("all five at once: softmax(0 + causal_mask(5, 0))");
    rows(causal_mask(5, 0, &o.device()));
    println!();
    println!("three before, two now: softmax(0 + causal_mask(2, 3))");
    rows(causal_mask(2, 3, &o.device()));
    println!();
    println!("A token shares its weight among itself and what came before it.");
}

fn rows(mask: Tensor<2>) {
    let [rows, keys] = mask.dims();
    let weights: Vec<f32> = activation::softmax(mask, 1).into_data().iter().collect();
    for row in 0..rows {
        let cells: Vec<String> = weights[row * keys..(row + 1) * keys]
            .iter()
            .map(|weight| format!("{weight:.2} {}", bar(*weight)))
            .collect();
        println!("  row {row}   {}", cells.join(" "));
    }
}

/// One to eight eighths of a block, and a dot for nothing.
fn bar(weight: f32) -> char {
    let levels = ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    levels[(weight * 8.0).ceil().clamp(0.0, 8.0) as usize]
}
