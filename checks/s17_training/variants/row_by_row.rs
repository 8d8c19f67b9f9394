//! One window at a time: its gradient is taken by itself, and all of them are averaged. (Without
//! dropout that is the same as any other way.)

use std::collections::BTreeMap;
use std::error::Error;
use std::f64::consts::PI;
use std::fmt;

use burn::module::Module;
use burn::tensor::Tensor;

use crate::s10_model::SequenceTooLong;
use crate::s11_lm_head::Gpt;
use crate::s13_loss::cross_entropy;
use crate::s15_data::{Batch, DataError, random_batch, random_number, window_count, window_starts};
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
        let check = |field, size| match size {
            0 => Err(TrainingError::Zero { field }),
            _ => Ok(()),
        };
        check("batch_size", self.batch_size)?;
        check("context", self.context)?;
        check("accumulation", self.accumulation)?;
        check("steps", self.steps)?;
        let (warmup_steps, steps) = (self.warmup_steps, self.steps);
        if warmup_steps <= steps {
            Ok(())
        } else {
            Err(TrainingError::WarmupTooLong {
                warmup_steps,
                steps,
            })
        }
    }
}

pub fn learning_rate(step: usize, config: &TrainingConfig) -> f64 {
    match step {
        _ if step <= config.warmup_steps => {
            config.learning_rate * (step as f64 / config.warmup_steps as f64)
        }
        _ if step > config.steps => config.min_learning_rate,
        _ => {
            let length = (config.steps - config.warmup_steps) as f64;
            let angle = (step - config.warmup_steps) as f64 * (PI / length);
            let middle = (config.learning_rate + config.min_learning_rate) / 2.0;
            middle + angle.cos() * (config.learning_rate - middle)
        }
    }
}

pub fn batch_loss(model: &Gpt, batch: &Batch) -> Result<Tensor<1>, SequenceTooLong> {
    let [rows, _] = batch.inputs.dims();
    let mut losses = Vec::new();
    for row in 0..rows {
        let logits = model.forward(batch.inputs.clone().narrow(0, row, 1))?;
        let targets = batch.targets.clone().narrow(0, row, 1);
        losses.push(cross_entropy(logits.squeeze_dim(0), targets.squeeze_dim(0)));
    }
    Ok(Tensor::cat(losses, 0).mean())
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
        if !(config.context <= model.transformer.n_positions()) {
            return Err(TrainingError::ContextTooLong {
                context: config.context,
                n_positions: model.transformer.n_positions(),
            });
        }
        let model = model.train();
        Ok(Self {
            step: 0,
            optimizer: AdamW::new(config.adamw.clone()),
            config,
            model,
        })
    }

    pub fn train_step(&mut self, ids: &[usize]) -> Result<StepReport, TrainingError> {
        let step = self.step + 1;
        let (loss, mut gradients) = self.gradients(ids, step)?;
        let gradient_norm = clip(&mut gradients, self.config.clip_norm);
        if (loss + gradient_norm).is_nan() || (loss + gradient_norm).is_infinite() {
            return Err(TrainingError::NotFinite { step });
        }
        let report = StepReport {
            step,
            loss,
            gradient_norm,
            learning_rate: learning_rate(step, &self.config),
        };
        let old = self.model.clone();
        self.model = (self.optimizer).update(old, &gradients, report.learning_rate);
        self.step = step;
        Ok(report)
    }

    /// Mean loss and mean gradients of a step's windows.
    fn gradients(
        &self,
        ids: &[usize],
        step: usize,
    ) -> Result<(f64, BTreeMap<String, Tensor<1>>), TrainingError> {
        let config = &self.config;
        let rows = config.accumulation * config.batch_size;
        let device = self.model.transformer.wte.weight.device();
        let batch = random_batch(ids, rows, config.context, config.seed, step, &device)?;
        device.seed(random_number(config.seed, step, rows));
        let (mut total, mut sum) = (0.0, BTreeMap::new());
        for row in 0..rows {
            let window = Batch {
                inputs: batch
                    .inputs
                    .clone()
                    .slice([row..row + 1, 0..config.context]),
                targets: batch
                    .targets
                    .clone()
                    .slice([row..row + 1, 0..config.context]),
            };
            let loss = batch_loss(&self.model, &window)?.div_scalar(rows as f64);
            total += loss.clone().into_scalar::<f64>();
            add_gradients(&mut sum, gradients(&self.model, loss));
        }
        Ok((total, sum))
    }
}

pub fn add_gradients(sum: &mut BTreeMap<String, Tensor<1>>, more: BTreeMap<String, Tensor<1>>) {
    let before = std::mem::replace(sum, more);
    for (path, gradient) in before {
        match sum.get_mut(&path) {
            Some(other) => *other = gradient + other.clone(),
            None => drop(sum.insert(path, gradient)),
        }
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
    for (field, size) in [("max_batches", max_batches), ("batch_size", batch_size)] {
        if size == 0 {
            return Err(TrainingError::Zero { field }.as_data());
        }
    }
    window_count(ids.len(), context)?;
    let model = model.valid();
    let device = model.transformer.wte.weight.device();
    let starts = window_starts(ids.len(), context, context)?;
    let count = starts.len().min(max_batches.saturating_mul(batch_size));
    let mut sum = 0.0;
    for start in &starts[..count] {
        let window = Batch::at(ids, &[*start], context, &device);
        sum += batch_loss(&model, &window)?.into_scalar::<f64>();
    }
    Ok(sum / count as f64)
}

impl TrainingError {
    /// A batch size of zero is what step 15 refuses.
    fn as_data(self) -> Self {
        match self {
            Self::Zero {
                field: "batch_size",
            } => Self::Data(DataError::Zero {
                field: "batch_size",
            }),
            other => other,
        }
    }
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
