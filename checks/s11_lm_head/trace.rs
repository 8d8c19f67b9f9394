//! Records what the model passes on from part to part, and the logits.
//!
//! Each row by itself, so that a part that panics leaves the others to be seen.

use crate::s01_config::GptConfig;
use crate::s09_block::Block;
use crate::s11_lm_head::Gpt;
use kit::Observer;
use kit::tensor::Tensor;

/// Embeddings, both halves of each block, the last norm, the logits.
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
    let gpt = o.filled(Gpt::new(&config, &o.device()));
    let model = &gpt.transformer;
    let ids = o.ids("ids", 11, [2, 5]);
    // The stream after the first `depth` blocks.
    let stream = |depth: usize| {
        let blocks = model.h.iter().take(depth);
        blocks.fold(model.embed(ids.clone()), |x, block| block.forward(x))
    };
    row(o, "wte", || model.token_embeddings().forward(ids.clone()));
    row(o, "wte + wpe", || stream(0));
    for (i, block) in model.h.iter().enumerate() {
        let name = format!("h.{i} after attention");
        row(o, &name, || without_mlp(block).forward(stream(i)));
        row(o, &format!("h.{i} after the MLP"), || stream(i + 1));
    }
    row(o, "ln_f", || model.ln_f.forward(stream(model.h.len())));
    o.group("logits", |o| {
        if let Ok(logits) = gpt.forward(ids.clone()) {
            o.tensor("logits", logits);
        }
    });
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
