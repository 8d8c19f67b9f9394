//! Token embeddings as a product: each id becomes a row with a single 1 in it, which picks a row of
//! the table. The table itself is drawn without an `Initializer`.

use burn::module::{Module, Param};
use burn::nn::Embedding;
use burn::tensor::{Device, Distribution, Int, Tensor};

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
        let shape = [config.vocab_size, config.n_embd];
        let drawn = Tensor::random(shape, Distribution::Normal(0.0, 0.02), device);
        Self {
            wte: Embedding {
                weight: Param::from_tensor(drawn),
            },
        }
    }

    /// The vector of each token: [batch, seq] -> [batch, seq, n_embd].
    ///
    /// # Panics
    ///
    /// If an id is not below `vocab_size`: the table has no such row, and the lookup on the CPU
    /// says so. (GPU backends may not look.)
    pub fn forward(&self, ids: Tensor<2, Int>) -> Tensor<3> {
        let table = self.wte.weight.val(); // [vocab_size, n_embd]
        let [vocab_size, _] = table.dims();
        let picks: Tensor<3, Int> = ids.one_hot(vocab_size); // [batch, seq, vocab_size]
        picks.float().matmul(table.unsqueeze()) // [batch, seq, n_embd]
    }
}
