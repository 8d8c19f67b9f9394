//! The loss of a batch by a layer of Burn's.

use std::collections::BTreeMap;
use std::error::Error;
use std::f64::consts::PI;
use std::fmt;

use burn::module::Module;
use burn::tensor::Tensor;

use crate::s10_model::SequenceTooLong;
use crate::s11_lm_head::Gpt;
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
        let sizes = [
            ("batch_size", self.batch_size),
            ("context", self.context),
            ("accumulation", self.accumulation),
            ("steps", self.steps),
        ];
        if let Some((field, _)) = sizes.into_iter().find(|&(_, size)| size == 0) {
            return Err(TrainingError::Zero { field });
        }
        if self.warmup_steps > self.steps {
            return Err(TrainingError::WarmupTooLong {
                warmup_steps: self.warmup_steps,
                steps: self.steps,
            });
        }
        Ok(())
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
    let (highest, lowest) = (config.learning_rate, config.min_learning_rate);
    if step <= config.warmup_steps {
        return highest * step as f64 / config.warmup_steps as f64;
    }
    if step >= config.steps {
        return lowest;
    }
    let fallen = (step - config.warmup_steps) as f64;
    let progress = fallen / (config.steps - config.warmup_steps) as f64;
    lowest + (highest - lowest) * (1.0 + (PI * progress).cos()) / 2.0
}

/// The mean loss of a model over all targets of a batch; [1].
///
/// # Errors
///
/// [`SequenceTooLong`] if the windows are longer than the model's positions.
pub fn batch_loss(model: &Gpt, batch: &Batch) -> Result<Tensor<1>, SequenceTooLong> {
    let logits = model.forward(batch.inputs.clone())?; // [batch, context, vocab_size]
    let [rows, context, vocab_size] = logits.dims();
    let n = rows * context;
    let theirs = burn::nn::loss::CrossEntropyLossConfig::new().init(&logits.device());
    Ok(theirs.forward(
        logits.reshape([n, vocab_size]),
        batch.targets.clone().reshape([n]),
    ))
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
        config.validate()?;
        let n_positions = model.transformer.n_positions();
        if config.context > n_positions {
            return Err(TrainingError::ContextTooLong {
                context: config.context,
                n_positions,
            });
        }
        Ok(Self {
            optimizer: AdamW::new(config.adamw.clone()),
            model: model.train(),
            step: 0,
            config,
        })
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
        let config = &self.config;
        let (step, parts) = (self.step + 1, config.accumulation);
        let rows = parts * config.batch_size;
        let device = self.model.transformer.wte.weight.device();
        let batch = random_batch(ids, rows, config.context, config.seed, step, &device)?;
        device.seed(random_number(config.seed, step, rows));

        let (mut mean_loss, mut mean_gradients) = (0.0, BTreeMap::new());
        for part in 0..parts {
            let first = part * config.batch_size;
            let batch = Batch {
                inputs: batch.inputs.clone().narrow(0, first, config.batch_size),
                targets: batch.targets.clone().narrow(0, first, config.batch_size),
            };
            let loss = batch_loss(&self.model, &batch)? / parts as f64; // [1]
            mean_loss += loss.clone().into_scalar::<f64>();
            add_gradients(&mut mean_gradients, gradients(&self.model, loss));
        }
        let gradient_norm = clip(&mut mean_gradients, config.clip_norm);
        if !mean_loss.is_finite() || !gradient_norm.is_finite() {
            return Err(TrainingError::NotFinite { step });
        }

        let learning_rate = learning_rate(step, config);
        let model = self.model.clone();
        self.model = self.optimizer.update(model, &mean_gradients, learning_rate);
        self.step = step;
        Ok(StepReport {
            step,
            loss: mean_loss,
            gradient_norm,
            learning_rate,
        })
    }
}

/// Adds more gradients to those that there are, path by path. One without a counterpart, on either
/// side, stays as it is.
pub fn add_gradients(sum: &mut BTreeMap<String, Tensor<1>>, more: BTreeMap<String, Tensor<1>>) {
    for (path, gradient) in more {
        if let Some(so_far) = sum.get_mut(&path) {
            *so_far = so_far.clone() + gradient;
        } else {
            sum.insert(path, gradient);
        }
    }
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
    if max_batches == 0 {
        return Err(TrainingError::Zero {
            field: "max_batches",
        });
    }
    let model = model.valid();
    let device = model.transformer.wte.weight.device();
    let (mut sum, mut rows) = (0.0, 0);
    let batches = validation_batches(ids, batch_size, context, &device)?;
    for batch in batches.iter().take(max_batches) {
        let [windows, _] = batch.inputs.dims();
        let loss: f64 = batch_loss(&model, batch)?.into_scalar();
        sum += loss * windows as f64;
        rows += windows;
    }
    Ok(sum / rows as f64)
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
