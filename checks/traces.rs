//! What the traces of the block, of the model and of its head share.

use crate::s01_config::GptConfig;
use crate::s09_block::Block;
use kit::Observer;
use kit::tensor::Tensor;

/// A small configuration with no size twice.
pub fn config() -> GptConfig {
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

/// One intermediate result, in a group of its own.
pub fn row(o: &mut Observer, name: &str, tensor: impl Fn() -> Tensor<3>) {
    o.group(name, |o| o.tensor(name, tensor()));
}

/// The same block with an MLP that returns zeros: what it returns is what it has after attention,
/// however it comes by it.
pub fn without_mlp(block: &Block) -> Block {
    let mut block = block.clone();
    let projection = &mut block.mlp.c_proj;
    projection.weight = projection.weight.clone().map(|weight| weight.zeros_like());
    projection.bias = None;
    block
}
