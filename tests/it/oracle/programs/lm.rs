//! The language model of step 11 beside Hugging Face's `GPT2LMHeadModel`.

use std::path::Path;

use crate::s11_lm_head::Gpt;
use kit::{Observer, Stored};

/// Records the logits.
pub fn observe(o: &mut Observer) {
    o.group("language model", |o| {
        let device = o.device();
        let file = Path::new(FOLDER).join("gpt2_lm.safetensors");
        let stored = Stored::open(&file, &device);
        let model = stored.filled("param.", Gpt::new(&config(), &device));
        o.parameters("parameters", &model);
        let logits = model.forward(stored.ints("in.ids"));
        o.tensor("logits", logits.expect("Hugging Face took as many ids"));
        o.tensor("logits expected", stored.floats::<3>("out.logits"));
    });
}
