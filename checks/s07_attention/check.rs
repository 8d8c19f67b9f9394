//! Observes step 07.

use crate::s01_config::GptConfig;
use crate::s07_attention::CausalSelfAttention;
use kit::nn::Linear;
use kit::tensor::Tensor;
use kit::{Observer, Tolerance};

/// Records the parts of attention, attention as a whole, and what may influence what.
pub fn observe(o: &mut Observer) {
    o.group("the parameters", |o| {
        let attention = CausalSelfAttention::new(&config(), &o.device());
        o.parameters("parameters", &attention);
    });
    o.group("splitting into heads", |o| {
        let x = o.floats("x", [2, 5, 12]);
        o.tensor("heads [batch, head, seq, head_dim]", filled(o).split_heads(x));
    });
    o.group("merging the heads", |o| {
        let heads = o.floats("heads", [2, 3, 5, 4]);
        o.tensor("merged [batch, seq, n_embd]", filled(o).merge_heads(heads));
    });
    o.group("the attention weights", |o| {
        let (q, k) = (o.floats("q", [2, 3, 5, 4]), o.floats("k", [2, 3, 5, 4]));
        o.tensor("weights [batch, head, query, key]", filled(o).attention_weights(q, k));
    });
    o.group("attention as a whole", |o| {
        let x = o.floats("x", [2, 5, 12]);
        o.tensor("output [batch, seq, n_embd]", filled(o).forward(x));
        let alone = o.floats("a single token", [2, 1, 12]);
        o.tensor("a single token [batch, seq, n_embd]", filled(o).forward(alone));
    });
    o.group("what a change reaches", |o| {
        let x: Tensor<3> = o.floats("x", [2, 5, 12]);
        let token = o.floats("another token", [2, 1, 12]);
        let token = x.clone().slice_assign([0..2, 3..4, 0..12], token);
        let row = o.floats("another row", [1, 5, 12]);
        let row = x.clone().slice_assign([1..2, 0..5, 0..12], row);
        let attention = filled(o);
        let before = attention.forward(x);
        for (name, x) in [
            ("of the fourth token, by position", token),
            ("of the second row, by position", row),
        ] {
            let difference = attention.forward(x) - before.clone();
            o.tensor(name, difference.abs().sum_dim(2)); // [2, 5, 1]
        }
    });
    o.group("the values to start from", |o| {
        let config = GptConfig {
            n_embd: 64,
            n_head: 4,
            ..config()
        };
        let attention = CausalSelfAttention::new(&config, &o.device());
        start(o, "c_attn", attention.c_attn);
        start(o, "c_proj", attention.c_proj);
    });
}

fn start(o: &mut Observer, of: &str, projection: Linear) {
    let weight = projection.weight.val();
    // 64 * 64 draws or more of standard deviation 0.02: mean and deviation of two of them differ
    // by less than 0.0005.
    let spread = Tolerance {
        relative: 0.0,
        absolute: 0.003,
    };
    let deviation = weight.square().mean().sqrt();
    o.tensor_within(
        &format!("{of}: standard deviation of the weights"),
        deviation,
        spread,
    );
    if let Some(bias) = projection.bias {
        o.tensor(&format!("{of}: biases"), bias.val());
    }
}

fn filled(o: &Observer) -> CausalSelfAttention {
    o.filled(CausalSelfAttention::new(&config(), &o.device()))
}

fn config() -> GptConfig {
    GptConfig {
        vocab_size: 11,
        n_positions: 8,
        n_embd: 12,
        n_layer: 2,
        n_head: 3,
        n_inner: 20,
        layer_norm_epsilon: 0.1,
        dropout: 0.1,
    }
}
