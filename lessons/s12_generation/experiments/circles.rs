//! Greedy texts go round in circles.
//!
//! Ask: a tiny model with eleven letters and eight positions continues a prompt by 48 letters. Its
//! weights are random, and enlarged so that it prefers some letters strongly. What does the text
//! look like if it always takes the best letter? And with chance, twice with one seed?

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s12_generation::{GenerationConfig, generate};
use kit::Observer;
use kit::tensor::{Device, Int, Tensor};

/// Prints greedy and random continuations of the same prompt.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let model = model(&device);
    let prompt = Tensor::<2, Int>::from_data([[3, 1, 4, 1]], &device);
    let mut texts = Vec::new();
    println!("  temperature  seed");
    for (temperature, seed) in [
        (0.0, 1),
        (0.0, 2),
        (0.2, 1),
        (0.2, 2),
        (1.0, 1),
        (1.0, 1),
        (1.0, 2),
        (5.0, 1),
    ] {
        let config = GenerationConfig {
            max_new_tokens: 48,
            temperature,
            seed,
        };
        let text: String = (generate(&model, prompt.clone(), &config).into_data())
            .iter::<i64>()
            .map(|token| "abcdefghijk".chars().nth(token as usize).unwrap_or('?'))
            .collect();
        let start: String = text.chars().take(4).collect();
        let new: String = text.chars().skip(4).collect();
        println!("  {temperature:>11.1}  {seed:>4}  {start} {new}");
        texts.push(new);
    }
    println!();
    let letters = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters.dedup();
        letters.len()
    };
    let seeds = texts[0] == texts[1] && texts[4] == texts[5] && texts[4] != texts[6];
    if is_circle(&texts[0]) && seeds && letters(&texts[7]) > letters(&texts[4]) {
        println!(
            "The greedy text repeats itself for ever, and no seed changes that. The same seed"
        );
        println!("gives the same text. At a high temperature the logits hardly matter.");
    } else {
        println!(
            "Greedy should go round in a circle, whatever the seed; the same seed should give"
        );
        println!("the same text, another one another, and a high temperature more letters. Your");
        println!("texts do otherwise: `tutor run s12` says more.");
    }
}

/// Whether the second half of a text repeats a few letters again and again.
fn is_circle(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let end = &letters[letters.len() / 2..];
    end.len() > 8 && (1..=8).any(|period| end.iter().zip(&end[period..]).all(|(a, b)| a == b))
}

/// Drawn as GPT-2 is, but then enlarged: from GPT-2's own start all letters would be about equally
/// likely.
fn model(device: &Device) -> Gpt {
    device.seed(12);
    let config = GptConfig {
        vocab_size: 11,
        n_positions: 8,
        n_embd: 12,
        n_layer: 1,
        n_head: 3,
        n_inner: 48,
        ..GptConfig::gpt2()
    };
    let mut gpt = Gpt::new(&config, device);
    let body = &mut gpt.transformer;
    body.wte.weight = body.wte.weight.clone().map(|table| table * 40.0);
    body.wpe.weight = body.wpe.weight.clone().map(|table| table * 20.0);
    // Signs that change from channel to channel: a letter does not simply call for itself.
    let waves = Tensor::<1, Int>::arange(0..12, device).float() * 2.0;
    body.ln_f.weight = (body.ln_f.weight.clone()).map(|_| waves.clone().cos() * 2.0);
    // Weights are drawn when they are first used; all texts are to come from the same ones.
    let _ = gpt.forward(Tensor::from_data([[0, 1]], device));
    gpt
}
