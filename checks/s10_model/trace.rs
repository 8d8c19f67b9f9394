//! Records what the model passes on from part to part.
//!
//! Each row by itself, so that a part that panics leaves the others to be seen.

#[path = "../traces.rs"]
mod traces;

use crate::s10_model::GptModel;
use kit::Observer;
use traces::{row, without_mlp};

/// Embeddings, both halves of each block, the last norm.
pub fn observe(o: &mut Observer) {
    let config = traces::config();
    let model = o.filled(GptModel::new(&config, &o.device()));
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
    o.group("the model's output", |o| {
        if let Ok(output) = model.forward(ids.clone()) {
            o.tensor("the model's output", output);
        }
    });
}
