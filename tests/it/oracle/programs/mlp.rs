//! Activation and MLP of step 04 beside PyTorch's `gelu` and Hugging Face's `GPT2MLP`.

use std::path::Path;

use crate::s04_mlp::{Mlp, gelu};
use kit::{Observer, Stored};

/// Records the activation alone, then the MLP.
pub fn observe(o: &mut Observer) {
    o.group("MLP", |o| {
        let device = o.device();
        let file = Path::new(FOLDER).join("gpt2_mlp.safetensors");
        let stored = Stored::open(&file, &device);
        o.tensor("gelu", gelu(stored.floats::<2>("in.gelu")));
        o.tensor("gelu expected", stored.floats::<2>("out.gelu"));

        let mlp = stored.filled("param.", Mlp::new(&config(), &device));
        o.parameters("parameters", &mlp);
        o.tensor("y", mlp.forward(stored.floats("in.x")));
        o.tensor("y expected", stored.floats::<3>("out.y"));
    });
}
