//! As Hugging Face does it: sorted upwards, a mask carried back by `scatter`, the penalty gathered and
//! scattered.

use std::error::Error;
use std::fmt;

use burn::tensor::activation::softmax;
use burn::tensor::{IndexingUpdateOp, Int, Tensor};

use crate::s12_generation::{next_token_probabilities, sample};

/// [batch, vocab_size] -> [batch, vocab_size].
pub fn top_k(logits: Tensor<2>, k: usize) -> Tensor<2> {
    if k < 1 {
        panic!("top-k of nothing");
    }
    let [batch, vocab_size] = logits.dims();
    let best = logits.clone().topk(std::cmp::min(k, vocab_size), 1);
    let worst = best.min_dim(1).expand([batch, vocab_size]);
    let stays = logits.clone().greater_equal(worst);
    logits.full_like(f32::NEG_INFINITY).mask_where(stays, logits)
}

/// [batch, vocab_size] -> [batch, vocab_size].
pub fn top_p(logits: Tensor<2>, p: f64) -> Tensor<2> {
    if p == 1.0 {
        return logits;
    }
    let (sorted, order) = logits.clone().sort_with_indices(1);
    // From the unlikely end: a token goes if it and all below it have no more than 1 - p.
    let up_to_here = softmax(sorted, 1).cumsum(1);
    let goes = up_to_here.lower_equal_elem(1.0 - p).float();
    let goes = logits.zeros_like().scatter(1, order, goes, IndexingUpdateOp::Add);
    // The likeliest one stays in any case, and so do all that are equal to the last that stays.
    let best = logits.clone().max_dim(1);
    let last = logits.clone().mask_fill(goes.greater_elem(0.5), f32::INFINITY).min_dim(1);
    let goes = logits.clone().lower(last.min_pair(best));
    logits.mask_fill(goes, f32::NEG_INFINITY)
}

/// [batch, vocab_size] and ids [batch, seq] -> [batch, vocab_size].
pub fn repetition_penalty(logits: Tensor<2>, ids: Tensor<2, Int>, penalty: f64) -> Tensor<2> {
    let score = logits.clone().gather(1, ids.clone()); // [batch, seq]
    let negative = score.clone().lower_elem(0.0);
    let new = (score.clone() / penalty).mask_where(negative, score * penalty);
    // An id that occurs twice is assigned the same score twice.
    logits.scatter(1, ids, new, IndexingUpdateOp::Assign)
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
    let processors: [&dyn Fn(Tensor<2>) -> Tensor<2>; 4] = [
        &|logits| repetition_penalty(logits, ids.clone(), config.repetition_penalty),
        &|logits| logits / config.temperature,
        &|logits| config.top_k.map_or(logits.clone(), |k| top_k(logits, k)),
        &|logits| config.top_p.map_or(logits.clone(), |p| top_p(logits, p)),
    ];
    let logits = processors.iter().fold(logits, |logits, process| process(logits));
    next_token_probabilities(logits, 1.0)
}

/// [batch, vocab_size] and [batch, seq] -> [batch, 1].
pub fn next_token(
    logits: Tensor<2>,
    ids: Tensor<2, Int>,
    config: &SamplingConfig,
    position: usize,
) -> Tensor<2, Int> {
    if config.temperature <= 0.0 {
        repetition_penalty(logits, ids, config.repetition_penalty).argmax(1)
    } else {
        let ([batch, _], device) = (logits.dims(), logits.device());
        let probabilities = sampling_probabilities(logits, ids, config);
        let mut numbers = Tensor::<2>::zeros([batch, 1], &device);
        for row in 0..batch {
            let number = Tensor::<2>::full([1, 1], uniform(config.seed, position, row), &device);
            numbers = numbers.slice_assign([row..row + 1, 0..1], number);
        }
        sample(probabilities.clone(), numbers * probabilities.cumsum(1).max_dim(1))
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
