//! Training: batch after batch, a little less surprised each time.
//!
//! Counterparts: the loop of nanoGPT's `train.py`, and Hugging Face's `Trainer`.

use std::collections::BTreeMap;
use std::error::Error;
use std::f64::consts::PI;
use std::fmt;

use burn::module::Module;
use burn::tensor::Tensor;

use crate::s10_model::SequenceTooLong;
use crate::s11_lm_head::Gpt;
use crate::s13_loss::cross_entropy;
use crate::s15_data::{Batch, DataError, random_batch, random_number, validation_batches};
use crate::s16_optimizer::{AdamW, AdamWConfig, clip, gradients};

/// How to train.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingConfig {
    /// Windows that go through the model at once.
    pub batch_size: usize,
    /// Inputs of a window.
    pub context: usize,
    /// Batches whose gradients make up one update.
    pub accumulation: usize,
    /// Number of updates.
    pub steps: usize,
    /// How many of them the rate takes to rise.
    pub warmup_steps: usize,
    /// The largest rate, that of the last step of the warm-up.
    pub learning_rate: f64,
    /// The smallest rate, that of the last step of all.
    pub min_learning_rate: f64,
    /// How long all gradients together may be; see [`clip`].
    pub clip_norm: f64,
    /// What the optimiser is told.
    pub adamw: AdamWConfig,
    /// Decides the batches, and what dropout drops.
    pub seed: u64,
}

impl TrainingConfig {
    /// Whether one can train like this.
    ///
    /// # Errors
    ///
    /// [`TrainingError::Zero`] names the first of `batch_size`, `context`, `accumulation` and
    /// `steps` that is zero, in this order. If none is, [`TrainingError::WarmupTooLong`] says that
    /// there are more steps of warm-up than steps. The other fields are not looked at.
    pub fn validate(&self) -> Result<(), TrainingError> {
        // As in step 01: look for the first size that is zero, and only then at the warm-up.
        todo!()
    }
}

/// The learning rate of a step; steps count from 1.
///
/// Up to `warmup_steps` the rate rises evenly: step s has the part s / `warmup_steps` of
/// `learning_rate`. From there it falls along half a cosine, which reaches `min_learning_rate` at
/// step `steps`, and stays there. With p, which grows from 0 at the end of the warm-up to 1 at
/// `steps`:
///
/// ```text
/// min_learning_rate + (learning_rate - min_learning_rate) (1 + cos(pi p)) / 2
/// ```
///
/// "SGDR: Stochastic Gradient Descent with Warm Restarts" (Loshchilov and Hutter, 2017),
/// equation 5, without the restarts; the warm-up as in "Improving Language Understanding by
/// Generative Pre-Training" (Radford et al., 2018), section 4.1.
pub fn learning_rate(step: usize, config: &TrainingConfig) -> f64 {
    // Three cases: in the warm-up, on the way down, and behind the last step. No case may divide by
    // zero: the warm-up can have no steps, and it can have all of them. In which order do you ask?
    todo!()
}

/// The mean loss of a model over all targets of a batch; [1].
///
/// # Errors
///
/// [`SequenceTooLong`] if the windows are longer than the model's positions.
pub fn batch_loss(model: &Gpt, batch: &Batch) -> Result<Tensor<1>, SequenceTooLong> {
    // The model's logits are [batch, context, vocab_size], and `cross_entropy` of step 13 takes
    // [n, vocab_size] and [n]. Every row of every window is a prediction.
    todo!()
}

/// A model in training.
#[derive(Debug, Clone)]
pub struct Trainer {
    /// How to train.
    pub config: TrainingConfig,
    /// The model as it is now, with autodiff.
    pub model: Gpt,
    /// What the optimiser remembers.
    pub optimizer: AdamW,
    /// Number of steps that have been made.
    pub step: usize,
}

impl Trainer {
    /// Before the first step. The model is moved to autodiff and into training
    /// ([`train`](Module::train)); its values stay as they are.
    ///
    /// # Errors
    ///
    /// What [`validate`](TrainingConfig::validate) says; otherwise
    /// [`TrainingError::ContextTooLong`] if a window has more inputs than the model has positions.
    pub fn new(model: Gpt, config: TrainingConfig) -> Result<Self, TrainingError> {
        // Refuse first. What does a fresh model lack, so that a loss has a gradient and dropout drops?
        // The optimiser is new, too.
        todo!()
    }

    /// One step: `accumulation` batches, and one update by the mean of their gradients.
    ///
    /// Its windows are those of one [`random_batch`] with `accumulation` times `batch_size` rows,
    /// drawn by the configuration's seed and the number of this step, which is `step + 1`. The
    /// first `batch_size` rows go through the model first, and so on. So the result is that of the
    /// large batch at once, but for rounding and dropout. The mean gradient is clipped, the model is
    /// updated at the [`learning_rate`] of this step, and `step` counts it. There may be more than
    /// `steps` of them.
    ///
    /// The device's random numbers, from which dropout draws, start once from the
    /// [`random_number`] of the row behind the last. So a step depends on the trainer and the text
    /// alone.
    ///
    /// # Errors
    ///
    /// [`TrainingError::Data`] with what [`random_batch`] says, [`TrainingError::ContextTooLong`] if
    /// `context` has been raised beyond the model's positions, and [`TrainingError::NotFinite`] if
    /// the loss or the gradients' norm is infinite or NaN. In each case the trainer is as before:
    /// model, optimiser and step.
    ///
    /// # Panics
    ///
    /// If an id is not below `vocab_size`.
    pub fn train_step(&mut self, ids: &[usize]) -> Result<StepReport, TrainingError> {
        // Which number has this step? Draw all windows at once, on the model's device, and seed the
        // device for dropout. The rows are then cut into parts.
        //
        // Each part has a loss and gradients. What has to be done to them so that the sum over all
        // parts is the mean of the large batch?
        //
        // Then clip, and refuse what is not finite before anything is changed. Last, the update at the
        // rate of this step: model, `step`, report. Is the reported loss that of before or of after it?
        todo!()
    }
}

/// Adds more gradients to those that there are, path by path. One without a counterpart, on either
/// side, stays as it is.
pub fn add_gradients(sum: &mut BTreeMap<String, Tensor<1>>, more: BTreeMap<String, Tensor<1>>) {
    // Two cases for each path of `more`: it is in `sum` already, or it is not. What is only in `sum`
    // stays.
    todo!()
}

/// What a step has to tell.
#[derive(Debug, Clone, PartialEq)]
pub struct StepReport {
    /// Its number; the first is 1.
    pub step: usize,
    /// The mean loss of its batches, before the update.
    pub loss: f64,
    /// The [`global_norm`](crate::s16_optimizer::global_norm) of the mean gradient before clipping.
    pub gradient_norm: f64,
    /// The rate of its update.
    pub learning_rate: f64,
}

/// The mean loss of a model over a text, without dropout and without autodiff
/// ([`valid`](Module::valid)).
///
/// The windows are those of [`validation_batches`], the first `max_batches` batches of them. Every
/// target counts as much as every other, so a last batch with fewer rows counts less. Neither the
/// model nor any random number is changed.
///
/// # Errors
///
/// Looked for in this order: [`TrainingError::Zero`] if `max_batches` is zero,
/// [`TrainingError::Data`] with what [`validation_batches`] says, and
/// [`TrainingError::ContextTooLong`] if a window has more inputs than the model has positions.
///
/// # Panics
///
/// If an id is not below `vocab_size`.
pub fn evaluate(
    model: &Gpt,
    ids: &[usize],
    context: usize,
    batch_size: usize,
    max_batches: usize,
) -> Result<f64, TrainingError> {
    // Not the model that is in training: its dropout would change the loss. Where do the batches have
    // to be? The last batch may have fewer windows: how often does each batch's loss count, so that
    // every target counts the same?
    todo!()
}

/// Why there is no training, or no step.
#[derive(Debug, Clone, PartialEq)]
pub enum TrainingError {
    /// A size is zero.
    Zero {
        /// Its name.
        field: &'static str,
    },
    /// The rate would still be rising when the training ends.
    WarmupTooLong {
        /// Steps of warm-up.
        warmup_steps: usize,
        /// Steps in all.
        steps: usize,
    },
    /// A window has more inputs than the model has positions.
    ContextTooLong {
        /// Inputs of a window.
        context: usize,
        /// Longest sequence that the model can see.
        n_positions: usize,
    },
    /// There is no batch.
    Data(DataError),
    /// The loss, or the length of the gradients, is infinite or NaN.
    NotFinite {
        /// The number of the step.
        step: usize,
    },
}

impl From<DataError> for TrainingError {
    fn from(error: DataError) -> Self {
        Self::Data(error)
    }
}

impl From<SequenceTooLong> for TrainingError {
    fn from(SequenceTooLong { seq, n_positions }: SequenceTooLong) -> Self {
        Self::ContextTooLong {
            context: seq,
            n_positions,
        }
    }
}

impl fmt::Display for TrainingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zero { field } => write!(f, "`{field}` is zero"),
            Self::WarmupTooLong {
                warmup_steps,
                steps,
            } => write!(
                f,
                "{warmup_steps} steps of warm-up are too many for {steps} steps"
            ),
            Self::ContextTooLong {
                context,
                n_positions,
            } => write!(
                f,
                "a context of {context} is too long for a model with {n_positions} positions"
            ),
            Self::Data(error) => write!(f, "{error}"),
            Self::NotFinite { step } => write!(
                f,
                "the loss or its gradient is not finite at step {step}; the model is as before"
            ),
        }
    }
}

impl Error for TrainingError {}
