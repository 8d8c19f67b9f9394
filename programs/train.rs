//! Trains a model, with the steps as they are.
//!
//! `tutor train` starts it. What it is to do stands on the first line of standard input, and how it
//! goes is told on standard output: a JSON object a line. It stops after the step that it is making
//! once standard input ends or has another line. Whenever it stops, the checkpoint is complete.

#[path = "common.rs"]
mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use burn::module::Module;
use burn::tensor::{Int, Tensor, TensorData};
use common::{LOCK, Refusal, Tokenizer, lock, settings, stop_signal, tell};
use serde_json::{Value, json};

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s15_data::{Split, split};
use crate::s16_optimizer::{AdamWConfig, gpt2_start};
use crate::s17_training::{Trainer, TrainingConfig, evaluate};
use crate::s18_checkpoint::{resume, save};
use crate::s19_sampling::SamplingConfig;
use crate::s20_kv_cache::generate;

/// The text that a checkpoint was made from lies beside it: it goes on with the same one.
const TEXT: &str = "text.txt";

/// The end of the text that is held back: a tenth.
const VALIDATION_SHARE: f64 = 0.1;

/// Steps by which the speed is measured, if it is time that is given.
const TRIAL: usize = 8;

/// Tokens of a sample.
const SAMPLE: usize = 160;

pub fn main() -> ExitCode {
    match settings().and_then(|settings| train(&settings)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            tell(&json!({ "event": "refused", "message": message }));
            ExitCode::FAILURE
        }
    }
}

/// A training that is under way.
struct Session {
    folder: PathBuf,
    tokenizer: Tokenizer,
    config: GptConfig,
    split: Split,
    trainer: Trainer,
}

fn train(settings: &Value) -> Result<(), Refusal> {
    let folder = PathBuf::from(settings["folder"].as_str().unwrap_or_default());
    fs::create_dir_all(&folder).map_err(|error| format!("`{}`: {error}", folder.display()))?;
    let _lock = lock(&folder)?;
    let stop = stop_signal();
    let mut session = match settings["resume"].as_bool() {
        Some(true) => Session::resumed(&folder)?,
        _ => Session::begun(&folder, settings)?,
    };
    let every = |name: &str, usual: usize| {
        let given = settings[name].as_u64().map(|number| number as usize);
        given.unwrap_or(usual).max(1)
    };
    let (evaluate, sample, keep) = (
        every("evaluate_every", 50),
        every("sample_every", 200),
        every("save_every", 200),
    );
    let last = match settings["more_steps"].as_u64() {
        Some(more) => session.trainer.step + more as usize,
        None => session.trainer.config.steps,
    };
    if session.trainer.step >= last {
        return Err(format!("all {last} steps have been made"));
    }
    session.tell_start(settings, last);
    let mut saved = session.trainer.step;
    while session.trainer.step < last && !stop.load(Ordering::Relaxed) {
        let started = Instant::now();
        let report = (session.trainer)
            .train_step(&session.split.train)
            .map_err(|error| error.to_string())?;
        let listens = tell(&json!({
            "event": "step",
            "step": report.step,
            "loss": report.loss,
            "gradient_norm": report.gradient_norm,
            "learning_rate": report.learning_rate,
            "seconds": started.elapsed().as_secs_f64(),
        }));
        let step = session.trainer.step;
        if step % evaluate == 0 || step == last {
            session.tell_validation()?;
        }
        if step % sample == 0 || step == last {
            session.tell_sample()?;
        }
        if step % keep == 0 {
            session.save()?;
            saved = step;
        }
        if !listens {
            break;
        }
    }
    if saved != session.trainer.step {
        session.save()?;
    }
    tell(&json!({ "event": "end", "step": session.trainer.step, "finished": session.trainer.step >= last }));
    Ok(())
}

impl Session {
    /// A new one, as `settings` say.
    fn begun(folder: &Path, settings: &Value) -> Result<Self, Refusal> {
        let path = settings["text"].as_str().unwrap_or_default();
        let text = fs::read_to_string(path).map_err(|error| format!("`{path}`: {error}"))?;
        let vocab_size = settings["vocab_size"].as_u64().map(|size| size as usize);
        let tokenizer = Tokenizer::learnt(&text, vocab_size)?;
        let config = model_config(&settings["model"], tokenizer.vocab_size());
        config.validate().map_err(|error| error.to_string())?;
        let training = training_config(&settings["training"]);
        let ids = tokenizer.encode(&text)?;
        let split =
            split(&ids, VALIDATION_SHARE, training.context).map_err(|error| error.to_string())?;
        let device = kit::device().autodiff();
        let model = gpt2_start(Gpt::new(&config, &device), &config, training.seed);
        let mut trainer =
            Trainer::new(model, training).map_err(|error| error.to_string())?;
        if let Some(minutes) = settings["minutes"].as_f64() {
            trainer.config.steps = steps_within(&trainer, &split, minutes)?;
            trainer.config.warmup_steps = trainer.config.warmup_steps.min(trainer.config.steps);
        }
        // From here on nothing is refused for what was asked: what was there makes room.
        put_aside(folder)?;
        tokenizer.write(folder)?;
        let copy = folder.join(TEXT);
        fs::write(&copy, &text).map_err(|error| format!("`{}`: {error}", copy.display()))?;
        Ok(Self {
            folder: folder.to_owned(),
            tokenizer,
            config,
            split,
            trainer,
        })
    }

    /// The one whose checkpoint lies in `folder`.
    fn resumed(folder: &Path) -> Result<Self, Refusal> {
        let device = kit::device().autodiff();
        let (trainer, config) = resume(folder, &device).map_err(|error| error.to_string())?;
        let tokenizer = Tokenizer::read(folder)?;
        let copy = folder.join(TEXT);
        let text = fs::read_to_string(&copy)
            .map_err(|error| format!("`{}`: {error}", copy.display()))?;
        let ids = tokenizer.encode(&text)?;
        let split = split(&ids, VALIDATION_SHARE, trainer.config.context)
            .map_err(|error| error.to_string())?;
        Ok(Self {
            folder: folder.to_owned(),
            tokenizer,
            config,
            split,
            trainer,
        })
    }

    fn tell_start(&self, settings: &Value, last: usize) {
        let training = &self.trainer.config;
        tell(&json!({
            "event": "start",
            "resumed": settings["resume"].as_bool().unwrap_or(false),
            "step": self.trainer.step,
            "steps": last,
            "parameters": self.trainer.model.num_params(),
            "vocab_size": self.config.vocab_size,
            "training_tokens": self.split.train.len(),
            "validation_tokens": self.split.validation.len(),
            "tokens_per_step": training.batch_size * training.context * training.accumulation,
        }));
    }

    fn tell_validation(&self) -> Result<(), Refusal> {
        let training = &self.trainer.config;
        let loss = evaluate(
            &self.trainer.model,
            &self.split.validation,
            training.context,
            training.batch_size,
            // About as many tokens as twenty steps have.
            20 * training.accumulation,
        );
        let loss = loss.map_err(|error| error.to_string())?;
        tell(&json!({ "event": "validation", "step": self.trainer.step, "loss": loss }));
        Ok(())
    }

    /// What the model writes now, after the first token of the text that is held back.
    fn tell_sample(&self) -> Result<(), Refusal> {
        let start = self.split.validation[0] as i64;
        let model = self.trainer.model.clone().valid();
        let device = kit::device();
        let prompt = Tensor::<2, Int>::from_data(TensorData::new(vec![start], [1, 1]), &device);
        let sampling = SamplingConfig {
            temperature: 0.8,
            top_k: None,
            top_p: Some(0.95),
            repetition_penalty: 1.0,
            seed: self.trainer.config.seed,
        };
        let written =
            generate(&model, prompt, SAMPLE, &sampling).map_err(|error| error.to_string())?;
        let ids: Vec<usize> = (written.into_data().convert::<i64>().iter::<i64>())
            .map(|id| id as usize)
            .collect();
        let text = self.tokenizer.text(&ids)?;
        tell(&json!({ "event": "sample", "step": self.trainer.step, "text": text }));
        Ok(())
    }

    fn save(&self) -> Result<(), Refusal> {
        let started = Instant::now();
        save(self.folder.as_path(), &self.trainer, &self.config).map_err(|error| error.to_string())?;
        tell(&json!({
            "event": "saved",
            "step": self.trainer.step,
            "folder": self.folder,
            "seconds": started.elapsed().as_secs_f64(),
        }));
        Ok(())
    }
}

/// Moves the checkpoint that lies in `folder`, if one does, into a new folder beside it. The lock
/// stays.
fn put_aside(folder: &Path) -> Result<(), Refusal> {
    if !folder.join("model.safetensors").exists() {
        return Ok(());
    }
    let refused = |error: std::io::Error| format!("`{}`: {error}", folder.display());
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let aside = (1..10_000)
        .map(|n| folder.with_file_name(format!("{name}-{n}")))
        .find(|aside| !aside.exists())
        .ok_or_else(|| format!("there are too many folders `{}-N`", folder.display()))?;
    fs::create_dir(&aside).map_err(refused)?;
    for entry in fs::read_dir(folder).map_err(refused)? {
        let entry = entry.map_err(refused)?;
        if entry.file_name() != LOCK {
            fs::rename(entry.path(), aside.join(entry.file_name())).map_err(refused)?;
        }
    }
    tell(&json!({ "event": "put_aside", "folder": aside }));
    Ok(())
}

/// How many steps go into so many minutes, by the speed of a few that are thrown away.
fn steps_within(trainer: &Trainer, split: &Split, minutes: f64) -> Result<usize, Refusal> {
    let mut trial = trainer.clone();
    let mut taken = Duration::MAX;
    for _ in 0..TRIAL {
        let started = Instant::now();
        let made = trial.train_step(&split.train);
        made.map_err(|error| error.to_string())?;
        taken = taken.min(started.elapsed());
    }
    // Evaluations, samples and checkpoints take their share.
    const FOR_STEPS: f64 = 0.9;
    let steps = minutes * 60.0 * FOR_STEPS / taken.as_secs_f64().max(1e-6);
    Ok((steps as usize).max(1))
}

fn model_config(settings: &Value, vocab_size: usize) -> GptConfig {
    let size = |name: &str, usual: usize| match settings[name].as_u64() {
        Some(size) => size as usize,
        None => usual,
    };
    let n_embd = size("n_embd", 64);
    GptConfig {
        vocab_size,
        n_positions: size("n_positions", 64),
        n_embd,
        n_layer: size("n_layer", 4),
        n_head: size("n_head", 4),
        n_inner: size("n_inner", 4 * n_embd),
        layer_norm_epsilon: 1e-5,
        dropout: settings["dropout"].as_f64().unwrap_or(0.0),
    }
}

fn training_config(settings: &Value) -> TrainingConfig {
    let size = |name: &str, usual: usize| match settings[name].as_u64() {
        Some(size) => size as usize,
        None => usual,
    };
    let number = |name: &str, usual: f64| settings[name].as_f64().unwrap_or(usual);
    let steps = size("steps", 2000);
    let learning_rate = number("learning_rate", 3e-3);
    TrainingConfig {
        batch_size: size("batch_size", 16),
        context: size("context", 64),
        accumulation: size("accumulation", 1),
        steps,
        warmup_steps: size("warmup_steps", 100).min(steps),
        learning_rate,
        min_learning_rate: number("min_learning_rate", learning_rate / 10.0),
        clip_norm: number("clip_norm", 1.0),
        adamw: AdamWConfig {
            weight_decay: number("weight_decay", 0.1),
            ..AdamWConfig::default()
        },
        seed: settings["seed"].as_u64().unwrap_or(1),
    }
}
