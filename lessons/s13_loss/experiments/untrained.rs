//! The loss of a model that knows nothing.
//!
//! Ask: an untrained model has a vocabulary of 10, 100, 1000 or 50257 tokens. What is its loss, and
//! what is its perplexity?

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s13_loss::{next_token_loss, perplexity};
use kit::Observer;
use kit::tensor::{Int, Tensor};

/// Prints the loss of untrained models beside the logarithm of their vocabulary.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    device.seed(13);
    let mut is_near = true;
    println!("  vocabulary     loss   ln(vocabulary)   perplexity");
    for vocab_size in [10, 100, 1000, 50257] {
        let config = GptConfig {
            vocab_size,
            n_positions: 32,
            n_embd: 16,
            n_layer: 1,
            n_head: 2,
            n_inner: 64,
            ..GptConfig::gpt2()
        };
        let model = Gpt::new(&config, &device);
        // 4 rows of 33 tokens, one more than the model has positions: 7919 mixes any of these
        // vocabularies well.
        let count = Tensor::<1, Int>::arange(0..132, &device);
        let ids = (count * 7919)
            .remainder_scalar(vocab_size as i64)
            .reshape([4, 33]);
        let Ok(loss) = next_token_loss(&model, ids) else {
            println!(
                "  a row of 33 tokens is refused, though the model has to see 32 of them only"
            );
            return;
        };
        let loss: f32 = loss.into_scalar();
        let (loss, guess) = (f64::from(loss), (vocab_size as f64).ln());
        let choices = perplexity(loss);
        println!("  {vocab_size:>10}   {loss:>6.3}   {guess:>14.3}   {choices:>10.1}");
        is_near &= (loss - guess).abs() < 0.05 && (choices / vocab_size as f64 - 1.0).abs() < 0.05;
    }
    println!();
    if is_near {
        println!(
            "A model that knows nothing is as good as a die with one side for each token. If a"
        );
        println!(
            "training run begins far from ln(vocabulary), something is wrong before it learns."
        );
    } else {
        println!(
            "Each loss should be near ln(vocabulary), and the perplexity near the vocabulary."
        );
        println!("Yours are not: `tutor run s13` says more.");
    }
}
