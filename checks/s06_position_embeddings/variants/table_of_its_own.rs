//! Position embeddings whose table is drawn by a function that tokens could share; a batch of one
//! is taken apart by `flatten`, and the positions are joined from single ones.

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
        Self {
            wpe: table(config.n_positions, config.n_embd, device),
        }
    }

    /// The vectors for positions given row by row: [batch, seq] -> [batch, seq, n_embd].
    ///
    /// # Panics
    ///
    /// If a position is not below `n_positions`: the table has no such row, and the lookup on the
    /// CPU says so. (GPU backends may not look.)
    pub fn forward(&self, position_ids: Tensor<2, Int>) -> Tensor<3> {
        self.wpe.forward(position_ids) // [batch, seq, n_embd]
    }

    /// The vectors for positions that all rows of a batch share: [seq] -> [seq, n_embd].
    ///
    /// # Panics
    ///
    /// Like [`forward`](Self::forward).
    pub fn forward_unbatched(&self, position_ids: Tensor<1, Int>) -> Tensor<2> {
        self.forward(position_ids.unsqueeze()).flatten(0, 1) // [seq, n_embd]
    }
}

/// The positions of `new` tokens that follow `past` earlier ones: past, past + 1, …; [new].
pub fn position_ids(new: usize, past: usize, device: &Device) -> Tensor<1, Int> {
    let single = |position: usize| Tensor::<1, Int>::from_data([position as i64], device);
    Tensor::cat((past..past + new).map(single).collect(), 0)
}

/// A table of `rows` vectors, with GPT-2's start.
fn table(rows: usize, width: usize, device: &Device) -> Embedding {
    const INITIALIZER_RANGE: f64 = 0.02;
    let normal = Distribution::Normal(0.0, INITIALIZER_RANGE);
    let drawn = Tensor::random([rows, width], normal, device);
    Embedding {
        weight: Param::from_tensor(drawn),
    }
}
