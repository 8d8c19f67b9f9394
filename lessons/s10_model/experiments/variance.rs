//! How the variance of the stream changes from block to block.
//!
//! Ask: the stream of an untrained model starts with a variance near 0.0008, twice the square of
//! 0.02. After each of six blocks, has it stayed, grown by about the same amount, or doubled?

use crate::s01_config::GptConfig;
use crate::s10_model::GptModel;
use kit::Observer;
use kit::tensor::{Int, Tensor};

/// Prints the variance after the embeddings, each block and the last norm.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    device.seed(10);
    let config = GptConfig {
        vocab_size: 64,
        n_positions: 16,
        n_embd: 64,
        n_layer: 6,
        n_head: 4,
        n_inner: 256,
        ..GptConfig::gpt2()
    };
    let model = GptModel::new(&config, &device);
    // Four rows of 16 different tokens each.
    let ids = Tensor::<1, Int>::arange(0..64, &device).reshape([4, 16]);

    println!("The variance of all values, and how much was added:");
    println!();
    let mut x = model.embed(ids);
    let mut last = variance(&x);
    let mut added = Vec::new();
    line("embeddings", last, None);
    for (i, block) in model.h.iter().enumerate() {
        x = block.forward(x);
        let now = variance(&x);
        line(&format!("h.{i}"), now, Some(now - last));
        added.push(now - last);
        last = now;
    }
    let end = variance(&model.ln_f.forward(x));
    line("ln_f", end, None);
    println!();
    let least = added.iter().copied().fold(f32::INFINITY, f32::min);
    let most = added.iter().copied().fold(0.0, f32::max);
    let is_number = added.iter().all(|added| added.is_finite());
    if is_number && least > 0.0 && most < 3.0 * least && (0.9..1.0).contains(&end) {
        println!("Each block reads a normalised copy, so it adds about as much as the one before,");
        println!("however large the stream is by then: pre-norm does not stop its growth. Only");
        println!("ln_f normalises the stream itself, to nearly 1. Epsilon makes the difference.");
    } else {
        println!("Each block should add about as much as the one before, and ln_f bring the sum");
        println!(
            "near 1. With your model a block adds from {least:+.4} to {most:+.4}, and ln_f leaves"
        );
        println!("{end:.4}: `tutor run s10` says more.");
    }
}

fn variance(x: &Tensor<3>) -> f32 {
    let centred = x.clone() - x.clone().mean().into_scalar::<f32>();
    centred.square().mean().into_scalar()
}

fn line(stage: &str, variance: f32, added: Option<f32>) {
    let bar = "█".repeat((variance / 0.0004).round().min(32.0) as usize);
    let added = added.map_or(String::new(), |added| format!("{added:+.4}"));
    println!("  {stage:<10} {variance:>8.4}  {added:<8} {bar}");
}
