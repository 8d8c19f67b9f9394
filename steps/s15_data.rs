//! Data: from the ids of a text to the batches that a model learns from.
//!
//! A *window* is `context` ids in a row, together with the id behind them: `context` inputs, and
//! for each of them a target, the id that follows it. So a window needs `context + 1` ids.

use std::error::Error;
use std::fmt;

use burn::tensor::{Device, Int, Tensor, TensorData};

/// A text in two parts: one to learn from, one to be examined on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The ids to learn from: the beginning of the text.
    pub train: Vec<usize>,
    /// The ids to be examined on: the end of the text.
    pub validation: Vec<usize>,
}

/// How many windows a text of so many tokens has, one for each place where a window can begin:
/// `tokens - context`.
///
/// # Errors
///
/// [`DataError::Zero`] if `context` is zero; otherwise [`DataError::TooShort`] if there is none.
pub fn window_count(tokens: usize, context: usize) -> Result<usize, DataError> {
    // How many ids does the first window take, and how many more windows does each further id make
    // room for? Fewer ids than `context` must not make the subtraction overflow.
    todo!()
}

/// Cuts a text in two, once: what comes before the cut is for training, what comes behind it for
/// validation.
///
/// The validation part has `ids.len()` times `validation_share` ids, rounded to the nearest whole
/// number, halves up.
///
/// # Errors
///
/// [`DataError::Share`] if the share is not above 0 and below 1. Otherwise what [`window_count`]
/// says of a part that has no window, of the training part first.
pub fn split(ids: &[usize], validation_share: f64, context: usize) -> Result<Split, DataError> {
    // Look at the share first. NaN is neither above 0 nor below 1: so ask for what must be true, not
    // for what must not. Then count the ids to hold back, and cut. Who knows already whether a part has
    // a window?
    todo!()
}

/// Some windows: a row for each.
#[derive(Debug, Clone)]
pub struct Batch {
    /// What the model reads; [batch, context].
    pub inputs: Tensor<2, Int>,
    /// What follows each input; [batch, context].
    pub targets: Tensor<2, Int>,
}

impl Batch {
    /// The windows that begin at `starts`, in that order. A target is the id behind its input.
    ///
    /// # Panics
    ///
    /// If a window does not end within `ids`.
    pub fn at(ids: &[usize], starts: &[usize], context: usize, device: &Device) -> Self {
        // A row for each start, one after the other, and the same again one place further on. What a
        // window that goes past the end should do, a slice does by itself. Ids are `usize`, and a
        // tensor of whole numbers holds `i64`.
        todo!()
    }
}

/// Where windows begin in a text of so many tokens: at 0, `stride`, 2 `stride` and so on, as long
/// as the whole window lies within the text, its last target included.
///
/// # Errors
///
/// What [`window_count`] says; otherwise [`DataError::Zero`] if `stride` is zero.
pub fn window_starts(
    tokens: usize,
    context: usize,
    stride: usize,
) -> Result<Vec<usize>, DataError> {
    // How many places are there at which a window may begin, and which of them does the stride leave?
    // The text is judged before the stride.
    todo!()
}

/// A random number, uniform over all of `u64`, for one row of the batch of one step.
///
/// It depends on these three numbers and on nothing else. Each is stirred in by one round of
/// SplitMix64 ("Fast Splittable Pseudorandom Number Generators", Steele, Lea and Flood, 2014,
/// figure 16, with the constants of its reference implementation in C).
pub fn random_number(seed: u64, step: usize, row: usize) -> u64 {
    let stir = |state: u64| {
        let z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    stir(stir(stir(seed) ^ step as u64) ^ row as u64)
}

/// `batch_size` windows from anywhere in the text. The batch depends on the arguments alone, not on
/// what was drawn before.
///
/// A row's window begins at the remainder of its [`random_number`] divided by [`window_count`], so
/// that every window can be drawn, the last one too. Windows may overlap, and one may come up
/// twice.
///
/// # Errors
///
/// [`DataError::Zero`] if `batch_size` is zero; otherwise what [`window_count`] says.
pub fn random_batch(
    ids: &[usize],
    batch_size: usize,
    context: usize,
    seed: u64,
    step: usize,
    device: &Device,
) -> Result<Batch, DataError> {
    // Refuse a batch of no rows. Then each row takes a place by a random number of its own: which
    // numbers does that number depend on, and below what must the place be? The rest is written
    // already.
    todo!()
}

/// All of a text in order, for validation: windows that lie side by side, so that no target occurs
/// twice, `batch_size` of them in a batch. The last batch has the rows that are left.
///
/// Ids at the end that fill no window are left out; there are fewer than `context` of them.
///
/// # Errors
///
/// As in [`random_batch`].
pub fn validation_batches(
    ids: &[usize],
    batch_size: usize,
    context: usize,
    device: &Device,
) -> Result<Vec<Batch>, DataError> {
    // Refuse a batch of no rows. Which stride lets no target occur twice and leaves none out? The
    // windows then go into batches in order, and the last batch has what is left, even if that is a
    // single row.
    todo!()
}

/// Why there is no batch.
#[derive(Debug, Clone, PartialEq)]
pub enum DataError {
    /// A size is zero.
    Zero {
        /// Its name.
        field: &'static str,
    },
    /// No such share of a text can be held back.
    Share {
        /// The share that was asked for.
        validation_share: f64,
    },
    /// A text, or a part of it, has no room for a window of `context + 1` ids.
    TooShort {
        /// Number of its ids.
        tokens: usize,
        /// Number of inputs of a window.
        context: usize,
    },
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zero { field } => write!(f, "`{field}` is zero"),
            Self::Share { validation_share } => write!(
                f,
                "a share of {validation_share} cannot be held back; it has to lie between 0 and 1"
            ),
            Self::TooShort { tokens, context } => write!(
                f,
                "{tokens} ids are too few: {context} inputs and the target of the last one need \
                 more than {context}"
            ),
        }
    }
}

impl Error for DataError {}
