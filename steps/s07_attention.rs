//! Causal self-attention with several heads: each token gathers what it needs from itself and from
//! the tokens before it.
//!
//! "Attention Is All You Need" (Vaswani et al., 2017), section 3.2; Hugging Face's counterpart is
//! `GPT2Attention`.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor};

use crate::s01_config::GptConfig;
use crate::s02_causal_mask::causal_mask;
use crate::s04_mlp::linear;

/// Attention of a sequence to itself.
#[derive(Module, Debug)]
pub struct CausalSelfAttention {
    /// Queries, keys and values side by side: its `weight` is [n_embd, 3 * n_embd].
    pub c_attn: Linear,
    /// Mixes what the heads found: its `weight` is [n_embd, n_embd].
    pub c_proj: Linear,
    /// Number of heads.
    pub n_head: usize,
}

impl CausalSelfAttention {
    /// Untrained attention; see [`linear`].
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        // Two projections that start like those of step 04. The first makes queries, keys and values at
        // once: how wide is that? The second takes what all heads found together: how wide is it?
        todo!()
    }

    /// How much each token (row) takes from each token (column): softmax(q k^T / sqrt(head_dim) +
    /// mask). Queries and keys are [batch, n_head, seq, head_dim], the result is
    /// [batch, n_head, seq, seq]; its rows add up to 1.
    pub fn attention_weights(&self, q: Tensor<4>, k: Tensor<4>) -> Tensor<4> {
        // The score of a pair is the dot product of its query and its key. All pairs of a head are one
        // matrix product: of [seq, head_dim] and which shape? Divide, so that wide heads do not make the
        // softmax extreme: by the root of which width? A hidden token must get no weight at all, and
        // each row has to add up to 1: so does the mask come before the softmax, or after it?
        todo!()
    }

    /// Gives each head its own channels, side by side in `x`:
    /// [batch, seq, n_embd] -> [batch, n_head, seq, head_dim].
    pub fn split_heads(&self, x: Tensor<3>) -> Tensor<4> {
        // The channels of one token are head 0's, then head 1's, and so on. A reshape keeps the numbers
        // in their order in memory, so it can cut that axis in two, but it cannot put heads before
        // tokens: reshaping straight to the final shape mixes tokens up. Which two steps does it take?
        todo!()
    }

    /// Puts the heads side by side again: [batch, n_head, seq, head_dim] -> [batch, seq, n_embd].
    pub fn merge_heads(&self, x: Tensor<4>) -> Tensor<3> {
        // The way back from `split_heads`: which of its two steps has to be undone first?
        todo!()
    }

    /// Attention as a whole: [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        // `c_attn` makes queries, keys and values, in this order along the last axis. Cut them apart,
        // split each into heads, and let the weights mix the values: [seq, seq] by [seq, head_dim] for
        // each head. What is left to do before each head's result can reach every channel?
        todo!()
    }
}
