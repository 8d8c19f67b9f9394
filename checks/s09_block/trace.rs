//! Records what the block passes on from part to part.
//!
//! Each row by itself, so that a part that panics leaves the others to be seen.

#[path = "../traces.rs"]
mod traces;

use crate::s09_block::Block;
use kit::Observer;
use traces::{row, without_mlp};

/// Both halves, each with its norm and its sublayer.
pub fn observe(o: &mut Observer) {
    let config = traces::config();
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
