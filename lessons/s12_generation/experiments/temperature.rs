//! Temperature against entropy.
//!
//! Ask: eight tokens have logits from 3 down to -1. How uncertain is the choice, measured as
//! entropy, at a temperature of 0.1, of 1 and of 10? It lies between 0 and ln 8, which is 2.079.

use crate::s12_generation::next_token_probabilities;
use kit::Observer;
use kit::tensor::Tensor;

/// Prints entropy and the best token's probability for a range of temperatures.
pub fn observe(o: &mut Observer) {
    let logits = [[3.0, 2.5, 2.0, 1.5, 1.0, 0.5, 0.0, -1.0]];
    let logits = Tensor::<2>::from_data(logits, &o.device());
    let mut seen = Vec::new();
    println!("  temperature   best token   entropy   (a full bar is ln 8)");
    for temperature in [0.05, 0.1, 0.2, 0.5, 0.7, 1.0, 1.5, 2.0, 5.0, 10.0, 100.0] {
        let probabilities = next_token_probabilities(logits.clone(), temperature);
        let values: Vec<f32> = probabilities.into_data().iter().collect();
        // A probability of 0 adds nothing.
        let terms = values.iter().filter(|&&p| p > 0.0).map(|p| p * p.ln());
        let entropy = terms.sum::<f32>().abs();
        let best = values.iter().copied().fold(0.0, f32::max);
        seen.push((best, entropy));
        let bar = "█".repeat((entropy / 8.0_f32.ln() * 32.0).round().min(40.0) as usize);
        let line = format!("  {temperature:>11.2}   {best:>10.4}   {entropy:>7.3}   {bar}");
        println!("{}", line.trim_end());
    }
    println!();
    let ((coldest, _), (_, hottest)) = (seen[0], seen[seen.len() - 1]);
    if coldest > 0.99 && (hottest - 8.0_f32.ln()).abs() < 0.01 {
        println!("Near 0 the best token is certain: that is greedy. Far above 1 the logits hardly");
        println!("matter, and all eight tokens are about equally likely.");
    } else {
        println!("Near 0 the best token should be certain; far above 1 the logits should hardly");
        println!(
            "matter. With your code the best token has {coldest:.4} at the lowest temperature,"
        );
        println!("and the entropy is {hottest:.3} at the highest: `tutor run s12` says more.");
    }
}
