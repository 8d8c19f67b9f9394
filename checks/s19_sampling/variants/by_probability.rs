//! Ruled out by probability: a running sum over those that are kept, row by row, and tokens counted by
//! the sums that they pass.

use std::error::Error;
use std::fmt;

use burn::tensor::activation::log_softmax;
use burn::tensor::{Int, Tensor};

/// [batch, vocab_size] -> [batch, vocab_size].
pub fn top_k(logits: Tensor<2>, k: usize) -> Tensor<2> {
    assert!(k >= 1);
    let rows = logits.iter_dim(0).map(|row| {
        let mut left = row.clone(); // [1, vocab_size]
        let [_, vocab_size] = row.dims();
        let mut smallest = row.clone().max_dim(1);
        let mut count = 0;
        // The largest ones are taken away until k of them have gone.
        while count < k.min(vocab_size) {
            smallest = left.clone().max_dim(1);
            let taken = left.clone().equal(smallest.clone().expand([1, vocab_size]));
            let number: i64 = taken.clone().int().sum().into_scalar();
            count += number as usize;
            left = left.mask_fill(taken, f32::NEG_INFINITY);
        }
        let out = row.clone().lower(smallest.expand([1, vocab_size]));
        row.mask_fill(out, f32::NEG_INFINITY)
    });
    Tensor::cat(rows.collect(), 0)
}

/// [batch, vocab_size] -> [batch, vocab_size].
pub fn top_p(logits: Tensor<2>, p: f64) -> Tensor<2> {
    let probabilities = log_softmax(logits.clone(), 1).exp();
    let rows = probabilities.clone().iter_dim(0).map(|row| {
        let mut ranked: Vec<f32> = row.into_data().iter().collect();
        ranked.sort_by(|a, b| a.total_cmp(b));
        let mut sum = 0.0;
        // Popped from the likely end, until the sum has come to p.
        while sum < p
            && let Some(probability) = ranked.pop()
        {
            sum += f64::from(probability);
            if sum >= p && p < 1.0 {
                return probability;
            }
        }
        0.0
    });
    let lowest: Vec<f32> = rows.collect();
    let lowest = Tensor::<1>::from_data(lowest.as_slice(), &logits.device());
    let lowest: Tensor<2> = lowest.unsqueeze_dim(1); // [batch, 1]
    logits.mask_fill(probabilities.lower(lowest), f32::NEG_INFINITY)
}

/// [batch, vocab_size] and ids [batch, seq] -> [batch, vocab_size].
pub fn repetition_penalty(logits: Tensor<2>, ids: Tensor<2, Int>, penalty: f64) -> Tensor<2> {
    let [batch, _] = logits.dims();
    let mut result = logits.clone();
    for row in 0..batch {
        let text: Vec<i64> = ids.clone().narrow(0, row, 1).into_data().iter().collect();
        for token in text {
            let place = [row..row + 1, token as usize..token as usize + 1];
            let old = logits.clone().slice(place.clone()); // [1, 1]
            let is_negative = old.clone().into_scalar::<f32>() < 0.0;
            let new = if is_negative { old * penalty } else { old / penalty };
            result = result.slice_assign(place, new);
        }
    }
    result
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
    let mut logits = repetition_penalty(
        logits.mul_scalar(1.0 / config.temperature),
        ids,
        config.repetition_penalty,
    );
    if let Some(k) = config.top_k {
        logits = top_k(logits, k);
    }
    if let Some(p) = config.top_p {
        logits = top_p(logits, p);
    }
    let largest = logits.clone().max_dim(1);
    let weights = (logits - largest).exp();
    weights.clone() / weights.sum_dim(1)
}

/// [batch, vocab_size] and [batch, seq] -> [batch, 1].
pub fn next_token(
    logits: Tensor<2>,
    ids: Tensor<2, Int>,
    config: &SamplingConfig,
    position: usize,
) -> Tensor<2, Int> {
    let [batch, vocab_size] = logits.dims();
    let (penalty, device) = (config.repetition_penalty, logits.device());
    match config.temperature {
        0.0 => repetition_penalty(logits, ids, penalty).argmax(1),
        _ => {
            let numbers = (0..batch).map(|row| uniform(config.seed, position, row));
            let numbers: Vec<f32> = numbers.collect();
            let numbers: Tensor<2> =
                Tensor::<1>::from_data(numbers.as_slice(), &device).unsqueeze_dim(1);
            let sums = sampling_probabilities(logits, ids, config).cumsum(1);
            let bounds = numbers * sums.clone().slice_dim(1, -1..);
            let bounds = bounds.expand([batch, vocab_size]);
            // The first sum beyond the bound.
            sums.greater(bounds).int().argmax(1)
        }
    }
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
