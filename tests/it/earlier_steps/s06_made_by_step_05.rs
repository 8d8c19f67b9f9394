//! Lets step 05 draw the table, which is one of as many rows.

use burn::module::Module;
use burn::nn::Embedding;
use burn::tensor::{Device, Int, Tensor};

use crate::s01_config::GptConfig;
use crate::s05_token_embeddings::TokenEmbeddings;

#[derive(Module, Debug)]
pub struct PositionEmbeddings {
    pub wpe: Embedding,
}

impl PositionEmbeddings {
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        let rows = GptConfig { vocab_size: config.n_positions, ..config.clone() };
        Self { wpe: TokenEmbeddings::new(&rows, device).wte }
    }

    pub fn forward(&self, position_ids: Tensor<2, Int>) -> Tensor<3> {
        self.wpe.forward(position_ids)
    }

    pub fn forward_unbatched(&self, position_ids: Tensor<1, Int>) -> Tensor<2> {
        let vectors = self.forward(position_ids.unsqueeze_dim(0));
        vectors.squeeze_dim(0)
    }
}

pub fn position_ids(new: usize, past: usize, device: &Device) -> Tensor<1, Int> {
    Tensor::arange(past as i64..(past + new) as i64, device)
}
