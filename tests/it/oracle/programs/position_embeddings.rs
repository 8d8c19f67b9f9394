//! The position table of step 06 beside Hugging Face's `GPT2Model.wpe`.

use std::path::Path;

use crate::s06_position_embeddings::PositionEmbeddings;
use kit::tensor::Tensor;
use kit::{Observer, Stored};

/// Records the positions' vectors, without a batch and as a batch of one.
pub fn observe(o: &mut Observer) {
    o.group("position embeddings", |o| {
        let device = o.device();
        let file = Path::new(FOLDER).join("gpt2_position_embeddings.safetensors");
        let stored = Stored::open(&file, &device);
        let table = stored.filled("param.", PositionEmbeddings::new(&config(), &device));
        o.parameters("parameters", &table);
        let positions = stored.ints::<1>("in.positions"); // [seq]
        let expected: Tensor<2> = stored.floats("out.y"); // [seq, n_embd]
        o.tensor("y", table.forward_unbatched(positions.clone()));
        o.tensor("y expected", expected.clone());
        o.tensor("y of a batch", table.forward(positions.unsqueeze()));
        o.tensor("y of a batch expected", expected.unsqueeze::<3>());
    });
}
