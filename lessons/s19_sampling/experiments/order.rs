//! The temperature before top-p and after it.
//!
//! Ask: Ten tokens have logits from 3 down to -1.5, and p is 0.8. How many can be drawn at temperatures
//! 0.5, 1, 2 and 5? And how many if the nucleus were found first and the temperature came after?

use crate::s12_generation::next_token_probabilities;
use crate::s19_sampling::{SamplingConfig, sampling_probabilities, top_p};
use kit::Observer;
use kit::tensor::Tensor;

/// Prints how many tokens may be drawn, and what the likeliest one has, in both orders.
pub fn observe(o: &mut Observer) {
    let logits = [[3.0, 2.5, 2.0, 1.5, 1.0, 0.5, 0.0, -0.5, -1.0, -1.5]];
    let logits = Tensor::<2>::from_data(logits, &o.device());
    let mut counts = Vec::new();
    println!("                as the step has it     top-p first");
    println!("  temperature   tokens   likeliest     tokens   likeliest");
    for temperature in [0.5, 1.0, 2.0, 5.0] {
        let config = SamplingConfig {
            temperature,
            top_k: None,
            top_p: Some(0.8),
            repetition_penalty: 1.0,
            seed: 1,
        };
        let ids = Tensor::from_data([[0]], &o.device());
        let yours = sampling_probabilities(logits.clone(), ids, &config);
        let first = next_token_probabilities(top_p(logits.clone(), 0.8), temperature);
        let [(count, best), (other, other_best)] = [yours, first].map(summary);
        println!(
            "  {temperature:>11.1}   {count:>6}   {best:>9.4}     {other:>6}   {other_best:>9.4}"
        );
        counts.push((count, other));
    }
    println!();
    if counts == [(2, 4), (4, 4), (6, 4), (8, 4)] {
        println!(
            "Found before the temperature, the nucleus has four tokens at every temperature: too"
        );
        println!(
            "many at a low one, where two have nearly all the probability, and too few at a high"
        );
        println!("one.");
    } else {
        println!(
            "With the temperature first, 2, 4, 6 and 8 tokens should be left; with top-p first,"
        );
        println!("4 at each temperature. Yours do otherwise: `tutor run s19` says more.");
    }
}

/// How many tokens can be drawn, and how probable the likeliest is.
fn summary(probabilities: Tensor<2>) -> (usize, f32) {
    let shares: Vec<f32> = probabilities.into_data().iter().collect();
    let best = shares.iter().copied().fold(0.0, f32::max);
    (shares.iter().filter(|&&p| p > 0.0).count(), best)
}
