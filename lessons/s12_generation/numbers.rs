//! The numbers of lesson 12.

#[path = "../common.rs"]
mod common;

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s12_generation::{GenerationConfig, generate, next_token_probabilities, sample};
use common::thousands;
use kit::Observer;
use kit::tensor::{Device, Int, Tensor};

/// Recomputes the example and the answers.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        example(o);
        answers(o);
        batches(o);
    });
}

fn example(o: &mut Observer) {
    let device = o.device();
    let logits = Tensor::<2>::from_data([[2.0, 1.0, 0.0]], &device);
    let uniform = Tensor::<2>::from_data([[0.7]], &device);
    o.text("the random number", "0.70");
    for temperature in [0.5, 1.0, 2.0] {
        o.text("temperature", format!("{temperature:.1}"));
        let probabilities = next_token_probabilities(logits.clone(), temperature);
        let values = floats(probabilities.clone());
        for value in &values {
            o.text("probability", format!("{value:.4}"));
        }
        o.text("entropy", format!("{:.4}", entropy(&values)));
        for sum in floats(probabilities.clone().cumsum(1)) {
            o.text("running sum", format!("{sum:.4}"));
        }
        let token: i64 = sample(probabilities, uniform.clone()).into_scalar();
        o.text("token drawn for 0.70", token);
    }
    o.text("ln 3", format!("{:.4}", 3.0_f64.ln()));
    // What comes of a division by zero.
    let probabilities = next_token_probabilities(logits, 0.0);
    o.text(
        "NaN",
        floats(probabilities.clone()).iter().all(|p| p.is_nan()),
    );
    let token: i64 = sample(probabilities, uniform).into_scalar();
    o.text("token drawn from NaN", token);
}

fn answers(o: &mut Observer) {
    for temperature in [0.5_f64, 1.0, 2.0] {
        let quotient = (1.0 / temperature).exp();
        o.text("times as likely", format!("{quotient:.3}"));
    }
    let lengths = 10..110_usize;
    o.text("new tokens", lengths.len());
    o.text("last length", lengths.end - 1);
    o.text("tokens in all", thousands(lengths.sum()));
    o.text("draws of the check", thousands(1200));
}

/// Exercise 4: one row alone, and the same row beside another one.
fn batches(o: &mut Observer) {
    let device = o.device();
    let model = even(&device);
    let prompt = Tensor::<2, Int>::from_data([[3, 1, 4]], &device);
    let both = prompt.clone().repeat_dim(0, 2);
    let first_row = |ids: &Tensor<2, Int>, seed| -> Vec<i64> {
        let config = GenerationConfig {
            max_new_tokens: 8,
            temperature: 1.0,
            seed,
        };
        let row = generate(&model, ids.clone(), &config).narrow(0, 0, 1);
        row.narrow(1, 3, 8).into_data().iter().collect()
    };
    // Weights are drawn at their first use: here, after the seed was set and before a token is.
    let texts: Vec<Vec<i64>> = (0..3).map(|_| first_row(&prompt, 1)).collect();
    o.text("first text like the second", texts[0] == texts[1]);
    o.text("second text like the third", texts[1] == texts[2]);

    let texts = || (0..5).map(|seed| (first_row(&prompt, seed), first_row(&both, seed)));
    let same_token = texts().all(|(alone, beside)| alone[0] == beside[0]);
    o.text("always the same first token", same_token);
    let same_text = texts().any(|(alone, beside)| alone == beside);
    o.text("ever the same text", same_text);
}

/// An untrained model: all tokens are about equally likely.
fn even(device: &Device) -> Gpt {
    device.seed(12);
    let config = GptConfig {
        vocab_size: 50,
        n_positions: 16,
        n_embd: 12,
        n_layer: 1,
        n_head: 3,
        n_inner: 48,
        ..GptConfig::gpt2()
    };
    Gpt::new(&config, device)
}

fn floats(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().iter().collect()
}

fn entropy(probabilities: &[f32]) -> f32 {
    probabilities.iter().map(|p| -p * p.ln()).sum()
}
