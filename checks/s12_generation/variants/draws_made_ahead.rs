//! All uniform numbers drawn before the first step, and the token found as the smallest index whose
//! cumulative probability is large enough.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Distribution, Int, Tensor};

use crate::s11_lm_head::Gpt;

/// [batch, vocab_size] -> [batch, vocab_size].
pub fn next_token_probabilities(logits: Tensor<2>, temperature: f64) -> Tensor<2> {
    log_softmax(logits / temperature, 1).exp()
}

/// [batch, vocab_size] and [batch, 1] -> [batch, 1].
pub fn sample(probabilities: Tensor<2>, uniform: Tensor<2>) -> Tensor<2, Int> {
    let [batch, vocab_size] = probabilities.dims();
    let last = vocab_size as i64 - 1;
    let tokens = Tensor::<1, Int>::arange(0..vocab_size as i64, &probabilities.device());
    let tokens = tokens.unsqueeze::<2>().repeat_dim(0, batch); // [batch, vocab_size]
    let uniform = uniform.repeat_dim(1, vocab_size);
    let reached = probabilities.cumsum(1).greater(uniform);
    tokens.mask_fill(reached.bool_not(), last).min_dim(1)
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
    let ([batch, _], device) = (prompt.dims(), prompt.device());
    if config.max_new_tokens == 0 {
        return prompt;
    }
    device.seed(config.seed);
    let shape = [batch, config.max_new_tokens];
    let uniform = Tensor::<2>::random(shape, Distribution::Uniform(0.0, 1.0), &device);
    uniform.iter_dim(1).fold(prompt, |ids, uniform| {
        let logits = last_logits(model, ids.clone());
        let next = match config.temperature {
            0.0 => logits.argmax(1),
            temperature => sample(next_token_probabilities(logits, temperature), uniform),
        };
        Tensor::cat(vec![ids, next], 1)
    })
}

/// What the model makes of the end of each row: [batch, seq] -> [batch, vocab_size].
fn last_logits(model: &Gpt, ids: Tensor<2, Int>) -> Tensor<2> {
    let [batch, seq] = ids.dims();
    let first = seq.saturating_sub(model.transformer.n_positions());
    let logits = model.forward(ids.slice([0..batch, first..seq]));
    let logits = logits.expect("not more tokens than positions");
    let [_, seen, vocab_size] = logits.dims();
    logits
        .slice([0..batch, seen - 1..seen, 0..vocab_size])
        .reshape([batch, vocab_size])
}
