//! The model sees one row at a time; the window is found by dropping tokens from the front; the
//! likeliest token is told from the others by comparing each with the largest logit.

use burn::tensor::activation::softmax;
use burn::tensor::{Bool, Distribution, Int, Tensor};

use crate::s11_lm_head::Gpt;

/// [batch, vocab_size] -> [batch, vocab_size].
pub fn next_token_probabilities(logits: Tensor<2>, temperature: f64) -> Tensor<2> {
    let colder = 1.0 / temperature;
    softmax(logits.map_rows(colder), 1)
}

trait MapRows {
    fn map_rows(self, factor: f64) -> Self;
}

impl MapRows for Tensor<2> {
    fn map_rows(self, factor: f64) -> Self {
        let rows = self.iter_dim(0).map(|row| row * factor).collect();
        Tensor::cat(rows, 0)
    }
}

/// [batch, vocab_size] and [batch, 1] -> [batch, 1].
pub fn sample(probabilities: Tensor<2>, uniform: Tensor<2>) -> Tensor<2, Int> {
    // The last token is drawn if no other one is.
    let [_, vocab_size] = probabilities.dims();
    let sums = probabilities.cumsum(1).narrow(1, 0, vocab_size - 1);
    let passed: Tensor<2, Bool> = uniform.greater_equal(sums); // [batch, vocab_size - 1]
    passed.int().sum_dim(1)
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
    let device = prompt.device();
    device.seed(config.seed);
    let mut rows: Vec<Tensor<2, Int>> = prompt.iter_dim(0).collect();
    for _ in 0..config.max_new_tokens {
        for row in &mut rows {
            let mut recent = row.clone();
            while recent.dims()[1] > model.transformer.n_positions() {
                recent = recent.slice_dim(1, 1..);
            }
            let [_, seen] = recent.dims();
            let Ok(logits) = model.forward(recent) else {
                panic!("the model refuses {seen} tokens");
            };
            let logits: Tensor<2> = logits.squeeze_dim::<2>(0).narrow(0, seen - 1, 1);
            let next = if config.temperature > 0.0 {
                let uniform = Tensor::random([1, 1], Distribution::Default, &device);
                sample(
                    next_token_probabilities(logits, config.temperature),
                    uniform,
                )
            } else {
                logits.clone().equal(logits.max_dim(1)).int().argmax(1)
            };
            *row = Tensor::cat(vec![row.clone(), next], 1);
        }
    }
    Tensor::cat(rows, 0)
}
