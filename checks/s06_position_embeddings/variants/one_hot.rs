//! Position embeddings as a product: each position becomes a row with a single 1 in it, which picks
//! a row of the table. Positions past the table are refused by an assertion.

use burn::module::{Module, Param};
use burn::nn::Embedding;
use burn::tensor::{Device, Distribution, Int, Tensor};

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
        let shape = [config.n_positions, config.n_embd];
        let drawn = Tensor::random(shape, Distribution::Normal(0.0, 0.02), device);
        Self {
            wpe: Embedding {
                weight: Param::from_tensor(drawn),
            },
        }
    }

    /// The vectors for positions given row by row: [batch, seq] -> [batch, seq, n_embd].
    ///
    /// # Panics
    ///
    /// If a position is not below `n_positions`: the table has no such row, and the lookup on the
    /// CPU says so. (GPU backends may not look.)
    pub fn forward(&self, position_ids: Tensor<2, Int>) -> Tensor<3> {
        let table = self.wpe.weight.val(); // [n_positions, n_embd]
        let [n_positions, _] = table.dims();
        let largest: i64 = position_ids.clone().max().into_scalar();
        assert!(
            largest < n_positions as i64,
            "position {largest} is past a table of {n_positions} positions"
        );
        let picks: Tensor<3, Int> = position_ids.one_hot(n_positions); // [batch, seq, n_positions]
        picks.float().matmul(table.unsqueeze()) // [batch, seq, n_embd]
    }

    /// The vectors for positions that all rows of a batch share: [seq] -> [seq, n_embd].
    ///
    /// # Panics
    ///
    /// Like [`forward`](Self::forward).
    pub fn forward_unbatched(&self, position_ids: Tensor<1, Int>) -> Tensor<2> {
        let seq = position_ids.dims()[0];
        let vectors = self.forward(position_ids.reshape([1, seq])); // [1, seq, n_embd]
        let n_embd = vectors.dims()[2];
        vectors.reshape([seq, n_embd])
    }
}

/// The positions of `new` tokens that follow `past` earlier ones: past, past + 1, …; [new].
pub fn position_ids(new: usize, past: usize, device: &Device) -> Tensor<1, Int> {
    let positions: Vec<i64> = (past..past + new).map(|position| position as i64).collect();
    Tensor::from_data(positions.as_slice(), device)
}
