//! Writes on from a prompt, a token at a time, with the steps as they are.
//!
//! `tutor generate` starts it. What it is to do stands on the first line of standard input, and each
//! token is told on standard output as soon as it is there: a JSON object a line. It stops once
//! standard input ends or has another line.

#[path = "common.rs"]
mod common;

use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Instant;

use burn::module::Module;
use burn::tensor::activation::softmax;
use burn::tensor::{Int, Tensor, TensorData};
use common::{Refusal, Refused, Tokenizer, loaded, settings, stop_signal, tell};
use serde_json::{Value, json};

use crate::s19_sampling::{SamplingConfig, next_token};
use crate::s20_kv_cache::{KvCache, next_logits};

/// How many of the likeliest tokens are listed beside the one that was taken.
const RUNNERS_UP: usize = 5;

pub fn main() -> ExitCode {
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(refused) => {
            refused.tell();
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), Refused> {
    let settings = settings()?;
    let folder = Path::new(settings["folder"].as_str().unwrap_or_default());
    let stop = stop_signal();
    let started = Instant::now();
    let sampling = sampling(&settings);
    sampling.validate().map_err(|error| error.to_string())?;
    let device = kit::device();
    let (tokenizer, model, config) = loaded(folder, &device)?;
    let prompt = match settings["prompt"].as_str() {
        Some(text) if !text.is_empty() => tokenizer.encode(text)?,
        _ => tokenizer.encode(&tokenizer.beginning()?)?,
    };
    tell(&json!({
        "event": "start",
        "parameters": model.num_params(),
        "n_positions": config.n_positions,
        "prompt_tokens": prompt.len(),
        "seconds": started.elapsed().as_secs_f64(),
    }));
    for &id in &prompt {
        tell(&json!({ "event": "prompt", "bytes": tokenizer.bytes(&[id])? }));
    }

    let shows_probabilities = settings["probabilities"].as_bool().unwrap_or(false);
    let max_new_tokens = settings["max_new_tokens"].as_u64().unwrap_or(200) as usize;
    let ids: Vec<i64> = prompt.iter().map(|&id| id as i64).collect();
    let shape = [1, ids.len()];
    let mut text = Tensor::<2, Int>::from_data(TensorData::new(ids, shape), &device); // [1, seq]
    let mut cache = KvCache::new(config.n_layer);
    let started = Instant::now();
    let mut whole = prompt.clone();
    let mut written = 0;
    while written < max_new_tokens && !stop.load(Ordering::Relaxed) {
        let logits = next_logits(&model, &text, &mut cache).map_err(|error| error.to_string())?;
        let position = prompt.len() + written;
        let next = next_token(logits.clone(), text.clone(), &sampling, position); // [1, 1]
        let id = first(&next);
        let mut event = json!({ "event": "token", "bytes": tokenizer.bytes(&[id])? });
        if shows_probabilities {
            let likely = likely(logits, id, &tokenizer)?;
            event["label"] = tokenizer.label(id)?.into();
            event["probability"] = likely.0;
            event["runners_up"] = likely.1;
        }
        if !tell(&event) {
            return Ok(());
        }
        text = Tensor::cat(vec![text, next], 1); // [1, seq + 1]
        whole.push(id);
        written += 1;
    }
    tell(&json!({
        "event": "end",
        "tokens": written,
        "seconds": started.elapsed().as_secs_f64(),
        "text": tokenizer.text(&whole)?,
    }));
    Ok(())
}

/// How probable the model found the token `id`, before any sampling, and the likeliest others.
fn likely(logits: Tensor<2>, id: usize, tokenizer: &Tokenizer) -> Result<(Value, Value), Refusal> {
    let probabilities = softmax(logits, 1).into_data().convert::<f32>();
    let mut ranked: Vec<(usize, f32)> = probabilities.iter::<f32>().enumerate().collect();
    let of_id = ranked[id].1;
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    let others = ranked.into_iter().filter(|(other, _)| *other != id);
    let others: Vec<Value> = others
        .take(RUNNERS_UP)
        .map(|(other, probability)| {
            let text = tokenizer.label(other)?;
            Ok(json!({ "text": text, "probability": probability }))
        })
        .collect::<Result<_, Refusal>>()?;
    Ok((json!(of_id), json!(others)))
}

fn first(ids: &Tensor<2, Int>) -> usize {
    let data = ids.to_data().convert::<i64>();
    data.iter::<i64>().next().unwrap_or_default() as usize
}

fn sampling(settings: &Value) -> SamplingConfig {
    SamplingConfig {
        temperature: settings["temperature"].as_f64().unwrap_or(0.8),
        top_k: settings["top_k"].as_u64().map(|k| k as usize),
        top_p: settings["top_p"].as_f64(),
        repetition_penalty: settings["repetition_penalty"].as_f64().unwrap_or(1.0),
        seed: settings["seed"].as_u64().unwrap_or(1),
    }
}
