//! The token as the place where a row of comparisons turns from false to true, a window cut out by
//! negative ranges, and random numbers drawn as whole rows, of which one column is used.

use burn::tensor::{Distribution, Int, Tensor};

use crate::s11_lm_head::Gpt;

/// [batch, vocab_size] -> [batch, vocab_size].
pub fn next_token_probabilities(logits: Tensor<2>, temperature: f64) -> Tensor<2> {
    let scaled = logits / temperature as f32;
    let largest = scaled.clone().max_dim(1);
    let shifted = scaled - largest; // [batch, vocab_size], none positive
    let log_of_sum = shifted.clone().exp().sum_dim(1).log();
    (shifted - log_of_sum).exp()
}

/// [batch, vocab_size] and [batch, 1] -> [batch, 1].
pub fn sample(probabilities: Tensor<2>, uniform: Tensor<2>) -> Tensor<2, Int> {
    let sums = probabilities.cumsum(1);
    let is_beyond = sums.greater(uniform).int(); // zeros, then ones
    let found = is_beyond.clone().max_dim(1); // [batch, 1]
    let [_, vocab_size] = is_beyond.dims();
    // The first of the ones, or the last token if there is none.
    let first = is_beyond.argmax(1);
    let last = found.clone().ones_like() * (vocab_size as i64 - 1);
    first * found.clone() + last * (found.ones_like() - found)
}

/// How to choose tokens, and how many.
#[derive(Debug, Clone, PartialEq)]
pub struct GenerationConfig {
    /// Where the random numbers start.
    pub seed: u64,
    /// 0 always takes the likeliest token (greedy); otherwise see [`next_token_probabilities`].
    pub temperature: f64,
    /// Number of tokens to append.
    pub max_new_tokens: usize,
}

/// [batch, prompt] -> [batch, prompt + max_new_tokens].
pub fn generate(model: &Gpt, prompt: Tensor<2, Int>, config: &GenerationConfig) -> Tensor<2, Int> {
    let &GenerationConfig {
        max_new_tokens,
        temperature,
        seed,
    } = config;
    prompt.device().seed(seed);
    (0..max_new_tokens).fold(prompt, |ids, _| {
        let next = choose(last_logits(model, &ids), temperature);
        Tensor::cat(Vec::from([ids, next]), 1)
    })
}

/// [batch, vocab_size] -> [batch, 1].
fn choose(logits: Tensor<2>, temperature: f64) -> Tensor<2, Int> {
    if temperature == 0.0 {
        let (_, best) = logits.max_dim_with_indices(1);
        return best;
    }
    let [batch, _] = logits.dims();
    let uniform = Tensor::<2>::random(
        [batch, 3],
        Distribution::Uniform(0.0, 1.0),
        &logits.device(),
    );
    sample(
        next_token_probabilities(logits, temperature),
        uniform.narrow(1, 1, 1),
    )
}

/// [batch, seq] -> [batch, vocab_size].
fn last_logits(model: &Gpt, ids: &Tensor<2, Int>) -> Tensor<2> {
    let [batch, seq] = ids.dims();
    let window = model.transformer.n_positions() as i64;
    let recent = if seq as i64 > window {
        ids.clone().slice_dim(1, -window..)
    } else {
        ids.clone()
    };
    let logits = model.forward(recent).unwrap();
    let [_, _, vocab_size] = logits.dims();
    logits.slice_dim(1, -1..).reshape([batch, vocab_size])
}
