//! Records what the block passes on from part to part.

use crate::s01_config::GptConfig;
use crate::s08_residual::residual;
use crate::s09_block::Block;
use kit::Observer;

/// Both halves, each with its norm and its sublayer.
pub fn observe(o: &mut Observer) {
    o.group("part by part", |o| {
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
        let normed = block.ln_1.forward(x.clone());
        o.tensor("ln_1", normed.clone());
        o.tensor("attn", block.attn.forward(normed));
        let half = residual(x.clone(), &block.ln_1, |x| block.attn.forward(x));
        o.tensor("x + attn(ln_1(x))", half.clone());
        let normed = block.ln_2.forward(half);
        o.tensor("ln_2", normed.clone());
        o.tensor("mlp", block.mlp.forward(normed));
        o.tensor("the block's output", block.forward(x));
    });
}
