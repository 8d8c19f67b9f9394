//! The token table of step 05 beside Hugging Face's `GPT2Model.wte`.

use std::path::Path;

use crate::s05_token_embeddings::TokenEmbeddings;
use kit::{Observer, Stored};

/// Records the tokens' vectors.
pub fn observe(o: &mut Observer) {
    o.group("token embeddings", |o| {
        let device = o.device();
        let file = Path::new(FOLDER).join("gpt2_token_embeddings.safetensors");
        let stored = Stored::open(&file, &device);
        let table = stored.filled("param.", TokenEmbeddings::new(&config(), &device));
        o.parameters("parameters", &table);
        o.tensor("y", table.forward(stored.ints("in.ids")));
        o.tensor("y expected", stored.floats::<3>("out.y"));
    });
}
