//! Records what the model passes on from part to part, and the logits.

use crate::s01_config::GptConfig;
use crate::s08_residual::residual;
use crate::s11_lm_head::Gpt;
use kit::Observer;

/// Embeddings, both halves of each block, the last norm, the logits.
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
        let gpt = o.filled(Gpt::new(&config, &o.device()));
        let model = &gpt.transformer;
        let ids = o.ids("ids", 11, [2, 5]);
        o.tensor("wte", model.token_embeddings().forward(ids.clone()));
        let mut x = model.embed(ids.clone());
        o.tensor("wte + wpe", x.clone());
        for (i, block) in model.h.iter().enumerate() {
            let half = residual(x.clone(), &block.ln_1, |x| block.attn.forward(x));
            o.tensor(&format!("h.{i} after attention"), half);
            x = block.forward(x);
            o.tensor(&format!("h.{i} after the MLP"), x.clone());
        }
        o.tensor("ln_f", model.ln_f.forward(x));
        if let Ok(logits) = gpt.forward(ids) {
            o.tensor("logits", logits);
        }
    });
}
