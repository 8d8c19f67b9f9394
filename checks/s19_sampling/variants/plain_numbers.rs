//! Plain Rust: vectors of numbers in double precision, loops and sorting.

use std::error::Error;
use std::fmt;

use burn::tensor::{Device, Int, Tensor, TensorData};

/// [batch, vocab_size] -> [batch, vocab_size].
pub fn top_k(logits: Tensor<2>, k: usize) -> Tensor<2> {
    if k == 0 {
        panic!("k is 0");
    }
    each_row(logits, |row| {
        let mut sorted = row.to_vec();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let smallest = sorted[k.min(sorted.len()) - 1];
        rule_out(row, smallest);
    })
}

/// [batch, vocab_size] -> [batch, vocab_size].
pub fn top_p(logits: Tensor<2>, p: f64) -> Tensor<2> {
    each_row(logits, |row| {
        let mut sorted: Vec<f64> = row.iter().map(|&logit| f64::from(logit)).collect();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let weights: Vec<f64> = sorted.iter().map(|logit| (logit - sorted[0]).exp()).collect();
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let mut smallest = sorted[0];
        for (logit, weight) in sorted.iter().zip(weights) {
            if sum < p * total || p == 1.0 {
                smallest = *logit;
            }
            sum += weight;
        }
        rule_out(row, smallest as f32);
    })
}

fn rule_out(row: &mut [f32], smallest: f32) {
    for logit in row {
        if *logit < smallest {
            *logit = f32::NEG_INFINITY;
        }
    }
}

/// [batch, vocab_size] and ids [batch, seq] -> [batch, vocab_size].
pub fn repetition_penalty(logits: Tensor<2>, ids: Tensor<2, Int>, penalty: f64) -> Tensor<2> {
    let texts = texts(ids);
    let mut texts = texts.iter();
    each_row(logits, |row| {
        let text = texts.next().map_or(&[][..], Vec::as_slice);
        for (token, logit) in row.iter_mut().enumerate() {
            if text.contains(&token) {
                let factor = if *logit < 0.0 { penalty } else { 1.0 / penalty };
                *logit = (f64::from(*logit) * factor) as f32;
            }
        }
    })
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
    let logits = repetition_penalty(logits, ids, config.repetition_penalty);
    let logits = logits.div_scalar(config.temperature);
    let logits = match config.top_k {
        Some(k) => top_k(logits, k),
        None => logits,
    };
    let logits = match config.top_p {
        Some(p) => top_p(logits, p),
        None => logits,
    };
    each_row(logits, |row| {
        let largest = row.iter().copied().fold(f32::MIN, f32::max);
        let weights: Vec<f64> = row.iter().map(|logit| f64::from(logit - largest).exp()).collect();
        let total: f64 = weights.iter().sum();
        for (logit, weight) in row.iter_mut().zip(weights) {
            *logit = (weight / total) as f32;
        }
    })
}

/// [batch, vocab_size] and [batch, seq] -> [batch, 1].
pub fn next_token(
    logits: Tensor<2>,
    ids: Tensor<2, Int>,
    config: &SamplingConfig,
    position: usize,
) -> Tensor<2, Int> {
    let device = logits.device();
    if config.temperature == 0.0 {
        let rows = rows(repetition_penalty(logits, ids, config.repetition_penalty));
        let best = rows.iter().map(|row| {
            let mut best = 0;
            for token in 1..row.len() {
                if row[token] > row[best] {
                    best = token;
                }
            }
            best
        });
        return column(best.collect(), &device);
    }
    let rows = rows(sampling_probabilities(logits, ids, config));
    let drawn = rows.iter().enumerate().map(|(row, probabilities)| {
        let number = f64::from(uniform(config.seed, position, row));
        let total: f64 = probabilities.iter().map(|&p| f64::from(p)).sum();
        let mut sum = 0.0;
        for (token, &probability) in probabilities.iter().enumerate() {
            sum += f64::from(probability);
            if sum > number * total {
                return token;
            }
        }
        probabilities.len() - 1
    });
    column(drawn.collect(), &device)
}

/// Uniform in [0, 1).
pub fn uniform(seed: u64, position: usize, row: usize) -> f32 {
    let z = mix(mix(mix(seed) ^ position as u64) ^ row as u64);
    (z >> 41) as f32 / 8_388_608.0
}

fn mix(z: u64) -> u64 {
    let z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn each_row(tensor: Tensor<2>, mut change: impl FnMut(&mut [f32])) -> Tensor<2> {
    let (shape, device) = (tensor.dims(), tensor.device());
    let mut rows = rows(tensor);
    for row in &mut rows {
        change(row);
    }
    Tensor::from_data(TensorData::new(rows.concat(), shape), &device)
}

fn rows(tensor: Tensor<2>) -> Vec<Vec<f32>> {
    let [_, width] = tensor.dims();
    let values: Vec<f32> = tensor.into_data().iter().collect();
    values.chunks(width).map(<[f32]>::to_vec).collect()
}

fn texts(ids: Tensor<2, Int>) -> Vec<Vec<usize>> {
    let [_, seq] = ids.dims();
    let ids: Vec<usize> = ids.into_data().iter::<i64>().map(|id| id as usize).collect();
    ids.chunks(seq).map(<[usize]>::to_vec).collect()
}

fn column(tokens: Vec<usize>, device: &Device) -> Tensor<2, Int> {
    let shape = [tokens.len(), 1];
    let tokens: Vec<i64> = tokens.into_iter().map(|token| token as i64).collect();
    Tensor::from_data(TensorData::new(tokens, shape), device)
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
