//! Recomputes every number of lesson 07.

#[path = "../common.rs"]
mod common;
#[path = "../running.rs"]
mod running;
#[path = "../small_model.rs"]
mod small_model;

use crate::s01_config::GptConfig;
use crate::s02_causal_mask::causal_mask;
use crate::s07_attention::CausalSelfAttention;
use common::thousands;
use kit::Observer;
use kit::module::Param;
use kit::tensor::activation::softmax;
use kit::tensor::{Tensor, TensorData};
use running::{LAST, Running, TEXT, channels, floats, written};

const Q: [[f32; 4]; 3] = [
    [1.0, 0.0, 0.0, 1.0],
    [0.0, 2.0, 0.0, 0.0],
    [1.0, 0.0, 1.0, 0.0],
];
const K: [[f32; 4]; 3] = [
    [1.0, 0.0, 1.0, 0.0],
    [0.0, 1.0, 0.0, 1.0],
    [2.0, 1.0, 0.0, 0.0],
];
const V: [[f32; 4]; 3] = [
    [1.0, 0.0, 2.0, 0.0],
    [0.0, 1.0, 0.0, 2.0],
    [1.0, 1.0, 0.0, 0.0],
];

/// Records the numbers as the lesson writes them.
pub fn observe(o: &mut Observer) {
    o.group("by hand", |o| {
        let device = o.device();
        let [q, k, v] = [Q, K, V].map(|rows| Tensor::<4>::from_data([[rows]], &device));
        let attention = attention(o, 4, 1);
        let scores = q.clone().matmul(k.clone().swap_dims(2, 3));
        numbers(o, "score", scores.clone(), 0);
        numbers(o, "scaled", scores.clone() / 2.0, 1);
        let weights = attention.attention_weights(q.clone(), k.clone());
        numbers(o, "weight", weights.clone(), 4);
        numbers(o, "found", weights.matmul(v.clone()), 4);

        // Equal weights for all that a token may see: the mean of the past.
        let equal = softmax(causal_mask(3, 0, &device), 1); // [3, 3]
        numbers(o, "equal weight", equal.clone().unsqueeze(), 4);
        numbers(o, "mean of the past", equal.unsqueeze::<4>().matmul(v), 4);

        // The same from tokens that each pick a row of `c_attn`.
        let rows = [0, 1, 2].map(|i| [Q[i], K[i], V[i]].concat());
        let picked: Vec<f32> = rows.concat().into_iter().chain([0.0; 12]).collect();
        let picked = TensorData::new(picked, [4, 12]);
        let mut whole = attention.clone();
        whole.c_attn.weight = Param::from_tensor(Tensor::from_data(picked, &device));
        whole.c_proj.weight = Param::from_tensor(Tensor::eye(4, &device));
        let tokens = Tensor::<2>::eye(4, &device).narrow(0, 0, 3).unsqueeze(); // [1, 3, 4]
        numbers(
            o,
            "output of the whole",
            whole.forward(tokens).unsqueeze(),
            4,
        );

        // The mask after the softmax: the second row's shares without and with it.
        let late = softmax(scores / 2.0, 3).narrow(2, 1, 1); // [1, 1, 1, 3]
        numbers(o, "weight without a mask", late.clone(), 4);
        numbers(o, "what is left", late.narrow(3, 0, 2).sum_dim(3), 4);

        // Something added to every key shifts a row of scores as a whole.
        let shifted = k + Tensor::<1>::from_data([0.5, 3.0, 0.0, -1.0], &device).unsqueeze();
        numbers(
            o,
            "scaled, keys shifted",
            q.clone().matmul(shifted.clone().swap_dims(2, 3)) / 2.0,
            2,
        );
        numbers(
            o,
            "weight, keys shifted",
            attention.attention_weights(q, shifted),
            4,
        );
    });
    o.group("the running example", running_example);
    o.group("heads", |o| {
        let rows = [
            [0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
            [10.0, 11.0, 12.0, 13.0, 14.0, 15.0],
        ];
        let x = Tensor::<3>::from_data([rows], &o.device());
        let heads = attention(o, 6, 3).split_heads(x.clone());
        numbers(o, "heads", heads, 0);
        numbers(o, "by reshape alone", x.reshape([1, 3, 2, 2]), 0);
    });
    o.group("scaling", |o| {
        let (gpt2, share) = (GptConfig::gpt2(), |lead: f64| 1.0 / (1.0 + (-lead).exp()));
        let deviation = (gpt2.head_dim() as f64).sqrt();
        o.text(
            "one deviation, not scaled",
            format!("{:.4}", share(deviation)),
        );
        o.text("one deviation, scaled", format!("{:.4}", share(1.0)));
        let masked = softmax(Tensor::<1>::from_data([0.0, -10_000.0], &o.device()), 0);
        let masked: Vec<f32> = masked.try_into_vec_as().unwrap_or_default();
        o.text(
            "what Burn's own attention masks with",
            if masked[1] == 0.0 { "-10000" } else { "" },
        );
    });
    o.group("sizes", |o| {
        let gpt2 = GptConfig::gpt2();
        let (width, seq) = (gpt2.n_embd, gpt2.n_positions);
        o.text("width", width);
        o.text("three widths", thousands(3 * width));
        let c_attn = width * 3 * width + 3 * width;
        let c_proj = width * width + width;
        o.text("c_attn", thousands(c_attn));
        o.text("c_proj", thousands(c_proj));
        o.text("both", thousands(c_attn + c_proj));
        o.text("in all blocks", thousands(gpt2.n_layer * (c_attn + c_proj)));
        let key_biases = gpt2.n_layer * width;
        o.text("key biases", thousands(key_biases));
        o.text("sequence", seq);
        o.text("weights of a sequence", thousands(gpt2.n_head * seq * seq));
        o.text(
            "weights of half a sequence",
            thousands(gpt2.n_head * seq * seq / 4),
        );
        o.text("half a sequence", seq / 2);
        let all = gpt2.n_head * seq * seq;
        o.text("of one head", thousands(seq * seq));
        o.text("of all blocks", thousands(gpt2.n_layer * all));
        o.text(
            "of those not hidden",
            thousands((all + gpt2.n_head * seq) / 2),
        );
        o.text("std", 0.02);
    });
}

/// The first head of the small model's first block, at the last character.
fn running_example(o: &mut Observer) {
    let running = Running::open(o);
    let normed = running.read(TEXT).blocks.swap_remove(0).normed; // [seq, n_embd]
    let config = small_model::config();
    let attention = CausalSelfAttention::new(&config, &o.device());
    let attention = (running.stored).filled(&Running::path(0, "attn"), attention);
    let qkv = attention.c_attn.forward(normed.clone()); // [seq, 3 * n_embd]
    let [q, k, v] = [0, 1, 2].map(|part| {
        let part = qkv.clone().narrow(1, part * config.n_embd, config.n_embd);
        attention.split_heads(part.unsqueeze()) // [1, n_head, seq, head_dim]
    });
    let first_head = |heads: &Tensor<4>| -> Tensor<2> {
        heads
            .clone()
            .narrow(1, 0, 1)
            .squeeze_dim::<3>(1)
            .squeeze_dim(0) // [seq, ..]
    };
    let scores = q.clone().matmul(k.clone().transpose()); // [1, n_head, seq, seq]
    let scores = floats(first_head(&scores).narrow(0, LAST, 1));
    let root = (config.head_dim() as f32).sqrt();
    o.text("dot product with the key of `m`", written(scores[LAST - 1]));
    for score in scores {
        o.text("score", written(score / root));
    }
    let weights = attention.attention_weights(q.clone(), k.clone());
    for weight in floats(first_head(&weights).narrow(0, LAST, 1)) {
        o.text("share", written(weight));
    }
    let found = weights.matmul(v.clone());
    channels(o, "normed", &normed);
    channels(o, "query of `o`", &first_head(&q));
    channels(o, "key of `m`", &first_head(&k).narrow(0, 0, LAST));
    channels(o, "value of `m`", &first_head(&v).narrow(0, 0, LAST));
    channels(o, "found by head 0", &first_head(&found));
    let answer = attention.forward(normed.unsqueeze());
    channels(o, "answer", &answer.squeeze_dim(0));
    o.text("three widths of the small model", 3 * config.n_embd);
}

fn attention(o: &Observer, n_embd: usize, n_head: usize) -> CausalSelfAttention {
    let config = GptConfig {
        n_embd,
        n_head,
        ..GptConfig::gpt2()
    };
    CausalSelfAttention::new(&config, &o.device())
}

fn numbers(o: &mut Observer, name: &str, tensor: Tensor<4>, digits: usize) {
    for value in tensor.try_into_vec_as::<f32>().unwrap_or_default() {
        o.text(name, format!("{value:.digits$}"));
    }
}
