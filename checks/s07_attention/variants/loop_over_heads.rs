//! Attention with a loop: each head works on its own columns, one row of the batch at a time, and
//! the results are stacked and joined.

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
        Self {
            c_attn: linear(config.n_embd, 3 * config.n_embd, device),
            c_proj: linear(config.n_embd, config.n_embd, device),
            n_head: config.n_head,
        }
    }

    /// [batch, seq, n_embd] -> [batch, n_head, seq, head_dim].
    pub fn split_heads(&self, x: Tensor<3>) -> Tensor<4> {
        let [_, _, n_embd] = x.dims();
        let heads = x.split(n_embd / self.n_head, 2); // n_head times [batch, seq, head_dim]
        Tensor::stack(heads, 1)
    }

    /// [batch, n_head, seq, head_dim] -> [batch, seq, n_embd].
    pub fn merge_heads(&self, x: Tensor<4>) -> Tensor<3> {
        let heads = x.iter_dim(1).map(|head| head.squeeze_dim(1)).collect();
        Tensor::cat(heads, 2)
    }

    /// Queries and keys [batch, n_head, seq, head_dim] -> [batch, n_head, seq, seq].
    pub fn attention_weights(&self, q: Tensor<4>, k: Tensor<4>) -> Tensor<4> {
        let mut rows = Vec::new();
        for (q, k) in q.iter_dim(0).zip(k.iter_dim(0)) {
            let mut heads = Vec::new();
            for (q, k) in q.iter_dim(1).zip(k.iter_dim(1)) {
                let (q, k) = (q.squeeze_dims(&[0, 1]), k.squeeze_dims(&[0, 1]));
                heads.push(weights_of_one_head(q, k));
            }
            rows.push(Tensor::stack::<3>(heads, 0)); // [n_head, seq, seq]
        }
        Tensor::stack(rows, 0)
    }

    /// [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let rows = x
            .iter_dim(0)
            .map(|row| self.forward_row(row.squeeze_dim(0)));
        Tensor::stack(rows.collect(), 0)
    }

    /// One row of the batch: [seq, n_embd] -> [seq, n_embd].
    fn forward_row(&self, x: Tensor<2>) -> Tensor<2> {
        let [_, n_embd] = x.dims();
        let head_dim = n_embd / self.n_head;
        let qkv = self.c_attn.forward(x); // [seq, 3 * n_embd]
        let mut found = Vec::new();
        for head in 0..self.n_head {
            let columns = |part: usize| {
                let start = part * n_embd + head * head_dim;
                qkv.clone()
                    .slice([0..qkv.dims()[0], start..start + head_dim])
            };
            let weights = weights_of_one_head(columns(0), columns(1));
            found.push(weights.matmul(columns(2))); // [seq, head_dim]
        }
        self.c_proj.forward(Tensor::cat(found, 1))
    }
}

/// Queries and keys [seq, head_dim] -> [seq, seq].
fn weights_of_one_head(q: Tensor<2>, k: Tensor<2>) -> Tensor<2> {
    let [seq, head_dim] = q.dims();
    let mask = causal_mask(seq, 0, &q.device());
    let scores = q.matmul(k.transpose()) / (head_dim as f64).sqrt();
    softmax(scores + mask, 1)
}
