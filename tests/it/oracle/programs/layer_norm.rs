//! The norm of step 03 beside PyTorch's `nn.LayerNorm`, as GPT-2's `ln_f`.

use std::path::Path;

use crate::s03_layer_norm::LayerNorm;
use kit::{Observer, Stored};

/// Records the normalised vectors.
pub fn observe(o: &mut Observer) {
    o.group("layer norm", |o| {
        let device = o.device();
        let file = Path::new(FOLDER).join("gpt2_layer_norm.safetensors");
        let stored = Stored::open(&file, &device);
        let norm = LayerNorm::new(N_EMBD, LAYER_NORM_EPSILON, &device);
        let norm = stored.filled("param.", norm);
        o.parameters("parameters", &norm);
        o.tensor("y", norm.forward(stored.floats::<3>("in.x")));
        o.tensor("y expected", stored.floats::<3>("out.y"));
    });
}
