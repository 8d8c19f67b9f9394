//! The probabilities by the quiet softmax, whose sum is then brought to 1.

use burn::tensor::activation::quiet_softmax;
use burn::tensor::{Distribution, Int, Tensor};

use crate::s11_lm_head::Gpt;

/// How probable each token is to come next: softmax(logits / temperature);
/// [batch, vocab_size] -> [batch, vocab_size].
///
/// A temperature below 1 favours the likely tokens, one above 1 evens them out ("Distilling the
/// Knowledge in a Neural Network", Hinton et al., 2015, section 2). It has to be positive: 0 makes
/// the result NaN, and [`generate`] does not come here with it.
pub fn next_token_probabilities(logits: Tensor<2>, temperature: f64) -> Tensor<2> {
    let scores = logits / temperature;
    let largest = scores.clone().max_dim(1);
    let quiet = quiet_softmax(scores - largest, 1); // [batch, vocab_size]
    quiet.clone() / quiet.sum_dim(1)
}

/// The first token whose cumulative probability exceeds the row's uniform number (inverse
/// transform sampling): [batch, vocab_size] and [batch, 1] -> [batch, 1].
///
/// Uniform numbers lie in [0, 1). Rounding may keep the last cumulative probability a little below
/// 1; a number beyond it stands for the last token.
pub fn sample(probabilities: Tensor<2>, uniform: Tensor<2>) -> Tensor<2, Int> {
    let [_, vocab_size] = probabilities.dims();
    let cumulative = probabilities.cumsum(1); // [batch, vocab_size]
    let passed = cumulative.lower_equal(uniform).int(); // [batch, vocab_size]
    passed.sum_dim(1).clamp_max(vocab_size as i64 - 1) // [batch, 1]
}

/// How to choose tokens, and how many.
#[derive(Debug, Clone, PartialEq)]
pub struct GenerationConfig {
    /// Number of tokens to append.
    pub max_new_tokens: usize,
    /// 0 always takes the likeliest token (greedy); otherwise see [`next_token_probabilities`].
    pub temperature: f64,
    /// Where the random numbers start.
    pub seed: u64,
}

/// The prompt and what the model makes follow it:
/// [batch, prompt] -> [batch, prompt + max_new_tokens].
///
/// The device's random numbers start from the seed once, at the beginning; each row and step draws
/// one of its own. The model sees the last `n_positions` tokens at most.
///
/// # Panics
///
/// If a token is asked for and the prompt is empty, or an id that the model sees is not below
/// `vocab_size`.
pub fn generate(model: &Gpt, prompt: Tensor<2, Int>, config: &GenerationConfig) -> Tensor<2, Int> {
    let device = prompt.device();
    device.seed(config.seed);
    let n_positions = model.transformer.n_positions();
    let mut ids = prompt; // [batch, seq]
    for _ in 0..config.max_new_tokens {
        let [batch, seq] = ids.dims();
        let seen = seq.min(n_positions);
        let recent = ids.clone().narrow(1, seq - seen, seen); // [batch, seen]
        let logits = model
            .forward(recent) // [batch, seen, vocab_size]
            .expect("no more than n_positions tokens are left");
        let last = logits.narrow(1, seen - 1, 1).squeeze_dim(1); // [batch, vocab_size]
        let next = if config.temperature == 0.0 {
            last.argmax(1) // [batch, 1]
        } else {
            let uniform = Tensor::random([batch, 1], Distribution::Default, &device); // [batch, 1]
            sample(next_token_probabilities(last, config.temperature), uniform) // [batch, 1]
        };
        ids = Tensor::cat(vec![ids, next], 1); // [batch, seq + 1]
    }
    ids
}
