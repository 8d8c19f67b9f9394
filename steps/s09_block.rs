//! A transformer block: the tokens exchange information, then each one works on its own.
//!
//! "Language Models are Unsupervised Multitask Learners" (Radford et al., 2019), section 2.3;
//! Hugging Face's counterpart is `GPT2Block`.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use crate::s01_config::GptConfig;
use crate::s03_layer_norm::LayerNorm;
use crate::s04_mlp::Mlp;
use crate::s07_attention::CausalSelfAttention;
use crate::s08_residual::residual;

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
        // Each part has a `new` of its own. Both norms are n_embd wide and take the configuration's
        // epsilon.
        todo!()
    }

    /// [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        // `residual` from step 08, twice: attention behind `ln_1`, then the MLP behind `ln_2`,
        // which works on what attention has already added to. A sublayer is a closure, |x| … .
        todo!()
    }
}
