//! A transformer block: the tokens exchange information, then each is worked on by itself.
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

/// Attention and an MLP, each with a norm before it and a residual connection around it.
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
        // Four parts, each made by its own step. Both norms are n_embd wide; where does their epsilon
        // come from?
        todo!()
    }

    /// [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        // First the tokens exchange information, then each works on what it has received. Which norm
        // belongs to which half, and what does the second half read: the x that came in, or what the
        // first half left?
        todo!()
    }
}
