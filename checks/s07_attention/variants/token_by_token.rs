//! No mask: each token looks only at the keys up to its own, one after the other, and what it does
//! not see gets a zero.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::softmax;
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
}

impl CausalSelfAttention {
    /// Untrained attention.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        let GptConfig { n_embd, n_head, .. } = *config;
        // The other way round: the order in which parameters are drawn does not matter.
        let c_proj = linear(n_embd, n_embd, device);
        let c_attn = linear(n_embd, 3 * n_embd, device);
        Self {
            c_attn,
            c_proj,
            n_head,
        }
    }

    /// [batch, seq, n_embd] -> [batch, n_head, seq, head_dim].
    pub fn split_heads(&self, x: Tensor<3>) -> Tensor<4> {
        let heads: Vec<Tensor<4>> = x
            .chunk(self.n_head, 2)
            .into_iter()
            .map(|head| head.unsqueeze_dim(1))
            .collect();
        Tensor::cat(heads, 1)
    }

    /// [batch, n_head, seq, head_dim] -> [batch, seq, n_embd].
    pub fn merge_heads(&self, x: Tensor<4>) -> Tensor<3> {
        let [_, n_head, _, _] = x.dims();
        let heads = (0..n_head).map(|head| x.clone().narrow(1, head, 1).squeeze_dim(1));
        Tensor::cat(heads.collect(), 2)
    }

    /// Queries and keys [batch, n_head, seq, head_dim] -> [batch, n_head, seq, seq].
    pub fn attention_weights(&self, q: Tensor<4>, k: Tensor<4>) -> Tensor<4> {
        let [batch, n_head, seq, head_dim] = q.dims();
        let device = q.device();
        let row = |token: usize| {
            let query = q.clone().narrow(2, token, 1); // [batch, n_head, 1, head_dim]
            let keys = k.clone().narrow(2, 0, token + 1);
            let scores = query.matmul(keys.transpose()) / (head_dim as f64).powf(0.5);
            let seen = softmax(scores, 3); // [batch, n_head, 1, token + 1]
            match seq - token - 1 {
                0 => seen,
                later => {
                    let unseen = Tensor::zeros([batch, n_head, 1, later], &device);
                    Tensor::cat(vec![seen, unseen], 3)
                }
            }
        };
        Tensor::cat((0..seq).map(row).collect(), 2)
    }

    /// [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [_, _, n_embd] = x.dims();
        let qkv = self.c_attn.forward(x);
        let part = |at: usize| qkv.clone().slice_dim(2, at * n_embd..(at + 1) * n_embd);
        let weights = self.attention_weights(self.split_heads(part(0)), self.split_heads(part(1)));
        let found = weights.matmul(self.split_heads(part(2)));
        self.c_proj.forward(self.merge_heads(found))
    }
}
