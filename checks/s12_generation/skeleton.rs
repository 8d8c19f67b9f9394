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
    // Where does the temperature go, before the softmax or after it? And along which axis do the
    // probabilities of one row add up to 1?
    todo!()
}

/// The first token whose cumulative probability exceeds the row's uniform number (inverse
/// transform sampling): [batch, vocab_size] and [batch, 1] -> [batch, 1].
///
/// Uniform numbers lie in [0, 1). Rounding may keep the last cumulative probability a little below
/// 1; a number beyond it stands for the last token.
pub fn sample(probabilities: Tensor<2>, uniform: Tensor<2>) -> Tensor<2, Int> {
    // Lay the probabilities of a row end to end: the running sums are where one token ends and the
    // next begins. The token is the *number* of running sums that do not exceed the uniform number.
    // A count needs no loop over rows. What does a number get that lies beyond the last sum?
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
    // Seed the device once. Then, `max_new_tokens` times:
    //   keep the last n_positions tokens of what there is so far;
    //   take the model's logits at the last position: [batch, vocab_size];
    //   choose a token for each row: the likeliest at temperature 0, where nothing may be divided by
    //   it, and otherwise one drawn with a uniform number of the row's own: [batch, 1];
    //   append the new column.
    todo!()
}
