//! Generation: predict the next token, append it, and start over.
//!
//! Hugging Face's counterpart is `GenerationMixin.generate`, greedy or with `do_sample`.

use burn::tensor::activation::softmax;
use burn::tensor::{Distribution, Int, Tensor};

use crate::s11_lm_head::Gpt;

/// How probable each token is to come next: softmax(logits / temperature);
/// [batch, vocab_size] -> [batch, vocab_size].
///
/// A temperature below 1 favours the likely tokens, one above 1 evens them out ("Distilling the
/// Knowledge in a Neural Network", Hinton et al., 2015, section 2). It has to be positive: 0 makes
/// the result NaN, and [`generate`] does not come here with it.
pub fn next_token_probabilities(logits: Tensor<2>, temperature: f64) -> Tensor<2> {
    // Divide first; the softmax runs along the vocabulary, the second axis.
    todo!()
}

/// The first token whose cumulative probability exceeds the row's uniform number (inverse
/// transform sampling): [batch, vocab_size] and [batch, 1] -> [batch, 1].
///
/// Uniform numbers lie in [0, 1). Rounding may keep the last cumulative probability a little below
/// 1; a number beyond it stands for the last token.
pub fn sample(probabilities: Tensor<2>, uniform: Tensor<2>) -> Tensor<2, Int> {
    // `cumsum` adds up along the vocabulary. The index we look for is the *number* of entries that
    // do not exceed the uniform number: `lower_equal` compares (and broadcasts the single column),
    // `int` turns true into 1, `sum_dim` counts. `clamp_max` guards the last index.
    todo!()
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
    // Seed once (`device.seed`). Then, `max_new_tokens` times:
    //   keep the last n_positions tokens of what there is so far, with `narrow`;
    //   the model's logits at the last place say what comes next: [batch, vocab_size];
    //   at temperature 0 take their `argmax`, which keeps the axis; otherwise make probabilities
    //   of them and `sample`, with a `Tensor::random` of one number for each row;
    //   append the new column with `Tensor::cat`.
    todo!()
}
