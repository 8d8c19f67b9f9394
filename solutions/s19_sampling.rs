//! Sampling: which tokens may be drawn at all, and a draw that can be repeated.
//!
//! Hugging Face's counterparts are the logits processors that `GenerationMixin.generate` applies to
//! the last logits, in this order: `RepetitionPenaltyLogitsProcessor`, `TemperatureLogitsWarper`,
//! `TopKLogitsWarper`, `TopPLogitsWarper`.

use std::error::Error;
use std::fmt;

use burn::tensor::activation::softmax;
use burn::tensor::{IndexingUpdateOp, Int, Tensor, TensorData};

use crate::s12_generation::{next_token_probabilities, sample};

/// The logits of each row's `k` likeliest tokens; all others become minus infinity:
/// [batch, vocab_size] -> [batch, vocab_size].
///
/// Tokens whose logit equals the k-th largest stay, so that more than `k` may be left. If there are
/// no more than `k` tokens, all stay. ("Hierarchical Neural Story Generation", Fan et al., 2018,
/// section 5.3.)
///
/// # Panics
///
/// If `k` is 0.
pub fn top_k(logits: Tensor<2>, k: usize) -> Tensor<2> {
    assert!(k > 0, "no token is left to draw if k is 0");
    let [_, vocab_size] = logits.dims();
    let k = k.min(vocab_size);
    let largest = logits.clone().sort_descending(1).narrow(1, 0, k); // [batch, k]
    keep_from(logits, largest.narrow(1, k - 1, 1))
}

/// The logits of each row's nucleus, the fewest of its likeliest tokens whose probabilities add up
/// to `p` or more; all others become minus infinity: [batch, vocab_size] -> [batch, vocab_size].
///
/// In order of probability, a token stays while the sum of those *before* it is below `p`: the one
/// that reaches `p` stays, and so does the first. Tokens whose logit equals the last one's that
/// stays, stay too. With a `p` of 1 all stay, whatever rounding does to the sum. `p` has to be in
/// (0, 1]. ("The Curious Case of Neural Text Degeneration", Holtzman et al., 2019, section 3.1.)
pub fn top_p(logits: Tensor<2>, p: f64) -> Tensor<2> {
    if p >= 1.0 {
        return logits;
    }
    let sorted = logits.clone().sort_descending(1); // [batch, vocab_size]
    let probabilities = softmax(sorted.clone(), 1); // [batch, vocab_size]
    let before = probabilities.clone().cumsum(1) - probabilities; // [batch, vocab_size]
    let beyond = before.greater_equal_elem(p); // [batch, vocab_size]
    let last = sorted.mask_fill(beyond, f32::INFINITY).min_dim(1); // [batch, 1]
    keep_from(logits, last)
}

/// Logits below their row's smallest one that stays become minus infinity:
/// [batch, vocab_size] and [batch, 1] -> [batch, vocab_size].
pub fn keep_from(logits: Tensor<2>, smallest: Tensor<2>) -> Tensor<2> {
    let dropped = logits.clone().lower(smallest); // [batch, vocab_size]
    logits.mask_fill(dropped, f32::NEG_INFINITY)
}

/// Makes tokens less likely that are in the text already: a positive logit is divided by `penalty`, a
/// negative one multiplied by it; [batch, vocab_size] and ids [batch, seq] -> [batch, vocab_size].
///
/// Each row looks at its own ids. However often a token occurs, it is penalised once. A penalty of 1
/// changes nothing, one below 1 rewards repetition; it has to be positive. ("CTRL: A Conditional
/// Transformer Language Model for Controllable Generation", Keskar et al., 2019, section 4.1; for
/// negative logits as Hugging Face has it.) Ids have to be below `vocab_size`.
pub fn repetition_penalty(logits: Tensor<2>, ids: Tensor<2, Int>, penalty: f64) -> Tensor<2> {
    let times = logits.zeros_like(); // [batch, vocab_size]
    let ones = ids.ones_like().float(); // [batch, seq]
    let times = times.scatter(1, ids, ones, IndexingUpdateOp::Add); // [batch, vocab_size]
    let positive = logits.clone().greater_elem(0.0); // [batch, vocab_size]
    let penalised = (logits.clone() * penalty).mask_where(positive, logits.clone() / penalty);
    logits.mask_where(times.greater_elem(0.0), penalised) // [batch, vocab_size]
}

/// How to choose a token.
#[derive(Debug, Clone, PartialEq)]
pub struct SamplingConfig {
    /// 0 always takes the likeliest token (greedy); see
    /// [`next_token_probabilities`](crate::s12_generation::next_token_probabilities).
    pub temperature: f64,
    /// How many of the likeliest tokens may be drawn, if that is limited; see [`top_k`].
    pub top_k: Option<usize>,
    /// How much probability the tokens have that may be drawn, if that is limited; see [`top_p`].
    pub top_p: Option<f64>,
    /// 1 for none; see [`repetition_penalty`].
    pub repetition_penalty: f64,
    /// What the random numbers come from; see [`uniform`].
    pub seed: u64,
}

impl SamplingConfig {
    /// Whether tokens can be chosen in this way.
    ///
    /// # Errors
    ///
    /// The first field that is out of its range, in the order of the fields: a temperature that is
    /// negative, infinite or NaN; a `top_k` of 0; a `top_p` that is not in (0, 1]; a repetition
    /// penalty that is not positive, or infinite. NaN is in no range. Any seed will do.
    pub fn validate(&self) -> Result<(), SamplingError> {
        let temperature = self.temperature;
        if !(temperature >= 0.0 && temperature.is_finite()) {
            return Err(SamplingError::Temperature { temperature });
        }
        if self.top_k == Some(0) {
            return Err(SamplingError::TopK);
        }
        if let Some(p) = self.top_p
            && !(p > 0.0 && p <= 1.0)
        {
            return Err(SamplingError::TopP { p });
        }
        let penalty = self.repetition_penalty;
        if !(penalty > 0.0 && penalty.is_finite()) {
            return Err(SamplingError::RepetitionPenalty { penalty });
        }
        Ok(())
    }
}

/// How probable each token is to be drawn: [batch, vocab_size] and the text so far,
/// [batch, seq] -> [batch, vocab_size].
///
/// First comes the repetition penalty, then the temperature, then top-k, then top-p of what top-k has
/// left. The probabilities of the tokens that stay add up to 1, and the others' are 0. The
/// temperature has to be positive: [`next_token`] does not come here with 0.
pub fn sampling_probabilities(
    logits: Tensor<2>,
    ids: Tensor<2, Int>,
    config: &SamplingConfig,
) -> Tensor<2> {
    let mut logits = repetition_penalty(logits, ids, config.repetition_penalty);
    logits = logits / config.temperature;
    if let Some(k) = config.top_k {
        logits = top_k(logits, k);
    }
    if let Some(p) = config.top_p {
        logits = top_p(logits, p);
    }
    next_token_probabilities(logits, 1.0) // [batch, vocab_size]
}

/// The token to come next in each row: [batch, vocab_size] and the text so far,
/// [batch, seq] -> [batch, 1].
///
/// At temperature 0 it is the likeliest one after the repetition penalty. Otherwise it is the one that
/// [`sample`] finds by the row's [`uniform`] number among the [`sampling_probabilities`]. Rounding
/// may keep their sum a little below 1; the number is taken as a share of that sum, so that no token
/// of probability 0 is ever drawn.
///
/// `position` is that of the new token. Together with seed and row it decides the draw: neither what
/// was drawn before nor the other rows do. The configuration has to be
/// [valid](SamplingConfig::validate).
pub fn next_token(
    logits: Tensor<2>,
    ids: Tensor<2, Int>,
    config: &SamplingConfig,
    position: usize,
) -> Tensor<2, Int> {
    if config.temperature == 0.0 {
        return repetition_penalty(logits, ids, config.repetition_penalty).argmax(1); // [batch, 1]
    }
    let ([batch, vocab_size], device) = (logits.dims(), logits.device());
    let numbers: Vec<f32> = (0..batch)
        .map(|row| uniform(config.seed, position, row))
        .collect();
    let numbers = Tensor::from_data(TensorData::new(numbers, [batch, 1]), &device); // [batch, 1]
    let probabilities = sampling_probabilities(logits, ids, config); // [batch, vocab_size]
    let sums = probabilities.clone().cumsum(1); // [batch, vocab_size]
    let total = sums.narrow(1, vocab_size - 1, 1); // [batch, 1]
    sample(probabilities, numbers * total) // [batch, 1]
}

/// The random number of a row at a position, uniform in [0, 1).
///
/// The three numbers are mixed one after the other, each time by the finaliser of SplitMix64
/// (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014). It has 23 bits,
/// and so stays a little below 1 even where it is multiplied by a sum that rounding made larger.
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

/// Why no token can be chosen by a [`SamplingConfig`].
#[derive(Debug, Clone, PartialEq)]
pub enum SamplingError {
    /// The temperature is negative or no finite number.
    Temperature {
        /// The temperature.
        temperature: f64,
    },
    /// `top_k` is 0.
    TopK,
    /// `top_p` is not in (0, 1].
    TopP {
        /// The share of probability.
        p: f64,
    },
    /// The repetition penalty is not positive or no finite number.
    RepetitionPenalty {
        /// The penalty.
        penalty: f64,
    },
}

impl fmt::Display for SamplingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Temperature { temperature } => {
                write!(f, "`temperature` is {temperature}; it has to be 0 or more")
            }
            Self::TopK => write!(f, "`top_k` is 0, which leaves no token to draw"),
            Self::TopP { p } => write!(f, "`top_p` is {p}; it has to be above 0 and at most 1"),
            Self::RepetitionPenalty { penalty } => {
                write!(f, "`repetition_penalty` is {penalty}; it has to be above 0")
            }
        }
    }
}

impl Error for SamplingError {}
