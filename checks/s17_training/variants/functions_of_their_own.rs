//! A step in three functions, rates as a table, and losses that are added up as tensors.

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
        if self.batch_size == 0 {
            return Err(TrainingError::Zero {
                field: "batch_size",
            });
        }
        if self.context == 0 {
            return Err(TrainingError::Zero { field: "context" });
        }
        if self.accumulation == 0 {
            return Err(TrainingError::Zero {
                field: "accumulation",
            });
        }
        if self.steps == 0 {
            return Err(TrainingError::Zero { field: "steps" });
        }
        match self.warmup_steps.checked_sub(self.steps) {
            None | Some(0) => Ok(()),
            Some(_) => Err(TrainingError::WarmupTooLong {
                warmup_steps: self.warmup_steps,
                steps: self.steps,
            }),
        }
    }
}

pub fn learning_rate(step: usize, config: &TrainingConfig) -> f64 {
    let range = config.learning_rate - config.min_learning_rate;
    let way = |from: usize, to: usize| (step - from) as f64 / (to - from) as f64;
    if step <= config.warmup_steps {
        way(0, config.warmup_steps) * config.learning_rate
    } else if step < config.steps {
        let p = way(config.warmup_steps, config.steps);
        config.learning_rate - range * (1.0 - f64::cos(p * PI)) / 2.0
    } else {
        config.min_learning_rate
    }
}

pub fn batch_loss(model: &Gpt, batch: &Batch) -> Result<Tensor<1>, SequenceTooLong> {
    let Batch { inputs, targets } = batch.clone();
    let logits = model.forward(inputs)?;
    let vocab_size = logits.dims()[2] as i32;
    Ok(cross_entropy(
        logits.reshape([-1, vocab_size]),
        targets.reshape([-1]),
    ))
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
        if let Some(1..) = config.context.checked_sub(n_positions) {
            return Err(TrainingError::ContextTooLong {
                context: config.context,
                n_positions,
            });
        }
        Ok(Self {
            model: model.train(),
            optimizer: AdamW::new(config.adamw.clone()),
            config,
            step: 0,
        })
    }

    pub fn train_step(&mut self, ids: &[usize]) -> Result<StepReport, TrainingError> {
        let batches = self.batches(ids)?;
        let (loss, mut mean) = self.mean(&batches)?;
        let gradient_norm = clip(&mut mean, self.config.clip_norm);
        self.apply(loss, gradient_norm, &mean)
    }

    fn batches(&self, ids: &[usize]) -> Result<Vec<Batch>, TrainingError> {
        let config = &self.config;
        let (rows, step) = (config.accumulation * config.batch_size, self.step + 1);
        let device = self.model.transformer.wte.weight.device();
        let whole = random_batch(ids, rows, config.context, config.seed, step, &device)?;
        device.seed(random_number(config.seed, step, rows));
        let inputs = whole.inputs.chunk(config.accumulation, 0);
        let targets = whole.targets.chunk(config.accumulation, 0);
        Ok(std::iter::zip(inputs, targets)
            .map(|(inputs, targets)| Batch { inputs, targets })
            .collect())
    }

    fn mean(&self, batches: &[Batch]) -> Result<(f64, BTreeMap<String, Tensor<1>>), TrainingError> {
        let mut losses = Vec::new();
        let mut all = BTreeMap::new();
        for batch in batches {
            let loss = batch_loss(&self.model, batch)?;
            losses.push(loss.clone().inner());
            add_gradients(&mut all, gradients(&self.model, loss));
        }
        for gradient in all.values_mut() {
            *gradient = gradient.clone().div_scalar(batches.len() as f64);
        }
        Ok((Tensor::cat(losses, 0).mean().into_scalar(), all))
    }

    fn apply(
        &mut self,
        loss: f64,
        gradient_norm: f64,
        mean: &BTreeMap<String, Tensor<1>>,
    ) -> Result<StepReport, TrainingError> {
        let step = self.step + 1;
        if !(loss.is_finite() && gradient_norm.is_finite()) {
            return Err(TrainingError::NotFinite { step });
        }
        let learning_rate = learning_rate(step, &self.config);
        self.model = (self.optimizer).update(self.model.clone(), mean, learning_rate);
        self.step = step;
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
        let before = sum.get(&path).cloned();
        let after = before.map_or(gradient.clone(), |before| before + gradient);
        sum.insert(path, after);
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
        let field = "max_batches";
        return Err(TrainingError::Zero { field });
    }
    let model = model.valid();
    let device = model.transformer.wte.weight.device();
    let mut losses = Vec::new();
    for batch in validation_batches(ids, batch_size, context, &device)? {
        if losses.len() / batch_size.max(1) >= max_batches {
            break;
        }
        let [rows, _] = batch.inputs.dims();
        let loss: f64 = batch_loss(&model, &batch)?.into_scalar();
        losses.extend(std::iter::repeat_n(loss, rows));
    }
    Ok(losses.iter().sum::<f64>() / losses.len() as f64)
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
