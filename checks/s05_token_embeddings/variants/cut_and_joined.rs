//! Token embeddings by cutting rows out of the table, one for each id, and joining them again. The
//! table is drawn row by row.

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
        let rows = (0..config.vocab_size)
            .map(|_| row(config.n_embd, device))
            .collect();
        Self {
            wte: Embedding {
                weight: Param::from_tensor(Tensor::stack(rows, 0)),
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
        let [batch, seq] = ids.dims();
        let table = self.wte.weight.val();
        let [vocab_size, n_embd] = table.dims();
        let rows = ids
            .into_data()
            .iter::<i64>()
            .map(|id| match usize::try_from(id) {
                Ok(id) if id < vocab_size => table.clone().slice([id..id + 1, 0..n_embd]),
                _ => panic!("{id} is not below {vocab_size}"),
            })
            .collect();
        Tensor::cat(rows, 0).reshape([batch, seq, n_embd])
    }
}

/// A row to start from: [width].
fn row(width: usize, device: &Device) -> Tensor<1> {
    Tensor::random([width], Distribution::Normal(0.0, 0.02), device)
}
