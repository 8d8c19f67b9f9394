//! The sum is kept as a list of what has been added, and only summed where somebody reads it.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use crate::s01_config::GptConfig;
use crate::s03_layer_norm::LayerNorm;
use crate::s04_mlp::Mlp;
use crate::s07_attention::CausalSelfAttention;

/// All of `parts`, the last one first.
fn sum(parts: &[Tensor<3>]) -> Tensor<3> {
    let stacked: Tensor<4> = Tensor::stack(parts.iter().rev().cloned().collect(), 0);
    stacked.sum_dim(0).squeeze_dim(0) // [batch, seq, n_embd]
}

/// Attention and an MLP, each behind a norm and beside a residual connection.
#[derive(Module, Debug)]
pub struct Block {
    /// Before attention.
    pub ln_1: LayerNorm,
    /// Between tokens.
    pub attn: CausalSelfAttention,
    /// Before the MLP.
    pub ln_2: LayerNorm,
    /// Within each token.
    pub mlp: Mlp,
}

impl Block {
    /// An untrained block.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        let norm = || LayerNorm::new(config.n_embd, config.layer_norm_epsilon, device);
        Self {
            ln_1: norm(),
            attn: CausalSelfAttention::new(config, device),
            ln_2: norm(),
            mlp: Mlp::new(config, device),
        }
    }

    /// [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let mut added = vec![x];
        added.push(self.attn.forward(self.ln_1.forward(sum(&added))));
        added.push(self.mlp.forward(self.ln_2.forward(sum(&added))));
        sum(&added)
    }
}
