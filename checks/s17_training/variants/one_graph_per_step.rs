//! All parts of a step in one graph and one backward pass; losses of single tokens.

use std::collections::BTreeMap;
use std::error::Error;
use std::f64::consts::PI;
use std::fmt;

use burn::module::Module;
use burn::tensor::Tensor;

use crate::s10_model::SequenceTooLong;
use crate::s11_lm_head::Gpt;
use crate::s13_loss::token_losses;
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
        let names = ["batch_size", "context", "accumulation", "steps"];
        let sizes = [self.batch_size, self.context, self.accumulation, self.steps];
        for (field, size) in names.into_iter().zip(sizes) {
            if size == 0 {
                return Err(TrainingError::Zero { field });
            }
        }
        if self.steps < self.warmup_steps {
            let &Self {
                warmup_steps,
                steps,
                ..
            } = self;
            return Err(TrainingError::WarmupTooLong {
                warmup_steps,
                steps,
            });
        }
        Ok(())
    }
}

pub fn learning_rate(step: usize, config: &TrainingConfig) -> f64 {
    let step = step as f64;
    let (warmup, steps) = (config.warmup_steps as f64, config.steps as f64);
    if step <= warmup {
        return step / warmup * config.learning_rate;
    }
    let progress = ((step - warmup) / (steps - warmup).max(1.0)).min(1.0);
    let part = 0.5 + 0.5 * (PI * progress).cos();
    part * config.learning_rate + (1.0 - part) * config.min_learning_rate
}

pub fn batch_loss(model: &Gpt, batch: &Batch) -> Result<Tensor<1>, SequenceTooLong> {
    let logits = model.forward(batch.inputs.clone())?;
    let losses = token_losses(
        logits.flatten::<2>(0, 1),
        batch.targets.clone().flatten::<1>(0, 1),
    );
    let [n] = losses.dims();
    Ok(losses.sum() / n as f64)
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
        let n_positions = model.transformer.n_positions();
        if n_positions < config.context {
            return Err(TrainingError::ContextTooLong {
                context: config.context,
                n_positions,
            });
        }
        let optimizer = AdamW::new(config.adamw.clone());
        let model = model.train();
        let step = 0;
        Ok(Self {
            config,
            model,
            optimizer,
            step,
        })
    }

    pub fn train_step(&mut self, ids: &[usize]) -> Result<StepReport, TrainingError> {
        let (config, step) = (self.config.clone(), self.step + 1);
        let rows = config.accumulation * config.batch_size;
        let device = self.model.transformer.wte.weight.device();
        device.seed(random_number(config.seed, step, rows));
        let all = random_batch(ids, rows, config.context, config.seed, step, &device)?;
        let mut total: Option<Tensor<1>> = None;
        for first in (0..rows).step_by(config.batch_size) {
            let end = first + config.batch_size;
            let part = Batch {
                inputs: all.inputs.clone().slice_dim(0, first..end),
                targets: all.targets.clone().slice_dim(0, first..end),
            };
            let loss = batch_loss(&self.model, &part)?;
            total = Some(match total {
                Some(before) => before + loss,
                None => loss,
            });
        }
        let Some(total) = total else {
            return Err(TrainingError::Zero {
                field: "accumulation",
            });
        };
        let mean = total / config.accumulation as f64;
        let loss = mean.clone().into_scalar::<f64>();
        let mut found = BTreeMap::new();
        add_gradients(&mut found, gradients(&self.model, mean));
        let gradient_norm = clip(&mut found, config.clip_norm);
        if loss.is_finite() && gradient_norm.is_finite() {
            let learning_rate = learning_rate(step, &config);
            let before = self.model.clone();
            self.model = self.optimizer.update(before, &found, learning_rate);
            self.step = step;
            Ok(StepReport {
                step,
                loss,
                gradient_norm,
                learning_rate,
            })
        } else {
            Err(TrainingError::NotFinite { step })
        }
    }
}

pub fn add_gradients(sum: &mut BTreeMap<String, Tensor<1>>, more: BTreeMap<String, Tensor<1>>) {
    for (path, gradient) in more {
        sum.entry(path)
            .and_modify(|before| *before = before.clone().add(gradient.clone()))
            .or_insert(gradient);
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
    if max_batches < 1 {
        return Err(TrainingError::Zero {
            field: "max_batches",
        });
    }
    let model = model.valid();
    let device = model.transformer.wte.weight.device();
    let (mut sum, mut targets) = (0.0, 0.0);
    let batches = validation_batches(ids, batch_size, context, &device)?;
    for (i, batch) in batches.into_iter().enumerate() {
        if i == max_batches {
            break;
        }
        let logits = model.forward(batch.inputs)?;
        let losses = token_losses(logits.flatten(0, 1), batch.targets.flatten(0, 1));
        for loss in losses.into_data().iter::<f64>() {
            sum += loss;
            targets += 1.0;
        }
    }
    Ok(sum / targets)
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
