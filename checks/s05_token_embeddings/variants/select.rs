//! Token embeddings by selecting rows of the table for one long list of ids, which is cut into
//! sequences again afterwards.

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
        let initializer = Initializer::Normal {
            mean: 0.0,
            std: 0.02,
        };
        let wte = EmbeddingConfig::new(config.vocab_size, config.n_embd)
            .with_initializer(initializer)
            .init(device);
        Self { wte }
    }

    /// The vector of each token: [batch, seq] -> [batch, seq, n_embd].
    ///
    /// # Panics
    ///
    /// If an id is not below `vocab_size`: the table has no such row, and the lookup on the CPU
    /// says so. (GPU backends may not look.)
    pub fn forward(&self, ids: Tensor<2, Int>) -> Tensor<3> {
        let [batch, seq] = ids.dims();
        let table = self.wte.weight.val(); // [vocab_size, n_embd]
        let [_, n_embd] = table.dims();
        let vectors = table.select(0, ids.flatten(0, 1)); // [batch * seq, n_embd]
        vectors.reshape([batch, seq, n_embd])
    }
}
