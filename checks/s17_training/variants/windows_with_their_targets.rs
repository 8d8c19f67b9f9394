//! The loss by step 13's `next_token_loss`, on windows put together again; iterators and folds.

use std::collections::BTreeMap;
use std::error::Error;
use std::f64::consts::PI;
use std::fmt;

use burn::module::Module;
use burn::tensor::Tensor;

use crate::s10_model::SequenceTooLong;
use crate::s11_lm_head::Gpt;
use crate::s13_loss::next_token_loss;
use crate::s15_data::{Batch, DataError, random_batch, random_number, validation_batches};
use crate::s16_optimizer::{AdamW, AdamWConfig, clip, gradients};

#[derive(Debug, Clone, PartialEq)]
pub struct TrainingConfig {
    pub batch_size: usize,
    pub context: usize,
    pub accumulation: usize,
    pub steps: usize,
    pub warmup_steps: usize,
    pub learning_rate: f64,
    pub min_learning_rate: f64,
    pub clip_norm: f64,
    pub adamw: AdamWConfig,
    pub seed: u64,
}

impl TrainingConfig {
    pub fn validate(&self) -> Result<(), TrainingError> {
        let zero = |field| Err(TrainingError::Zero { field });
        match self {
            Self { batch_size: 0, .. } => zero("batch_size"),
            Self { context: 0, .. } => zero("context"),
            Self {
                accumulation: 0, ..
            } => zero("accumulation"),
            Self { steps: 0, .. } => zero("steps"),
            &Self {
                warmup_steps,
                steps,
                ..
            } if warmup_steps > steps => Err(TrainingError::WarmupTooLong {
                warmup_steps,
                steps,
            }),
            _ => Ok(()),
        }
    }
}

pub fn learning_rate(step: usize, config: &TrainingConfig) -> f64 {
    let &TrainingConfig {
        steps,
        warmup_steps,
        learning_rate,
        min_learning_rate,
        ..
    } = config;
    if step <= warmup_steps {
        learning_rate / warmup_steps as f64 * step as f64
    } else {
        let left = steps.saturating_sub(step) as f64;
        let part = left / (steps.max(warmup_steps + 1) - warmup_steps) as f64;
        // sin^2(x / 2) is (1 - cos x) / 2.
        min_learning_rate + (learning_rate - min_learning_rate) * (PI / 2.0 * part).sin().powi(2)
    }
}

pub fn batch_loss(model: &Gpt, batch: &Batch) -> Result<Tensor<1>, SequenceTooLong> {
    let [_, context] = batch.inputs.dims();
    let last = batch.targets.clone().narrow(1, context - 1, 1);
    let windows = Tensor::cat(vec![batch.inputs.clone(), last], 1); // [batch, context + 1]
    // Step 13 shifts. Where targets are not the next inputs, it cannot be asked.
    let shifted = windows.clone().narrow(1, 1, context);
    let is_shifted: bool = shifted.equal(batch.targets.clone()).all().into_scalar();
    if is_shifted {
        return next_token_loss(model, windows);
    }
    let logits = model.forward(batch.inputs.clone())?;
    let targets = batch.targets.clone().unsqueeze_dim::<3>(2);
    let logs = burn::tensor::activation::log_softmax(logits, 2);
    Ok(logs.gather(2, targets).mean().neg())
}

#[derive(Debug, Clone)]
pub struct Trainer {
    pub config: TrainingConfig,
    pub model: Gpt,
    pub optimizer: AdamW,
    pub step: usize,
}

impl Trainer {
    pub fn new(model: Gpt, config: TrainingConfig) -> Result<Self, TrainingError> {
        config.validate()?;
        let context = config.context;
        match model.transformer.n_positions() {
            n_positions if n_positions < context => Err(TrainingError::ContextTooLong {
                context,
                n_positions,
            }),
            _ => Ok(Self {
                optimizer: AdamW::new(config.adamw.clone()),
                step: 0,
                model: model.train(),
                config,
            }),
        }
    }

    pub fn train_step(&mut self, ids: &[usize]) -> Result<StepReport, TrainingError> {
        let TrainingConfig {
            batch_size,
            context,
            accumulation,
            clip_norm,
            seed,
            ..
        } = self.config;
        let step = self.step + 1;
        let rows = accumulation * batch_size;
        let device = self.model.transformer.wte.weight.device();
        let batch = random_batch(ids, rows, context, seed, step, &device)?;
        device.seed(random_number(seed, step, rows));
        let inputs = batch.inputs.split(batch_size, 0);
        let targets = batch.targets.split(batch_size, 0);
        let parts = inputs.into_iter().zip(targets);
        let (mut losses, mut all) = (Vec::new(), BTreeMap::new());
        for (inputs, targets) in parts {
            let loss = batch_loss(&self.model, &Batch { inputs, targets })?;
            losses.push(f64::from(loss.clone().into_scalar::<f32>()));
            add_gradients(&mut all, gradients(&self.model, loss));
        }
        let share = 1.0 / accumulation as f64;
        let mut all: BTreeMap<_, _> = (all.into_iter())
            .map(|(path, gradient)| (path, gradient * share))
            .collect();
        let loss = losses.iter().sum::<f64>() * share;
        let gradient_norm = clip(&mut all, clip_norm);
        if [loss, gradient_norm]
            .iter()
            .any(|number| !number.is_finite())
        {
            return Err(TrainingError::NotFinite { step });
        }
        let learning_rate = learning_rate(step, &self.config);
        self.model = (self.optimizer).update(self.model.clone(), &all, learning_rate);
        self.step += 1;
        Ok(StepReport {
            step,
            loss,
            gradient_norm,
            learning_rate,
        })
    }
}

pub fn add_gradients(sum: &mut BTreeMap<String, Tensor<1>>, more: BTreeMap<String, Tensor<1>>) {
    for (path, gradient) in more {
        let total = match sum.remove(&path) {
            Some(before) => gradient + before,
            None => gradient,
        };
        sum.insert(path, total);
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct StepReport {
    pub step: usize,
    pub loss: f64,
    pub gradient_norm: f64,
    pub learning_rate: f64,
}

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
    let mut batches = validation_batches(ids, batch_size, context, &device)?;
    batches.truncate(max_batches);
    let rows: usize = batches.iter().map(|batch| batch.inputs.dims()[0]).sum();
    let weighted = batches.iter().map(|batch| {
        let share = batch.inputs.dims()[0] as f64 / rows as f64;
        Ok(share * batch_loss(&model, batch)?.into_scalar::<f64>())
    });
    weighted.sum()
}

#[derive(Debug, Clone, PartialEq)]
pub enum TrainingError {
    Zero { field: &'static str },
    WarmupTooLong { warmup_steps: usize, steps: usize },
    ContextTooLong { context: usize, n_positions: usize },
    Data(DataError),
    NotFinite { step: usize },
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
