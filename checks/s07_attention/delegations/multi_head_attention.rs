//! Burn's own layer, with our projections cut into its own.

use burn::module::{Module, Param, ParamId};
use burn::nn::Linear;
use burn::nn::attention::{MhaInput, MultiHeadAttentionConfig};
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
        let [batch, seq, n_embd] = x.dims();
        let device = x.device();
        let mut theirs = MultiHeadAttentionConfig::new(n_embd, self.n_head)
            .with_dropout(0.0)
            .with_min_float(f64::NEG_INFINITY)
            .init(&device);
        let part = |i: usize| Linear {
            weight: Param::initialized(
                ParamId::new(),
                self.c_attn.weight.val().narrow(1, i * n_embd, n_embd),
            ),
            bias: (self.c_attn.bias.as_ref()).map(|bias| {
                Param::initialized(ParamId::new(), bias.val().narrow(0, i * n_embd, n_embd))
            }),
        };
        (theirs.query, theirs.key, theirs.value) = (part(0), part(1), part(2));
        theirs.output = self.c_proj.clone();
        let later = causal_mask(seq, 0, &device).lower_elem(0.0); // [seq, seq]
        let later = later.unsqueeze::<3>().expand([batch, seq, seq]);
        theirs
            .forward(MhaInput::self_attn(x).mask_attn(later))
            .context
    }
}
