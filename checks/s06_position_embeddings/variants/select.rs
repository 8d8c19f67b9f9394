//! Position embeddings that select rows of the table without a batch, and take a batch for one long
//! list. The positions are counted from 0 and moved by `past`.

use burn::module::Module;
use burn::nn::{Embedding, EmbeddingConfig, Initializer};
use burn::tensor::{Device, Int, Tensor};

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
        let [batch, seq] = position_ids.dims();
        let vectors = self.forward_unbatched(position_ids.flatten(0, 1)); // [batch * seq, n_embd]
        let [_, n_embd] = vectors.dims();
        vectors.reshape([batch, seq, n_embd])
    }

    /// The vectors for positions that all rows of a batch share: [seq] -> [seq, n_embd].
    ///
    /// # Panics
    ///
    /// Like [`forward`](Self::forward).
    pub fn forward_unbatched(&self, position_ids: Tensor<1, Int>) -> Tensor<2> {
        self.wpe.weight.val().select(0, position_ids) // [seq, n_embd]
    }
}

/// The positions of `new` tokens that follow `past` earlier ones: past, past + 1, …; [new].
pub fn position_ids(new: usize, past: usize, device: &Device) -> Tensor<1, Int> {
    Tensor::<1, Int>::arange(0..new as i64, device) + past as i64
}
