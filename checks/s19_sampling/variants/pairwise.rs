//! No sorting: each token is compared with each other one.

use std::error::Error;
use std::fmt;

use burn::tensor::activation::softmax;
use burn::tensor::{Bool, Int, Tensor};

use crate::s12_generation::sample;

/// [batch, vocab_size] -> [batch, vocab_size].
pub fn top_k(logits: Tensor<2>, k: usize) -> Tensor<2> {
    assert_ne!(k, 0);
    // A token stays if fewer than k are likelier.
    let likelier = is_likelier(&logits).int().sum_dim(2).squeeze_dim::<2>(2); // [batch, vocab_size]
    logits.mask_fill(likelier.greater_equal_elem(k as i64), f32::NEG_INFINITY)
}

/// [batch, vocab_size] -> [batch, vocab_size].
pub fn top_p(logits: Tensor<2>, p: f64) -> Tensor<2> {
    let probabilities: Tensor<3> = softmax(logits.clone(), 1).unsqueeze_dim(1); // [batch, 1, vocab_size]
    // A token stays if those that are likelier have less than p.
    let before = (is_likelier(&logits).float() * probabilities).sum_dim(2);
    let before = before.squeeze_dim::<2>(2); // [batch, vocab_size]
    let is_out = before.greater_equal_elem(if p < 1.0 { p } else { 2.0 });
    logits.mask_fill(is_out, f32::NEG_INFINITY)
}

/// Whether the token of the last axis is likelier than that of the middle one:
/// [batch, vocab_size] -> [batch, vocab_size, vocab_size].
fn is_likelier(logits: &Tensor<2>) -> Tensor<3, Bool> {
    let [batch, vocab_size] = logits.dims();
    let shape = [batch, vocab_size, vocab_size];
    let this = logits.clone().unsqueeze_dim::<3>(2).expand(shape);
    let other = logits.clone().unsqueeze_dim::<3>(1).expand(shape);
    other.greater(this)
}

/// [batch, vocab_size] and ids [batch, seq] -> [batch, vocab_size].
pub fn repetition_penalty(logits: Tensor<2>, ids: Tensor<2, Int>, penalty: f64) -> Tensor<2> {
    let ([batch, vocab_size], [_, seq]) = (logits.dims(), ids.dims());
    let shape = [batch, seq, vocab_size];
    let tokens = Tensor::<1, Int>::arange(0..vocab_size as i64, &logits.device());
    let tokens = tokens.unsqueeze::<3>().expand(shape);
    let occurs = ids.unsqueeze_dim::<3>(2).expand(shape).equal(tokens);
    let occurs = occurs.int().max_dim(1).squeeze_dim::<2>(1).float(); // [batch, vocab_size]
    let positive = logits.clone().clamp_min(0.0) / penalty;
    let negative = logits.clone().clamp_max(0.0) * penalty;
    (positive + negative) * occurs.clone() + logits * (occurs.neg() + 1.0)
}

/// How to choose a token.
#[derive(Debug, Clone, PartialEq)]
pub struct SamplingConfig {
    /// 0 is greedy.
    pub temperature: f64,
    /// How many tokens.
    pub top_k: Option<usize>,
    /// How much probability.
    pub top_p: Option<f64>,
    /// 1 for none.
    pub repetition_penalty: f64,
    /// What the random numbers come from.
    pub seed: u64,
}

impl SamplingConfig {
    /// The first field that is out of its range.
    pub fn validate(&self) -> Result<(), SamplingError> {
        let &Self { temperature, top_k, top_p, repetition_penalty: penalty, .. } = self;
        if temperature.is_nan() || temperature.is_infinite() || temperature < 0.0 {
            Err(SamplingError::Temperature { temperature })
        } else if matches!(top_k, Some(0)) {
            Err(SamplingError::TopK)
        } else if let Some(p) = top_p.filter(|p| p.is_nan() || *p <= 0.0 || *p > 1.0) {
            Err(SamplingError::TopP { p })
        } else if !penalty.is_finite() || penalty <= 0.0 {
            Err(SamplingError::RepetitionPenalty { penalty })
        } else {
            Ok(())
        }
    }
}

/// [batch, vocab_size] and [batch, seq] -> [batch, vocab_size].
pub fn sampling_probabilities(
    logits: Tensor<2>,
    ids: Tensor<2, Int>,
    config: &SamplingConfig,
) -> Tensor<2> {
    let [_, vocab_size] = logits.dims();
    let logits = repetition_penalty(logits, ids, config.repetition_penalty) / config.temperature;
    let logits = top_k(logits, config.top_k.unwrap_or(vocab_size));
    softmax(top_p(logits, config.top_p.unwrap_or(1.0)), 1)
}

/// [batch, vocab_size] and [batch, seq] -> [batch, 1].
pub fn next_token(
    logits: Tensor<2>,
    ids: Tensor<2, Int>,
    config: &SamplingConfig,
    position: usize,
) -> Tensor<2, Int> {
    let [batch, vocab_size] = logits.dims();
    if config.temperature == 0.0 {
        let penalised = repetition_penalty(logits, ids, config.repetition_penalty);
        return penalised.max_dim_with_indices(1).1;
    }
    let probabilities = sampling_probabilities(logits, ids, config);
    let mut tokens = Vec::new();
    for row in 0..batch {
        let probabilities = probabilities.clone().narrow(0, row, 1); // [1, vocab_size]
        // Divided by what the running sum comes to, it ends at 1.
        let end = probabilities.clone().cumsum(1).narrow(1, vocab_size - 1, 1);
        let number = end.full_like(uniform(config.seed, position, row));
        tokens.push(sample(probabilities / end, number.clone() * 0.999_999_9_f32));
    }
    Tensor::cat(tokens, 0)
}

/// Uniform in [0, 1).
pub fn uniform(seed: u64, position: usize, row: usize) -> f32 {
    let mut z = 0_u64;
    for part in [seed, position as u64, row as u64] {
        z = (z ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
    }
    (z >> 41) as f32 / (1 << 23) as f32
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum SamplingError {
    /// Of the temperature.
    Temperature {
        /// It.
        temperature: f64,
    },
    /// 0.
    TopK,
    /// Not in (0, 1].
    TopP {
        /// It.
        p: f64,
    },
    /// Not positive.
    RepetitionPenalty {
        /// It.
        penalty: f64,
    },
}

impl fmt::Display for SamplingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl Error for SamplingError {}
