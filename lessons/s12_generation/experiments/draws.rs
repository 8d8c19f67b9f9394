//! From random numbers to tokens.
//!
//! Ask: five tokens, a to e, have the logits 2, 1, 0, 0 and -1. Sixty numbers, evenly spaced from 0
//! to 1, draw one token each. How many go to a at temperatures 0.5, 1 and 2? And how many to e?

use crate::s12_generation::{next_token_probabilities, sample};
use kit::Observer;
use kit::tensor::{Int, Tensor};

/// Prints the token that each number draws, in the order of the numbers.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let logits = Tensor::<2>::from_data([[2.0, 1.0, 0.0, 0.0, -1.0]], &device);
    // 1/120, 3/120, … 119/120.
    let places = Tensor::<1, Int>::arange(0..60, &device).float();
    let uniform: Tensor<2> = ((places + 0.5) / 60.0).unsqueeze_dim(1); // [60, 1]
    let mut is_astray = false;
    for temperature in [0.1, 0.5, 1.0, 2.0, 10.0] {
        let probabilities = next_token_probabilities(logits.clone(), temperature);
        let shares: Vec<f32> = probabilities.to_data().iter().collect();
        let tokens = sample(probabilities.repeat_dim(0, 60), uniform.clone());
        let tokens: Vec<i64> = tokens.into_data().iter().collect();
        let names = ['a', 'b', 'c', 'd', 'e'];
        let text: String = (tokens.iter())
            .map(|&token| usize::try_from(token).ok())
            .map(|token| token.and_then(|token| names.get(token)).unwrap_or(&'?'))
            .collect();
        let counts: Vec<String> = (names.iter())
            .map(|&name| format!("{name} {}", text.matches(name).count()))
            .collect();
        println!("  temperature {temperature:<4}  {}", counts.join("   "));
        println!("  {text}");
        println!();
        // A stretch that begins between two of the numbers gets one more or one less.
        let is_as_probable = (shares.iter().zip(names))
            .all(|(share, name)| (text.matches(name).count() as f32 - 60.0 * share).abs() <= 1.0);
        is_astray |= !is_as_probable || shares.len() != 5 || !tokens.is_sorted();
    }
    if is_astray {
        println!("Each token should have one interval, as long as it is probable, in the order of");
        println!("the tokens. Yours do not: `tutor run s12` says more.");
    } else {
        println!(
            "The interval of each token is as long as the token is probable. To draw is to see"
        );
        println!("into which interval a random number falls.");
    }
}
