//! Records what the block passes on from part to part.
//!
//! Each row by itself, so that a part that panics leaves the others to be seen.

use crate::s01_config::GptConfig;
use crate::s09_block::Block;
use kit::Observer;
use kit::tensor::Tensor;

/// Both halves, each with its norm and its sublayer.
pub fn observe(o: &mut Observer) {
    let config = GptConfig {
        vocab_size: 11,
        n_positions: 8,
        n_embd: 12,
        n_layer: 2,
        n_head: 3,
        n_inner: 20,
        layer_norm_epsilon: 0.1,
        dropout: 0.1,
    };
    let block = o.filled(Block::new(&config, &o.device()));
    let x = o.floats("x", [2, 5, 12]);
    let after_attention = || without_mlp(&block).forward(x.clone());
    row(o, "ln_1", || block.ln_1.forward(x.clone()));
    row(o, "attn", || {
        block.attn.forward(block.ln_1.forward(x.clone()))
    });
    row(o, "x + attn(ln_1(x))", after_attention);
    row(o, "ln_2", || block.ln_2.forward(after_attention()));
    row(o, "mlp", || {
        block.mlp.forward(block.ln_2.forward(after_attention()))
    });
    row(o, "the block's output", || block.forward(x.clone()));
}

fn row(o: &mut Observer, name: &str, tensor: impl Fn() -> Tensor<3>) {
    o.group(name, |o| o.tensor(name, tensor()));
}

/// The same block with an MLP that returns zeros: what it returns is what it has after attention,
/// however it comes by it.
fn without_mlp(block: &Block) -> Block {
    let mut block = block.clone();
    let projection = &mut block.mlp.c_proj;
    projection.weight = projection.weight.clone().map(|weight| weight.zeros_like());
    projection.bias = None;
    block
}
