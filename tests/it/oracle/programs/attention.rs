//! The attention of step 07 beside Hugging Face's `GPT2Attention`.

use std::path::Path;

use crate::s07_attention::CausalSelfAttention;
use kit::{Observer, Stored};

/// Records the attention weights, then the result.
pub fn observe(o: &mut Observer) {
    o.group("attention", |o| {
        let device = o.device();
        let file = Path::new(FOLDER).join("gpt2_attention.safetensors");
        let stored = Stored::open(&file, &device);
        let attention = CausalSelfAttention::new(&config(), &device);
        let attention = stored.filled("param.", attention);
        o.parameters("parameters", &attention);
        let x = stored.floats::<3>("in.x");

        let qkv = attention.c_attn.forward(x.clone()); // [batch, seq, 3 * n_embd]
        let [q, k] = [0, 1].map(|part| {
            let part = qkv.clone().narrow(2, part * N_EMBD, N_EMBD); // [batch, seq, n_embd]
            attention.split_heads(part) // [batch, n_head, seq, head_dim]
        });
        o.tensor("weights", attention.attention_weights(q, k));
        o.tensor("weights expected", stored.floats::<4>("out.weights"));

        o.tensor("y", attention.forward(x));
        o.tensor("y expected", stored.floats::<3>("out.y"));
    });
}
