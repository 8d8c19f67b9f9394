//! Position embeddings that gather each number from its column of the table, and refuse positions
//! past the table in words of their own. The positions are a running sum of ones.

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
        let [seq] = position_ids.dims();
        let table = self.wpe.weight.val();
        let [n_positions, n_embd] = table.dims();
        let largest: i64 = position_ids.clone().max().into_scalar();
        if largest >= n_positions as i64 {
            unimplemented!("a sequence of {n_positions} positions has no position {largest}");
        }
        table.gather(0, position_ids.unsqueeze_dim::<2>(1).expand([seq, n_embd]))
    }
}

/// The positions of `new` tokens that follow `past` earlier ones: past, past + 1, …; [new].
pub fn position_ids(new: usize, past: usize, device: &Device) -> Tensor<1, Int> {
    Tensor::<1, Int>::ones([new], device).cumsum(0) + (past as i64 - 1)
}
