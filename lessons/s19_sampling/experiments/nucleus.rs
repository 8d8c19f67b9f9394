//! What top-k and top-p rule out.
//!
//! Ask: Twelve tokens, once nearly equally likely, once with a clear favourite. How many of them stay
//! with k = 5, and how many with p = 0.9? How much probability does k = 5 rule out in each case?

use crate::s12_generation::next_token_probabilities;
use crate::s19_sampling::{top_k, top_p};
use kit::Observer;
use kit::tensor::Tensor;

/// Prints what is left of a flat and of a peaked distribution.
pub fn observe(o: &mut Observer) {
    let flat = [[0.5, 0.4, 0.4, 0.3, 0.3, 0.2, 0.1, 0.1, 0.0, 0.0, -0.1, -0.2]];
    let peaked = [[
        7.0, 3.0, 2.5, 1.5, 1.0, 0.5, 0.0, 0.0, -0.5, -1.0, -1.0, -2.0,
    ]];
    let mut counts = Vec::new();
    for (name, logits) in [("flat", flat), ("peaked", peaked)] {
        let logits = Tensor::<2>::from_data(logits, &o.device());
        let before = shares(logits.clone());
        println!("  {name}: {}", bars(&before));
        for k in [1, 5] {
            counts.push(line(&format!("k = {k}"), &before, top_k(logits.clone(), k)));
        }
        for p in [0.5, 0.9, 0.99] {
            counts.push(line(&format!("p = {p}"), &before, top_p(logits.clone(), p)));
        }
        println!();
    }
    if counts == [1, 5, 5, 11, 12, 1, 5, 1, 1, 4] {
        println!(
            "k keeps the same number in both cases: too few of the flat one, where many tokens"
        );
        println!("are good, and too many of the peaked one. p adapts to the distribution.");
    } else {
        println!(
            "k = 5 should keep 5 in both cases; p = 0.9 should keep 11 of the flat one and 1 of"
        );
        println!("the peaked one. Yours do otherwise: `tutor run s19` says more.");
    }
}

/// Prints how many tokens are left, and how much probability was cut off; returns how many.
fn line(name: &str, before: &[f32], logits: Tensor<2>) -> usize {
    let after = shares(logits);
    let left = after.iter().filter(|&&p| p > 0.0).count();
    let kept = before.iter().zip(&after).filter(|&(_, &p)| p > 0.0);
    let cut = 1.0 - kept.map(|(p, _)| p).sum::<f32>();
    println!(
        "    {name:<8}  {left:>2} left, {:>5.1} % cut off   {}",
        cut.abs() * 100.0,
        bars(&after)
    );
    left
}

fn shares(logits: Tensor<2>) -> Vec<f32> {
    next_token_probabilities(logits, 1.0)
        .into_data()
        .iter()
        .collect()
}

/// A sign for each token, the higher the more probable; a dot for 0.
fn bars(shares: &[f32]) -> String {
    let signs: Vec<char> = "▁▂▃▄▅▆▇█".chars().collect();
    (shares.iter())
        .map(|&share| match share {
            0.0 => '·',
            share => signs[((share * 8.0) as usize).min(7)],
        })
        .collect()
}
