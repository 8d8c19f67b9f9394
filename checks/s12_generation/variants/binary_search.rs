//! Every row by itself: a binary search in its running sums, and a text that grows in a vector of
//! ids. The likeliest token is the first in descending order.

use burn::tensor::activation::softmax;
use burn::tensor::{Distribution, Int, Tensor, TensorData};

use crate::s11_lm_head::Gpt;

/// [batch, vocab_size] -> [batch, vocab_size].
pub fn next_token_probabilities(logits: Tensor<2>, temperature: f64) -> Tensor<2> {
    // Any number may be taken from all logits of a row.
    let mean = logits.clone().mean_dim(1);
    softmax((logits - mean).div_scalar(temperature), 1)
}

/// [batch, vocab_size] and [batch, 1] -> [batch, 1].
pub fn sample(probabilities: Tensor<2>, uniform: Tensor<2>) -> Tensor<2, Int> {
    let device = probabilities.device();
    let [batch, vocab_size] = probabilities.dims();
    let sums: Vec<f32> = probabilities.cumsum(1).into_data().iter().collect();
    let uniform: Vec<f32> = uniform.into_data().iter().collect();
    let tokens: Vec<i64> = std::iter::zip(sums.chunks(vocab_size), uniform)
        .map(|(sums, uniform)| sums.partition_point(|&sum| sum <= uniform))
        .map(|token| token.min(vocab_size - 1) as i64)
        .collect();
    Tensor::from_data(TensorData::new(tokens, [batch, 1]), &device)
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
///
/// # Panics
///
/// If the prompt is empty, or an id in it is not below `vocab_size`.
pub fn generate(model: &Gpt, prompt: Tensor<2, Int>, config: &GenerationConfig) -> Tensor<2, Int> {
    let device = prompt.device();
    let [batch, length] = prompt.dims();
    assert!(length > 0, "there is nothing to go on from");
    let ids: Vec<i64> = prompt.into_data().iter().collect();
    let mut rows: Vec<Vec<i64>> = ids.chunks(length).map(<[i64]>::to_vec).collect();
    device.seed(config.seed);
    for _ in 0..config.max_new_tokens {
        let recent: Vec<i64> = rows
            .iter()
            .flat_map(|row| row.iter().rev().take(model.transformer.n_positions()).rev())
            .copied()
            .collect();
        let seen = recent.len() / batch;
        let recent = Tensor::from_data(TensorData::new(recent, [batch, seen]), &device);
        let logits = match model.forward(recent) {
            Ok(logits) => logits,
            Err(error) => unreachable!("{error}"),
        };
        let last: Tensor<2> = logits.slice_dim(1, seen - 1..seen).flatten(1, 2);
        let next = match config.temperature {
            t if t == 0.0 => last.argsort_descending(1).slice_dim(1, 0..1),
            t => {
                let uniform = Tensor::random([batch, 1], Distribution::Default, &device);
                sample(next_token_probabilities(last, t), uniform)
            }
        };
        for (row, token) in std::iter::zip(&mut rows, next.into_data().iter::<i64>()) {
            row.push(token);
        }
    }
    let seq = length + config.max_new_tokens;
    Tensor::from_data(TensorData::new(rows.concat(), [batch, seq]), &device)
}
