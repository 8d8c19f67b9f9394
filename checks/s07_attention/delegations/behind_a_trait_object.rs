//! Burn's own attention behind a closure that nobody knows the type of.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::softmax;
use burn::tensor::module::attention;
use burn::tensor::ops::AttentionModuleOptions;
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
        let n_embd = config.n_embd;
        Self {
            c_attn: linear(n_embd, 3 * n_embd, device),
            c_proj: linear(n_embd, n_embd, device),
            n_head: config.n_head,
        }
    }

    /// Gives each head its own channels, side by side in `x`:
    /// [batch, seq, n_embd] -> [batch, n_head, seq, head_dim].
    pub fn split_heads(&self, x: Tensor<3>) -> Tensor<4> {
        let [batch, seq, n_embd] = x.dims();
        x.reshape([batch, seq, self.n_head, n_embd / self.n_head]) // [batch, seq, n_head, head_dim]
            .swap_dims(1, 2) // [batch, n_head, seq, head_dim]
    }

    /// Puts the heads side by side again: [batch, n_head, seq, head_dim] -> [batch, seq, n_embd].
    pub fn merge_heads(&self, x: Tensor<4>) -> Tensor<3> {
        let [batch, n_head, seq, head_dim] = x.dims();
        x.swap_dims(1, 2) // [batch, seq, n_head, head_dim]
            .reshape([batch, seq, n_head * head_dim]) // [batch, seq, n_embd]
    }

    /// How much each token (row) takes from each token (column): softmax(q k^T / sqrt(head_dim) +
    /// mask). Queries and keys are [batch, n_head, seq, head_dim], the result is
    /// [batch, n_head, seq, seq]; its rows add up to 1.
    pub fn attention_weights(&self, q: Tensor<4>, k: Tensor<4>) -> Tensor<4> {
        let [_, _, seq, head_dim] = q.dims();
        let mask = causal_mask(seq, 0, &q.device()); // [seq, seq]
        let scores = q.matmul(k.swap_dims(2, 3)); // [batch, n_head, seq, seq]
        let scores = scores / (head_dim as f64).sqrt();
        softmax(scores + mask.unsqueeze(), 3)
    }

    /// Attention as a whole: [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [_, _, n_embd] = x.dims();
        let qkv = self.c_attn.forward(x); // [batch, seq, 3 * n_embd]
        let [q, k, v] = [0, 1, 2].map(|part| {
            let part = qkv.clone().narrow(2, part * n_embd, n_embd); // [batch, seq, n_embd]
            self.split_heads(part) // [batch, n_head, seq, head_dim]
        });
        let options = AttentionModuleOptions {
            is_causal: true,
            ..Default::default()
        };
        let theirs: Box<dyn FnOnce(Tensor<4>) -> Tensor<4>> =
            Box::new(move |v| attention(q, k, v, None, None, options));
        let found = theirs(v); // [batch, n_head, seq, head_dim]
        self.c_proj.forward(self.merge_heads(found)) // [batch, seq, n_embd]
    }
}
