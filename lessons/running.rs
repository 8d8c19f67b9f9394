//! The running example of all lessons: the small model that comes with the course reads `the mo`.
//!
//! Written with tensors alone, so that every lesson can have what arrives from those before it. The
//! lessons use their own steps from there on, and the map's numbers hold that both give the same.

#![allow(dead_code, reason = "no lesson needs all of it")]

use std::f64::consts::PI;

use kit::tensor::{Bool, Int, Tensor, activation::softmax};
use kit::{Observer, Stored};

/// What the model reads, and what the text goes on with in "the model".
pub const TEXT: &str = "the mo";
pub const NEXT: char = 'd';

/// The last place of the text, at which the lessons look.
pub const LAST: usize = TEXT.len() - 1;

/// Heads of each block, and blocks. All other sizes are those of the tables.
const N_HEAD: usize = 4;
const N_LAYER: usize = 4;

const EPSILON: f64 = 1e-5;

/// The model: its weights, and the characters in the order of their ids.
pub struct Running {
    pub stored: Stored,
    pub letters: Vec<char>,
}

/// What goes through the model, stage by stage. Without a batch: [seq, ..].
pub struct Stages {
    pub ids: Vec<i64>,
    pub tokens: Tensor<2>,
    pub positions: Tensor<2>,
    pub sum: Tensor<2>,
    pub blocks: Vec<BlockStages>,
    pub last_norm: Tensor<2>,
    pub logits: Tensor<2>,
}

/// What goes through one block. Heads come first where there are some: [n_head, seq, ..].
pub struct BlockStages {
    pub normed: Tensor<2>,
    pub queries: Tensor<3>,
    pub keys: Tensor<3>,
    pub values: Tensor<3>,
    pub weights: Tensor<3>,
    pub found: Tensor<3>,
    pub attended: Tensor<2>,
    pub with_attention: Tensor<2>,
    pub normed_again: Tensor<2>,
    pub hidden: Tensor<2>,
    pub activated: Tensor<2>,
    pub answer: Tensor<2>,
    pub after: Tensor<2>,
}

impl Running {
    /// Reads the model.
    pub fn open(o: &Observer) -> Self {
        let letters: String = serde_json::from_reader(o.asset("model/characters.json"))
            .expect("the file is one string of JSON");
        Self {
            stored: Stored::open(&o.asset_path("model/model.safetensors"), &o.device()),
            letters: letters.chars().collect(),
        }
    }

    /// The id of a character.
    pub fn id(&self, letter: char) -> i64 {
        let found = self.letters.iter().position(|&known| known == letter);
        found.expect("the model knows it") as i64
    }

    /// The name of a parameter's part, as in `transformer.h.0.attn.`.
    pub fn path(block: usize, part: &str) -> String {
        format!("transformer.h.{block}.{part}.")
    }

    /// The model reads `text`.
    pub fn read(&self, text: &str) -> Stages {
        let ids: Vec<i64> = text.chars().map(|letter| self.id(letter)).collect();
        let table = self.stored.floats::<2>("transformer.wte.weight"); // [vocab_size, n_embd]
        let rows = Tensor::<1, Int>::from_data(ids.as_slice(), &table.device());
        let tokens = table.clone().select(0, rows); // [seq, n_embd]
        let positions = self.stored.floats::<2>("transformer.wpe.weight");
        let positions = positions.narrow(0, 0, ids.len()); // [seq, n_embd]
        let sum = tokens.clone() + positions.clone();
        let mut x = sum.clone();
        let mut blocks = Vec::new();
        while blocks.len() < N_LAYER {
            let block = self.block(blocks.len(), x);
            x = block.after.clone();
            blocks.push(block);
        }
        let last_norm = self.norm("transformer.ln_f.", x);
        let logits = last_norm.clone().matmul(table.transpose()); // [seq, vocab_size]
        Stages {
            ids,
            tokens,
            positions,
            sum,
            blocks,
            last_norm,
            logits,
        }
    }

    fn block(&self, block: usize, x: Tensor<2>) -> BlockStages {
        let path = |part| Self::path(block, part);
        let [seq, n_embd] = x.dims();
        let head_dim = n_embd / N_HEAD;
        let normed = self.norm(&path("ln_1"), x.clone());
        let qkv = self.project(&path("attn.c_attn"), normed.clone()); // [seq, 3 * n_embd]
        let [queries, keys, values] = [0, 1, 2].map(|part| {
            let part = qkv.clone().narrow(1, part * n_embd, n_embd);
            part.reshape([seq, N_HEAD, head_dim]).swap_dims(0, 1) // [n_head, seq, head_dim]
        });
        let scores = queries.clone().matmul(keys.clone().transpose()) / (head_dim as f64).sqrt();
        let later = Tensor::<3, Bool>::tril_mask([N_HEAD, seq, seq], 0, &x.device());
        let weights = softmax(scores.mask_fill(later, f32::NEG_INFINITY), 2);
        let found = weights.clone().matmul(values.clone()); // [n_head, seq, head_dim]
        let merged = found.clone().swap_dims(0, 1).reshape([seq, n_embd]);
        let attended = self.project(&path("attn.c_proj"), merged);
        let with_attention = x + attended.clone();
        let normed_again = self.norm(&path("ln_2"), with_attention.clone());
        let hidden = self.project(&path("mlp.c_fc"), normed_again.clone()); // [seq, n_inner]
        let activated = gelu(hidden.clone());
        let answer = self.project(&path("mlp.c_proj"), activated.clone());
        BlockStages {
            normed,
            queries,
            keys,
            values,
            weights,
            found,
            attended,
            after: with_attention.clone() + answer.clone(),
            with_attention,
            normed_again,
            hidden,
            activated,
            answer,
        }
    }

    fn norm(&self, path: &str, x: Tensor<2>) -> Tensor<2> {
        let centred = x.clone() - x.mean_dim(1);
        let variance = centred.clone().square().mean_dim(1);
        let [weight, bias] = self.of(path);
        centred / (variance + EPSILON).sqrt() * weight + bias
    }

    fn project(&self, path: &str, x: Tensor<2>) -> Tensor<2> {
        let weight = self.stored.floats::<2>(&format!("{path}weight"));
        let bias = self.stored.row(&format!("{path}bias"));
        x.matmul(weight) + bias.unsqueeze()
    }

    /// Weight and bias of a norm: [1, n_embd] each.
    fn of(&self, path: &str) -> [Tensor<2>; 2] {
        ["weight", "bias"].map(|name| self.stored.row(&format!("{path}{name}")).unsqueeze())
    }
}

fn gelu(x: Tensor<2>) -> Tensor<2> {
    let inner = (x.clone() + x.clone().powi_scalar(3) * 0.044715) * (2.0 / PI).sqrt();
    x * (inner.tanh() + 1.0) * 0.5
}

/// The first three channels at the last place, as the lessons write them.
pub fn three(x: &Tensor<2>) -> [String; 3] {
    let [seq, _] = x.dims();
    let values = floats(x.clone().narrow(0, seq - 1, 1).narrow(1, 0, 3));
    [0, 1, 2].map(|channel| written(values[channel]))
}

/// With two decimals, and no sign where only zeros are left.
pub fn written(value: f32) -> String {
    let text = format!("{value:.2}");
    match text.as_str() {
        "-0.00" => "0.00".into(),
        _ => text,
    }
}

/// Records the first three channels at the last place.
pub fn channels(o: &mut Observer, what: &str, x: &Tensor<2>) {
    for value in three(x) {
        o.text(what, value);
    }
}

/// Records the first three channels at every place.
pub fn all_channels(o: &mut Observer, what: &str, x: &Tensor<2>) {
    let [seq, _] = x.dims();
    for place in 0..seq {
        channels(o, what, &x.clone().narrow(0, 0, place + 1));
    }
}

/// The standard deviation of each row: [seq, n_embd] to seq numbers.
pub fn deviations(x: &Tensor<2>) -> Vec<f32> {
    floats(x.clone().var_bias(1).sqrt())
}

/// The length of each row: [seq, n_embd] to seq numbers.
pub fn lengths(x: &Tensor<2>) -> Vec<f32> {
    floats(x.clone().square().sum_dim(1).sqrt())
}

/// All values in a row.
pub fn floats<const D: usize>(x: Tensor<D>) -> Vec<f32> {
    x.into_data().iter().collect()
}
