//! No product of matrices inside a head: scores and results are sums over a broadcast product, and
//! hidden tokens get a weight of zero before the weights are shared out.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};

use crate::s01_config::GptConfig;
use crate::s04_mlp::linear;

/// Attention of a sequence to itself.
#[derive(Module, Debug)]
pub struct CausalSelfAttention {
    /// Queries, keys and values side by side.
    pub c_attn: Linear,
    /// Mixes what the heads found.
    pub c_proj: Linear,
    /// Number of heads.
    pub n_head: usize,
    #[module(skip)]
    scale: f64,
}

impl CausalSelfAttention {
    /// Untrained attention.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        let n_embd = config.n_embd;
        Self {
            c_attn: linear(n_embd, 3 * n_embd, device),
            c_proj: linear(n_embd, n_embd, device),
            n_head: config.n_head,
            scale: 1.0 / (config.head_dim() as f64).sqrt(),
        }
    }

    /// [batch, seq, n_embd] -> [batch, n_head, seq, head_dim].
    pub fn split_heads(&self, x: Tensor<3>) -> Tensor<4> {
        let [batch, seq, n_embd] = x.dims();
        let x: Tensor<4> = x.reshape([batch, seq, self.n_head, n_embd / self.n_head]);
        x.movedim(2, 1)
    }

    /// [batch, n_head, seq, head_dim] -> [batch, seq, n_embd].
    pub fn merge_heads(&self, x: Tensor<4>) -> Tensor<3> {
        let [batch, _, seq, _] = x.dims();
        x.movedim(1, 2).reshape([batch as i32, seq as i32, -1])
    }

    /// Queries and keys [batch, n_head, seq, head_dim] -> [batch, n_head, seq, seq].
    pub fn attention_weights(&self, q: Tensor<4>, k: Tensor<4>) -> Tensor<4> {
        let [_, _, seq, _] = q.dims();
        let visible = Tensor::<2>::ones([seq, seq], &q.device()).tril(0);
        let products = q.unsqueeze_dim::<5>(3) * k.unsqueeze_dim(2);
        let scores: Tensor<4> = products.sum_dim(4).squeeze_dim(4);
        let scores = scores * self.scale;
        // Subtracting the same number from a whole row changes nothing but the size of the
        // exponentials.
        let largest = scores.clone().max_dim(3);
        let shares = (scores - largest).exp() * visible.unsqueeze();
        let total = shares.clone().sum_dim(3);
        shares / total
    }

    /// [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [_, _, n_embd] = x.dims();
        let qkv = self.c_attn.forward(x);
        let mut parts = qkv.split(n_embd, 2);
        let v = self.split_heads(parts.remove(2));
        let k = self.split_heads(parts.remove(1));
        let q = self.split_heads(parts.remove(0));
        let weights = self.attention_weights(q, k).unsqueeze_dim::<5>(4); // [.., seq, seq, 1]
        let found = (weights * v.unsqueeze_dim(2)).sum_dim(3); // [.., seq, 1, head_dim]
        self.c_proj.forward(self.merge_heads(found.squeeze_dim(3)))
    }
}
