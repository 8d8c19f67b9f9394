//! The numbers of lesson 12.

#[path = "../common.rs"]
mod common;
#[path = "../running.rs"]
mod running;
#[path = "../small_model.rs"]
mod small_model;

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s12_generation::{GenerationConfig, generate, next_token_probabilities, sample};
use common::thousands;
use kit::Observer;
use kit::tensor::{Device, Int, Tensor};
use running::{LAST, NEXT, Running, TEXT};

/// Recomputes the example and the answers.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        example(o);
        running_example(o);
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

/// What the small model makes of its logits: a draw, and what it writes if it always takes the best.
fn running_example(o: &mut Observer) {
    let device = o.device();
    let running = Running::open(o);
    let stages = running.read(TEXT);
    let logits = stages.logits.clone().narrow(0, LAST, 1); // [1, vocab_size]
    let scores = floats(logits.clone());
    let uniform = Tensor::<2>::from_data([[0.5]], &device);
    for temperature in [0.5, 1.0, 2.0] {
        let probabilities = next_token_probabilities(logits.clone(), temperature);
        let shares = floats(probabilities.clone());
        for letter in "drmv".chars() {
            let id = running.id(letter) as usize;
            o.text(&format!("logit of {letter}"), format!("{:.2}", scores[id]));
            o.text(&format!("share of {letter}"), format!("{:.3}", shares[id]));
        }
        let next = running.id(NEXT) as usize;
        let before: f32 = shares[..next].iter().sum();
        o.text("before it", format!("{before:.3}"));
        o.text("up to it", format!("{:.3}", before + shares[next]));
        let drawn: i64 = sample(probabilities, uniform.clone()).into_scalar();
        let drawn = running.letters[drawn as usize];
        o.text(&format!("drawn at {temperature}"), drawn);
    }
    o.text("a random number", 0.5);
    o.text("all but three", running.letters.len() - 3);

    let model = Gpt::new(&small_model::config(), &device);
    let model = running.stored.filled("", model);
    let prompt = Tensor::<1, Int>::from_data(stages.ids.as_slice(), &device);
    let config = GenerationConfig {
        max_new_tokens: 3,
        temperature: 0.0,
        seed: 1,
    };
    let written = generate(&model, prompt.unsqueeze(), &config);
    let written: Vec<i64> = written.into_data().iter().collect();
    let written = written.iter().map(|&id| running.letters[id as usize]);
    let written: String = written.collect();
    o.text("written greedily", &written);
    for end in LAST + 1..written.len() {
        let rows = running.read(&written[..end]).logits; // [seq, vocab_size]
        let rows = next_token_probabilities(rows, 1.0);
        let shares = floats(rows.narrow(0, end - 1, 1));
        let best = shares.into_iter().fold(0.0, f32::max);
        o.text("its share", format!("{best:.3}"));
    }
}

fn answers(o: &mut Observer) {
    for temperature in [0.5_f64, 1.0, 2.0] {
        let quotient = (1.0 / temperature).exp();
        o.text("times as likely", format!("{quotient:.3}"));
    }
    let lengths = 10..110_usize;
    o.text("new tokens", lengths.len());
    o.text("last length", lengths.end - 1);
    o.text("tokens in all", thousands(lengths.clone().sum()));
    o.text("length at the end", lengths.end);
    o.text(
        "from 11 on",
        thousands(lengths.clone().map(|length| length + 1).sum()),
    );
    o.text("the prompt alone", thousands(lengths.start * lengths.len()));
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
