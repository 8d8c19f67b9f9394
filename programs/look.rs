//! Looks into a model while it reads a text, with the steps as they are.
//!
//! `tutor look` starts it. What it is to look at stands on the first line of standard input; what it
//! saw is told on standard output, as one JSON object, and before that how far it is if it takes long.

#[path = "common.rs"]
mod common;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use burn::tensor::activation::softmax;
use burn::tensor::{Int, Tensor, TensorData};
use common::{Refusal, Refused, Tokenizer, loaded, settings, tell};
use serde_json::{Value, json};

use crate::s07_attention::CausalSelfAttention;
use crate::s08_residual::residual;
use crate::s09_block::Block;
use crate::s11_lm_head::Gpt;
use crate::s13_loss::token_losses;

/// How many of the likeliest tokens are told for each place and layer.
const LIKELIEST: usize = 3;

/// How many rows of the token table are told that are most like a token's.
const NEIGHBOURS: usize = 5;

/// What takes no longer is not worth telling how far it is.
const SHORT: Duration = Duration::from_secs(1);

pub fn main() -> ExitCode {
    match look() {
        Ok(seen) => {
            tell(&seen);
            ExitCode::SUCCESS
        }
        Err(refused) => {
            refused.tell();
            ExitCode::FAILURE
        }
    }
}

fn look() -> Result<Value, Refused> {
    let settings = settings()?;
    let folder = Path::new(settings["folder"].as_str().unwrap_or_default());
    let device = kit::device();
    let (tokenizer, model, config) = loaded(folder, &device)?;
    let mut ids = tokenizer.encode(settings["text"].as_str().unwrap_or_default())?;
    if ids.len() < 2 {
        let refusal: Refusal =
            "there is nothing to predict in a text of fewer than two tokens".into();
        return Err(refusal.into());
    }
    let left_out = ids.len().saturating_sub(config.n_positions);
    ids.truncate(config.n_positions);
    let numbers: Vec<i64> = ids.iter().map(|&id| id as i64).collect();
    let shape = [1, numbers.len()];
    let input = Tensor::<2, Int>::from_data(TensorData::new(numbers, shape), &device); // [1, seq]

    let seen = Seen::of(&model, input.clone());
    let losses = losses(&seen.logits(&model, seen.streams.len() - 1), &input);
    let removed = removed(&model, &seen, &input, &losses);
    let tokens: Vec<String> = ids
        .iter()
        .map(|&id| tokenizer.label(id))
        .collect::<Result<_, _>>()?;
    let lens: Vec<Value> = (0..seen.streams.len())
        .map(|layer| likeliest(&seen.logits(&model, layer), &tokenizer))
        .collect::<Result<_, _>>()?;
    Ok(json!({
        "event": "seen",
        "tokens": tokens,
        "left_out": left_out,
        "n_layer": config.n_layer,
        "n_head": config.n_head,
        "losses": losses,
        "attention": seen.attention,
        "lens": lens,
        "neighbours": neighbours(&model, &ids, &tokenizer)?,
        "removed": removed,
    }))
}

/// What passed by while the model read.
struct Seen {
    /// The residual stream before the first block and after each one, [1, seq, n_embd].
    streams: Vec<Tensor<3>>,
    /// For each layer and head, each query's weights on all keys.
    attention: Vec<Vec<Vec<Vec<f32>>>>,
}

impl Seen {
    fn of(model: &Gpt, ids: Tensor<2, Int>) -> Self {
        let mut x = model.transformer.embed(ids); // [1, seq, n_embd]
        let mut seen = Self {
            streams: vec![x.clone()],
            attention: Vec::new(),
        };
        for block in &model.transformer.h {
            let weights = weights(&block.attn, block.ln_1.forward(x.clone())); // [1, n_head, seq, seq]
            seen.attention.push(heads(weights));
            x = block.forward(x);
            seen.streams.push(x.clone());
        }
        seen
    }

    /// What the model would say if its last norm and its head followed right after `layer`;
    /// [seq, vocab_size].
    fn logits(&self, model: &Gpt, layer: usize) -> Tensor<2> {
        let normed = model.transformer.ln_f.forward(self.streams[layer].clone());
        let table = model.transformer.wte.weight.val(); // [vocab_size, n_embd]
        normed.squeeze_dim::<2>(0).matmul(table.transpose())
    }
}

/// How much each token takes from each, head by head: [1, seq, n_embd] -> [1, n_head, seq, seq].
fn weights(attn: &CausalSelfAttention, x: Tensor<3>) -> Tensor<4> {
    let [_, _, n_embd] = x.dims();
    let qkv = attn.c_attn.forward(x);
    let [q, k] = [0, 1].map(|part| attn.split_heads(qkv.clone().narrow(2, part * n_embd, n_embd)));
    attn.attention_weights(q, k)
}

fn heads(weights: Tensor<4>) -> Vec<Vec<Vec<f32>>> {
    let [_, n_head, seq, _] = weights.dims();
    let values: Vec<f32> = weights.into_data().convert::<f32>().iter::<f32>().collect();
    let rows: Vec<Vec<f32>> = values.chunks(seq).map(<[f32]>::to_vec).collect();
    rows.chunks(seq).take(n_head).map(<[_]>::to_vec).collect()
}

/// The loss of each token but the first.
fn losses(logits: &Tensor<2>, ids: &Tensor<2, Int>) -> Vec<f32> {
    let [seq, _] = logits.dims();
    let targets = ids.clone().narrow(1, 1, seq - 1).reshape([seq - 1]); // [seq - 1]
    let losses = token_losses(logits.clone().narrow(0, 0, seq - 1), targets); // [seq - 1]
    losses.into_data().convert::<f32>().iter::<f32>().collect()
}

/// The likeliest next tokens at each place.
fn likeliest(logits: &Tensor<2>, tokenizer: &Tokenizer) -> Result<Value, Refusal> {
    let [_, vocab_size] = logits.dims();
    let probabilities = softmax(logits.clone(), 1).into_data().convert::<f32>();
    let probabilities: Vec<f32> = probabilities.iter::<f32>().collect();
    let places: Vec<Value> = probabilities
        .chunks(vocab_size)
        .map(|row| {
            let best = best(row, LIKELIEST);
            let told = best.into_iter().map(|(id, probability)| {
                Ok(json!({ "text": tokenizer.label(id)?, "probability": probability }))
            });
            Ok(Value::Array(told.collect::<Result<_, Refusal>>()?))
        })
        .collect::<Result<_, Refusal>>()?;
    Ok(Value::Array(places))
}

/// For each token of the text, once: the tokens whose rows of the table point most nearly the same
/// way, by the cosine of the angle between them.
fn neighbours(model: &Gpt, ids: &[usize], tokenizer: &Tokenizer) -> Result<Value, Refusal> {
    let table = model.transformer.wte.weight.val(); // [vocab_size, n_embd]
    let lengths = table.clone().square().sum_dim(1).sqrt().clamp_min(1e-12); // [vocab_size, 1]
    let table = table / lengths;
    let mut distinct = ids.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mut told = Vec::new();
    for id in distinct {
        let row = table.clone().narrow(0, id, 1); // [1, n_embd]
        let cosines = row.matmul(table.clone().transpose()); // [1, vocab_size]
        let cosines: Vec<f32> = cosines.into_data().convert::<f32>().iter::<f32>().collect();
        let others = best(&cosines, NEIGHBOURS + 1).into_iter();
        let others: Vec<Value> = others
            .filter(|(other, _)| *other != id)
            .take(NEIGHBOURS)
            .map(|(other, cosine)| Ok(json!({ "text": tokenizer.label(other)?, "cosine": cosine })))
            .collect::<Result<_, Refusal>>()?;
        told.push(json!({ "text": tokenizer.label(id)?, "nearest": others }));
    }
    Ok(Value::Array(told))
}

/// How much the mean loss grows, in nats, if what one head found is taken out: a number for each
/// layer and head.
fn removed(model: &Gpt, seen: &Seen, ids: &Tensor<2, Int>, losses: &[f32]) -> Value {
    let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
    let before = mean(losses);
    let started = Instant::now();
    let of = model.transformer.h.len() * model.transformer.h[0].attn.n_head;
    let mut done = 0;
    let mut told = Vec::new();
    for (layer, block) in model.transformer.h.iter().enumerate() {
        let mut row = Vec::new();
        for head in 0..block.attn.n_head {
            let without = without_head(model, seen.streams[layer].clone(), layer, head);
            row.push(mean(&self::losses(&without, ids)) - before);
            done += 1;
            if started.elapsed() > SHORT {
                tell(&json!({ "event": "progress", "done": done, "of": of }));
            }
        }
        told.push(row);
    }
    json!(told)
}

/// The logits if `head` of `layer` finds nothing, from the stream [1, seq, n_embd] before that layer on:
/// [seq, vocab_size].
fn without_head(model: &Gpt, x: Tensor<3>, layer: usize, head: usize) -> Tensor<2> {
    let blocks = &model.transformer.h;
    let mut x = block_without(&blocks[layer], x, head);
    for block in &blocks[layer + 1..] {
        x = block.forward(x);
    }
    let normed = model.transformer.ln_f.forward(x).squeeze_dim::<2>(0);
    normed.matmul(model.transformer.wte.weight.val().transpose())
}

/// What a block makes of `x` [1, seq, n_embd] if its `head` finds nothing.
fn block_without(block: &Block, x: Tensor<3>, head: usize) -> Tensor<3> {
    let attn = &block.attn;
    let x = residual(x, &block.ln_1, |x| {
        let [_, seq, n_embd] = x.dims();
        let v = attn.c_attn.forward(x.clone()).narrow(2, 2 * n_embd, n_embd);
        let found = weights(attn, x).matmul(attn.split_heads(v)); // [1, n_head, seq, head_dim]
        let [_, _, _, head_dim] = found.dims();
        let nothing = Tensor::zeros([1, 1, seq, head_dim], &found.device());
        let found = found.slice_assign([0..1, head..head + 1, 0..seq, 0..head_dim], nothing);
        attn.c_proj.forward(attn.merge_heads(found))
    });
    residual(x, &block.ln_2, |x| block.mlp.forward(x))
}

/// The positions of the largest values, and these, the largest first.
fn best(values: &[f32], number: usize) -> Vec<(usize, f32)> {
    let mut ranked: Vec<(usize, f32)> = values.iter().copied().enumerate().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    ranked.truncate(number);
    ranked
}
