//! Token embeddings one sequence after the other, stacked to a batch; the table is drawn with a
//! standard deviation of 1 and made smaller.

use burn::module::{Module, Param};
use burn::nn::{Embedding, EmbeddingConfig};
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
        let mut wte = EmbeddingConfig::new(config.vocab_size, config.n_embd).init(device);
        wte.weight = Param::from_tensor(wte.weight.val() * 0.02);
        Self { wte }
    }

    /// The vector of each token: [batch, seq] -> [batch, seq, n_embd].
    ///
    /// # Panics
    ///
    /// If an id is not below `vocab_size`: the table has no such row, and the lookup on the CPU
    /// says so. (GPU backends may not look.)
    pub fn forward(&self, ids: Tensor<2, Int>) -> Tensor<3> {
        let sequences = ids
            .iter_dim(0)
            .map(|sequence| self.sequence(sequence.squeeze_dim(0)))
            .collect();
        Tensor::stack(sequences, 0) // [batch, seq, n_embd]
    }

    /// [seq] -> [seq, n_embd].
    fn sequence(&self, ids: Tensor<1, Int>) -> Tensor<2> {
        self.wte.weight.val().select(0, ids)
    }
}
