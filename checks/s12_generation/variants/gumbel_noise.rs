//! Draws by the Gumbel trick: the largest of the logits after noise has been added to each, which
//! has the probabilities of a softmax without computing one. The softmax is written out.

use burn::tensor::{Distribution, Int, Tensor};

use crate::s11_lm_head::Gpt;

/// [batch, vocab_size] -> [batch, vocab_size].
pub fn next_token_probabilities(logits: Tensor<2>, temperature: f64) -> Tensor<2> {
    let logits = logits.mul_scalar(1.0 / temperature);
    let largest = logits.clone().max_dim(1);
    let exponentials = (logits - largest).exp();
    exponentials.clone() / exponentials.sum_dim(1)
}

/// [batch, vocab_size] and [batch, 1] -> [batch, 1].
pub fn sample(probabilities: Tensor<2>, uniform: Tensor<2>) -> Tensor<2, Int> {
    // The last token is the one that is left when no other one is drawn: its own probability is
    // not needed.
    let [_, vocab_size] = probabilities.dims();
    let others = probabilities.narrow(1, 0, vocab_size - 1).cumsum(1);
    uniform
        .greater_equal(others) // [batch, vocab_size - 1]
        .int()
        .sum_dim(1)
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

/// [batch, prompt] -> [batch, prompt + max_new_tokens].
pub fn generate(model: &Gpt, prompt: Tensor<2, Int>, config: &GenerationConfig) -> Tensor<2, Int> {
    prompt.device().seed(config.seed);
    let window = model.transformer.n_positions();
    let mut text = prompt;
    let mut left = config.max_new_tokens;
    while left > 0 {
        let [_, seq] = text.dims();
        let recent = match seq.checked_sub(window) {
            Some(past) => text.clone().narrow(1, past, window),
            None => text.clone(),
        };
        let logits = (model.forward(recent)).expect("the window is as long as the model's table");
        let [_, seen, _] = logits.dims();
        let logits: Tensor<2> = logits.narrow(1, seen - 1, 1).squeeze_dim(1);
        let scores = if config.temperature > 0.0 {
            let noise = gumbel(&logits);
            logits / config.temperature + noise
        } else {
            logits
        };
        text = Tensor::cat(vec![text, scores.argmax(1)], 1);
        left -= 1;
    }
    text
}

/// -log(-log(u)) for uniform numbers u, in the shape of `like`.
fn gumbel(like: &Tensor<2>) -> Tensor<2> {
    let uniform = like.random_like(Distribution::Uniform(0.0, 1.0));
    let uniform = uniform.clamp(1e-9, 1.0 - 1e-7); // both logarithms are finite
    uniform.log().neg().log().neg()
}
