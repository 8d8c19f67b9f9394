//! Attention weights as a heat map.
//!
//! Ask: Two heads look at six tokens. Which cells are empty in both maps, and which
//! number stands in the first row? In which rows does a token divide its weight most evenly?

use crate::s01_config::GptConfig;
use crate::s07_attention::CausalSelfAttention;
use kit::Observer;
use kit::tensor::Tensor;

const WORDS: [&str; 6] = ["the", "cat", "saw", "the", "dog", "."];

/// Prints the weights of two heads: one looks for its own kind, the other one step back.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let config = GptConfig {
        n_embd: 12,
        n_head: 2,
        ..GptConfig::gpt2()
    };
    let attention = CausalSelfAttention::new(&config, &device);
    // Six channels a head. Head 0: a channel for each kind of word. Head 1: one for each position.
    let kinds = [0, 1, 2, 0, 1, 3].map(|kind| one_at(kind, 3.0));
    let steps = [0, 1, 2, 3, 4, 5].map(|position| one_at(position, 4.0));
    let before = [5, 0, 1, 2, 3, 4].map(|position| one_at(position, 4.0));
    let q = Tensor::from_data([[kinds, before]], &device); // [1, 2, 6, 6]
    let k = Tensor::from_data([[kinds, steps]], &device); // [1, 2, 6, 6]
    let weights = attention.attention_weights(q, k); // [1, 2, 6, 6]
    let weights: Vec<f32> = weights.try_into_vec_as().unwrap_or_default();

    let mut is_astray = weights.len() != 72;
    for (head, maps) in weights.chunks(36).enumerate() {
        let columns: String = WORDS.iter().map(|word| format!("{word:>5}")).collect();
        println!("head {head}{columns}    (columns: the keys)");
        for (row, shares) in maps.chunks(6).enumerate() {
            let numbers: String = shares.iter().map(|share| number(*share)).collect();
            let cells: String = shares.iter().map(|share| shade(*share)).collect();
            println!("{:>6}{numbers}    |{cells}|", WORDS[row]);
            let later = shares.iter().skip(row + 1).any(|share| *share != 0.0);
            let sum: f32 = shares.iter().sum();
            is_astray |= later || sum.is_nan() || (sum - 1.0).abs() > 1e-3;
        }
    }
    if is_astray {
        println!(
            "\nIn each row the weights should add up to 1, and those of later tokens be 0. In"
        );
        println!("these maps they do not: `tutor run s07` says more.");
    }
}

fn one_at(channel: usize, value: f32) -> [f32; 6] {
    let mut vector = [0.0; 6];
    vector[channel] = value;
    vector
}

/// A dot for a share that is nothing at all, not merely small.
fn number(share: f32) -> String {
    if share == 0.0 {
        format!("{:>5}", "·")
    } else {
        format!("{share:5.2}")
    }
}

fn shade(share: f32) -> &'static str {
    match share {
        share if share < 0.005 => "  ",
        share if share < 0.15 => "░░",
        share if share < 0.35 => "▒▒",
        share if share < 0.65 => "▓▓",
        _ => "██",
    }
}
