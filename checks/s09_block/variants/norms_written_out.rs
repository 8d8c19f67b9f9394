//! The norms written out with Burn's variance, and both answers summed before x is added to them.

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
        let heard = self.attn.forward(normed(&self.ln_1, x.clone()));
        let thought = self.mlp.forward(normed(&self.ln_2, x.clone() + heard.clone()));
        (heard + thought) + x
    }
}

/// What `norm` makes of `x`: [batch, seq, n_embd] -> [batch, seq, n_embd].
fn normed(norm: &LayerNorm, x: Tensor<3>) -> Tensor<3> {
    let spread = (x.clone().var_bias(2) + norm.epsilon).sqrt(); // [batch, seq, 1]
    let scaled = (x.clone() - x.mean_dim(2)).div(spread) * norm.weight.val().unsqueeze();
    scaled + norm.bias.val().unsqueeze()
}
