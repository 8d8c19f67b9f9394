//! The mask of step 02 beside one made by PyTorch's `triu`.

use std::path::Path;

use crate::s02_causal_mask::causal_mask;
use kit::{Observer, Stored};

/// Records the mask of a whole sequence, and that of its second half after its first.
pub fn observe(o: &mut Observer) {
    o.group("causal mask", |o| {
        let device = o.device();
        let file = Path::new(FOLDER).join("gpt2_causal_mask.safetensors");
        let expected = Stored::open(&file, &device).floats::<2>("out.mask");
        let [seq, _] = expected.dims();
        o.tensor("mask", causal_mask(seq, 0, &device));
        o.tensor("mask expected", expected.clone());

        // Tokens that follow earlier ones have the last rows of the mask of all.
        let past = seq / 2;
        let new = seq - past;
        o.tensor("mask of later tokens", causal_mask(new, past, &device));
        let rows = expected.narrow(0, past, new); // [new, past + new]
        o.tensor("mask of later tokens expected", rows);
    });
}
