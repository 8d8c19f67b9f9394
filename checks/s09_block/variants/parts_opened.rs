//! Neither attention nor the MLP is called as a whole: the block does their work, one projection
//! at a time, and one head at a time.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use crate::s01_config::GptConfig;
use crate::s03_layer_norm::LayerNorm;
use crate::s04_mlp::{Mlp, gelu};
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
        let [batch, seq, n_embd] = x.dims();
        let qkv = self.attn.c_attn.forward(self.ln_1.forward(x.clone()));
        let mut parts = qkv.chunk(3, 2).into_iter().map(|part| self.attn.split_heads(part));
        let (Some(q), Some(k), Some(v)) = (parts.next(), parts.next(), parts.next()) else {
            unreachable!("three chunks");
        };
        let weights = self.attn.attention_weights(q, k); // [batch, n_head, seq, seq]
        let heads = (0..self.attn.n_head).map(|head| {
            let weights = weights.clone().narrow(1, head, 1);
            weights.matmul(v.clone().narrow(1, head, 1)) // [batch, 1, seq, head_dim]
        });
        let found = Tensor::cat(heads.collect(), 3).reshape([batch, seq, n_embd]);
        let x = x + self.attn.c_proj.forward(found);
        let wide = gelu(self.mlp.c_fc.forward(self.ln_2.forward(x.clone())));
        x + self.mlp.c_proj.forward(wide)
    }
}
