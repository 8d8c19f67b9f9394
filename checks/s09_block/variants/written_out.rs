//! Both halves written out, without the function of step 08, and each sum in the other order: the
//! sublayer's answer first.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use crate::s01_config::GptConfig;
use crate::s03_layer_norm::LayerNorm;
use crate::s04_mlp::Mlp;
use crate::s07_attention::CausalSelfAttention;

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
        let (width, epsilon) = (config.n_embd, config.layer_norm_epsilon);
        Self {
            ln_1: LayerNorm::new(width, epsilon, device),
            attn: CausalSelfAttention::new(config, device),
            ln_2: LayerNorm::new(width, epsilon, device),
            mlp: Mlp::new(config, device),
        }
    }

    /// [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let heard = self.attn.forward(self.ln_1.forward(x.clone()));
        let listened = heard + x;
        let thought = self.mlp.forward(self.ln_2.forward(listened.clone()));
        thought + listened
    }
}
