//! Position embeddings that cut rows out of the table, one for each position, and join them again.
//! The positions are counted up one by one.

use burn::module::Module;
use burn::nn::{Embedding, EmbeddingConfig, Initializer};
use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::s01_config::GptConfig;

/// A table of one vector for each position.
#[derive(Module, Debug)]
pub struct PositionEmbeddings {
    /// The table; its `weight` is [n_positions, n_embd].
    pub wpe: Embedding,
}

impl PositionEmbeddings {
    /// A table drawn from a normal distribution of mean 0 and standard deviation 0.02, as
    /// `initializer_range` in Hugging Face's `GPT2Config` has it.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        let initializer = Initializer::Normal {
            mean: 0.0,
            std: 0.02,
        };
        let wpe = EmbeddingConfig::new(config.n_positions, config.n_embd)
            .with_initializer(initializer)
            .init(device);
        Self { wpe }
    }

    /// The vectors for positions given row by row: [batch, seq] -> [batch, seq, n_embd].
    ///
    /// # Panics
    ///
    /// If a position is not below `n_positions`: the table has no such row, and the lookup on the
    /// CPU says so. (GPU backends may not look.)
    pub fn forward(&self, position_ids: Tensor<2, Int>) -> Tensor<3> {
        let rows = position_ids
            .iter_dim(0)
            .map(|row| self.forward_unbatched(row.flatten(0, 1)));
        Tensor::stack(rows.collect(), 0) // [batch, seq, n_embd]
    }

    /// The vectors for positions that all rows of a batch share: [seq] -> [seq, n_embd].
    ///
    /// # Panics
    ///
    /// Like [`forward`](Self::forward).
    pub fn forward_unbatched(&self, position_ids: Tensor<1, Int>) -> Tensor<2> {
        let table = self.wpe.weight.val();
        let [n_positions, n_embd] = table.dims();
        let positions = position_ids.into_data();
        let rows = positions.iter::<i64>().map(|position| {
            assert!(position < n_positions as i64, "too far: {position}");
            let row = position as usize;
            table.clone().slice([row..row + 1, 0..n_embd])
        });
        Tensor::cat(rows.collect(), 0) // [seq, n_embd]
    }
}

/// The positions of `new` tokens that follow `past` earlier ones: past, past + 1, …; [new].
pub fn position_ids(new: usize, past: usize, device: &Device) -> Tensor<1, Int> {
    let positions: Vec<i64> =
        std::iter::successors(Some(past as i64), |position| Some(position + 1))
            .take(new)
            .collect();
    Tensor::from_data(TensorData::new(positions, [new]), device)
}
