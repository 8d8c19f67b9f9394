//! Token embeddings one column of the table after the other, stacked along the last axis; the rest
//! is left to a function for each part.

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
        let table = self.wte.weight.val();
        let columns = (0..table.dims()[1])
            .map(|column| {
                pick(
                    table.clone().narrow(1, column, 1).flatten(0, 1),
                    ids.clone(),
                )
            })
            .collect();
        Tensor::stack(columns, 2) // [batch, seq, n_embd]
    }
}

/// The number of each token: [vocab_size], [batch, seq] -> [batch, seq].
fn pick(column: Tensor<1>, ids: Tensor<2, Int>) -> Tensor<2> {
    let shape = ids.dims();
    column.select(0, ids.flatten(0, 1)).reshape(shape)
}
