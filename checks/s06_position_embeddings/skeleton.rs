//! Position embeddings: a learned vector for each place in the sequence.
//!
//! Attention alone does not know where a token stands, so GPT-2 adds this vector to the token's
//! own. Hugging Face's counterpart is `GPT2Model.wpe`.

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
        // `EmbeddingConfig::new` takes the number of rows, then their width. Burn draws from a
        // normal distribution of standard deviation 1 unless `with_initializer` tells it otherwise.
        todo!()
    }

    /// The vectors for positions given row by row: [batch, seq] -> [batch, seq, n_embd].
    ///
    /// # Panics
    ///
    /// If a position is not below `n_positions`: the table has no such row, and the lookup on the
    /// CPU says so. (GPU backends may not look.)
    pub fn forward(&self, position_ids: Tensor<2, Int>) -> Tensor<3> {
        // Each position id picks a row of the table, which is what `Embedding::forward` does.
        todo!()
    }

    /// The vectors for positions that all rows of a batch share: [seq] -> [seq, n_embd].
    ///
    /// # Panics
    ///
    /// Like [`forward`](Self::forward).
    pub fn forward_unbatched(&self, position_ids: Tensor<1, Int>) -> Tensor<2> {
        // The lookup wants a batch axis: give it one of length 1 (`unsqueeze_dim`), and take that
        // very axis away again (`squeeze_dim`). A plain `squeeze` takes away every axis of length
        // 1, so that a single position would lose its sequence axis too.
        todo!()
    }
}

/// The positions of `new` tokens that follow `past` earlier ones: past, past + 1, …; [new]. It knows no
/// table, and so no last position.
pub fn position_ids(new: usize, past: usize, device: &Device) -> Tensor<1, Int> {
    // A range that starts at `past` and holds `new` numbers. `Tensor::arange` makes one; it counts
    // in i64, so the ends need a cast.
    todo!()
}
