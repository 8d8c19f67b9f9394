//! The block of step 09 beside Hugging Face's `GPT2Block`.

use std::path::Path;

use crate::s08_residual::residual;
use crate::s09_block::Block;
use kit::{Observer, Stored};

/// Records what is there after attention, then the whole.
pub fn observe(o: &mut Observer) {
    o.group("block", |o| {
        let device = o.device();
        let file = Path::new(FOLDER).join("gpt2_block.safetensors");
        let stored = Stored::open(&file, &device);
        let block = stored.filled("param.", Block::new(&config(), &device));
        o.parameters("parameters", &block);
        let x = stored.floats::<3>("in.x");

        let half = residual(x.clone(), &block.ln_1, |x| block.attn.forward(x));
        o.tensor("after_attention", half);
        let expected = stored.floats::<3>("out.after_attention");
        o.tensor("after_attention expected", expected);

        o.tensor("y", block.forward(x));
        o.tensor("y expected", stored.floats::<3>("out.y"));
    });
}
