//! The loss before any training.
//!
//! Ask: a thousand tokens, all equally likely, would be a loss of ln 1000, which is 6.908. Where
//! does an untrained model start if its token table is drawn with std 0.02? And with std 1?

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use kit::Observer;
use kit::tensor::activation::log_softmax;
use kit::tensor::{Int, Tensor};

/// Prints the spread of the logits and the loss for tables of several sizes.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    device.seed(11);
    let config = GptConfig {
        vocab_size: 1000,
        n_positions: 16,
        n_embd: 64,
        n_layer: 2,
        n_head: 4,
        n_inner: 256,
        ..GptConfig::gpt2()
    };
    let model = Gpt::new(&config, &device);
    // 128 tokens, and 128 others that are to follow them; 37 and 611 mix the vocabulary well.
    let count = Tensor::<1, Int>::arange(0..128, &device);
    let ids = (count.clone() * 37).remainder_scalar(1000).reshape([8, 16]);
    let next = (count * 611 + 5).remainder_scalar(1000).reshape([8, 16, 1]);

    let mut seen = Vec::new();
    println!("  table drawn with   deviation of logits    loss   over ln 1000");
    for times in [1.0, 2.0, 5.0, 10.0, 50.0] {
        let mut model = model.clone();
        let table = model.transformer.wte.weight.clone();
        model.transformer.wte.weight = table.map(|table| table * times);
        let Ok(logits) = model.forward(ids.clone()) else {
            println!("  the model refuses 16 tokens");
            return;
        };
        let centred = logits.clone() - logits.clone().mean_dim(2);
        let spread: f32 = centred.square().mean().sqrt().into_scalar();
        let again = logits.clone().argmax(2).equal(ids.clone().unsqueeze_dim(2));
        let again: f32 = again.float().mean().into_scalar();
        let chosen = log_softmax(logits, 2).gather(2, next.clone()); // [8, 16, 1]
        let loss: f32 = chosen.mean().neg().into_scalar();
        let excess = loss - 1000.0_f32.ln();
        seen.push((excess, again));
        let std = format!("std {:.2}", 0.02 * times);
        println!("  {std:<17}  {spread:>16.2}  {loss:>7.3}   {excess:>+12.3}");
    }
    println!();
    let ((small, _), (large, again)) = (seen[0], seen[seen.len() - 1]);
    if small.abs() < 0.05 && large > 5.0 && again > 0.5 {
        println!(
            "Small logits are nearly equal, and so are their probabilities. With a large table"
        );
        println!("the model is sure of itself before it has learned anything: mostly, that the");
        println!("token that it has just read comes again.");
    } else {
        println!("A small table should start near ln 1000, a large one far above it, sure of");
        println!(
            "seeing again the token that it has just read. Yours start {small:+.3} and {large:+.3}"
        );
        println!(
            "over it, and {:.0} % repeat their token: `tutor run s11` says more.",
            100.0 * again
        );
    }
}
