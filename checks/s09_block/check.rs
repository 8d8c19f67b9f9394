//! Observes step 09.

use crate::s01_config::GptConfig;
use crate::s09_block::Block;
use kit::Observer;
use kit::nn::Linear;
use kit::tensor::Tensor;

/// Records each half of the block with the other one silenced, then the whole.
pub fn observe(o: &mut Observer) {
    o.group("the parameters", |o| {
        let block = Block::new(&config(), &o.device());
        o.parameters("parameters", &block);
    });
    o.group("attention alone", |o| {
        let (mut block, x) = (filled(o), o.floats("x", [2, 5, 12]));
        silence(&mut block.mlp.c_proj);
        o.tensor("output [batch, seq, n_embd]", block.forward(x));
    });
    o.group("the MLP alone", |o| {
        let (mut block, x) = (filled(o), o.floats("x", [2, 5, 12]));
        silence(&mut block.attn.c_proj);
        o.tensor("output [batch, seq, n_embd]", block.forward(x));
    });
    o.group("the whole block", |o| {
        let (block, x) = (filled(o), o.floats("x", [2, 5, 12]));
        o.tensor("output [batch, seq, n_embd]", block.forward(x));
    });
    o.group("what a change reaches", |o| {
        let (block, x): (_, Tensor<3>) = (filled(o), o.floats("x", [2, 5, 12]));
        let token = o.floats("another token", [2, 1, 12]);
        let token = x.clone().slice_assign([0..2, 3..4, 0..12], token);
        let row = o.floats("another row", [1, 5, 12]);
        let row = x.clone().slice_assign([1..2, 0..5, 0..12], row);
        let before = block.forward(x);
        for (name, x) in [
            ("of the fourth token, by position", token),
            ("of the second row, by position", row),
        ] {
            let difference = block.forward(x) - before.clone();
            o.tensor(name, difference.abs().sum_dim(2)); // [2, 5, 1]
        }
    });
    o.group("the values to start from", |o| {
        let block = Block::new(&config(), &o.device());
        // Of untrained norms; the projections are step 04's and step 07's business.
        o.tensor("ln_1.weight", block.ln_1.weight.val());
        o.tensor("ln_2.bias", block.ln_2.bias.val());
    });
}

/// Makes a projection return zeros.
fn silence(projection: &mut Linear) {
    let weight = projection.weight.clone();
    projection.weight = weight.map(|weight| weight.zeros_like());
    projection.bias = None;
}

fn filled(o: &Observer) -> Block {
    o.filled(Block::new(&config(), &o.device()))
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
