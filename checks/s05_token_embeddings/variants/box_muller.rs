//! Token embeddings one place of the sequence after the other. The table is drawn by the method of
//! Box and Muller: two uniform numbers make a normal one.

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
        let uniform = || Tensor::<2>::random(shape, Distribution::Uniform(0.0, 1.0), device);
        // One minus a number below 1 is not zero, so that its logarithm is a number.
        let radius = ((uniform() * -1.0 + 1.0).log() * -2.0).sqrt();
        let angle = uniform() * (2.0 * std::f64::consts::PI);
        let normal = radius * angle.cos();
        Self {
            wte: Embedding {
                weight: Param::from_tensor(normal * 0.02),
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
        let [_, seq] = ids.dims();
        let places = (0..seq)
            .map(|place| self.wte.forward(ids.clone().narrow(1, place, 1))) // [batch, 1, n_embd]
            .collect();
        Tensor::cat(places, 1) // [batch, seq, n_embd]
    }
}
