//! Position embeddings: a learned vector for each position in the sequence.
//!
//! Attention without a mask gives the same in every order, and a causal one learns about the order
//! only from which tokens each of them sees. GPT-2 adds this vector to the token's own. Hugging
//! Face's counterpart is `GPT2Model.wpe`.

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
        // As in step 05, but what does a row stand for here, and how many are there?
        todo!()
    }

    /// The vectors for positions given row by row: [batch, seq] -> [batch, seq, n_embd].
    ///
    /// # Panics
    ///
    /// If a position is not below `n_positions`: the table has no such row, and the lookup on the
    /// CPU says so. (GPU backends may not look.)
    pub fn forward(&self, position_ids: Tensor<2, Int>) -> Tensor<3> {
        // The positions are given. A lookup that counts 0, 1, 2 by itself would be right for a text
        // from its beginning only.
        todo!()
    }

    /// The vectors for positions that all rows of a batch share: [seq] -> [seq, n_embd].
    ///
    /// # Panics
    ///
    /// Like [`forward`](Self::forward).
    pub fn forward_unbatched(&self, position_ids: Tensor<1, Int>) -> Tensor<2> {
        // A sequence by itself is a batch of one: [seq] -> [1, seq] -> [1, seq, n_embd] ->
        // [seq, n_embd]. What is the second shape when there is a single position, and which of its
        // axes may the last arrow take away?
        todo!()
    }
}

/// The positions of `new` tokens that follow `past` earlier ones: past, past + 1, …; [new]. There is no
/// last position: that is for the table to say.
pub fn position_ids(new: usize, past: usize, device: &Device) -> Tensor<1, Int> {
    // Write down the positions of 3 new tokens after 5 earlier ones. Where does that range start,
    // and where does it end, if the end is not part of it?
    todo!()
}
