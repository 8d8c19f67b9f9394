//! Token embeddings: a learned vector for each token of the vocabulary.
//!
//! Hugging Face's counterpart is `GPT2Model.wte`.

use burn::module::Module;
use burn::nn::{Embedding, EmbeddingConfig, Initializer};
use burn::tensor::{Device, Int, Tensor};

use crate::s01_config::GptConfig;

/// A table of one vector for each token.
#[derive(Module, Debug)]
pub struct TokenEmbeddings {
    /// The table; its `weight` is [vocab_size, n_embd].
    pub wte: Embedding,
}

impl TokenEmbeddings {
    /// A table drawn from a normal distribution of mean 0 and standard deviation 0.02, as
    /// `initializer_range` in Hugging Face's `GPT2Config` has it.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        // Two decisions: how many rows, and how wide? And what is the table drawn from? Burn's
        // default has a standard deviation of 1, fifty times that of GPT-2, and the output layer
        // shares this table.
        todo!()
    }

    /// The vector of each token: [batch, seq] -> [batch, seq, n_embd].
    ///
    /// # Panics
    ///
    /// If an id is not below `vocab_size`: the table has no such row, and the lookup on the CPU
    /// says so. (GPU backends may not look.)
    pub fn forward(&self, ids: Tensor<2, Int>) -> Tensor<3> {
        // Row i of the table belongs to token id i. If you find yourself computing with an id,
        // think again: what would an id of 0 become?
        todo!()
    }
}
