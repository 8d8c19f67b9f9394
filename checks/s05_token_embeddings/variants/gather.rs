//! Token embeddings by gathering each number of each vector from its column of the table. An id
//! past the vocabulary is refused by an assertion.

use burn::module::Module;
use burn::nn::{Embedding, Initializer};
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
        let weight = initializer.init([config.vocab_size, config.n_embd], device);
        Self {
            wte: Embedding { weight },
        }
    }

    /// The vector of each token: [batch, seq] -> [batch, seq, n_embd].
    ///
    /// # Panics
    ///
    /// If an id is not below `vocab_size`: the table has no such row, and the lookup on the CPU
    /// says so. (GPU backends may not look.)
    pub fn forward(&self, ids: Tensor<2, Int>) -> Tensor<3> {
        let [batch, seq] = ids.dims();
        let table = self.wte.weight.val();
        let [vocab_size, n_embd] = table.dims();
        let largest: i64 = ids.clone().max().into_scalar();
        assert!(
            largest < vocab_size as i64,
            "there is no token {largest} among {vocab_size}"
        );
        let rows = ids.reshape([batch * seq, 1]).expand([batch * seq, n_embd]);
        table.gather(0, rows).reshape([batch, seq, n_embd])
    }
}
