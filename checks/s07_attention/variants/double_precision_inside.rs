//! Scores and softmax in double precision, brought back before anybody sees them; heads with their
//! sizes in a struct of their own.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::{DType, Device, Distribution, Tensor};

use crate::s01_config::GptConfig;
use crate::s02_causal_mask::causal_mask;

/// Attention of a sequence to itself.
#[derive(Module, Debug)]
pub struct CausalSelfAttention {
    /// Mixes what the heads found.
    pub c_proj: Linear,
    /// Queries, keys and values side by side.
    pub c_attn: Linear,
    /// Number of heads.
    pub n_head: usize,
}

/// How many heads there are, and how wide each is.
struct Heads {
    count: usize,
    width: usize,
}

impl CausalSelfAttention {
    /// Untrained attention.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        let normal = Distribution::Normal(0.0, 0.02);
        let projection = |columns: usize| Linear {
            weight: Param::from_tensor(Tensor::random([config.n_embd, columns], normal, device)),
            bias: Some(Param::from_tensor(Tensor::zeros([columns], device))),
        };
        Self {
            c_proj: projection(config.n_embd),
            c_attn: projection(config.n_embd * 3),
            n_head: config.n_head,
        }
    }

    fn heads(&self, n_embd: usize) -> Heads {
        assert!(
            n_embd.is_multiple_of(self.n_head),
            "heads share the width evenly"
        );
        Heads {
            count: self.n_head,
            width: n_embd / self.n_head,
        }
    }

    /// [batch, seq, n_embd] -> [batch, n_head, seq, head_dim].
    pub fn split_heads(&self, x: Tensor<3>) -> Tensor<4> {
        let [batch, seq, n_embd] = x.dims();
        let heads = self.heads(n_embd);
        let x: Tensor<4> = x.reshape([batch, seq, heads.count, heads.width]);
        x.permute([0, 2, 1, 3])
    }

    /// [batch, n_head, seq, head_dim] -> [batch, seq, n_embd].
    pub fn merge_heads(&self, x: Tensor<4>) -> Tensor<3> {
        let x: Tensor<4> = x.permute([0, 2, 1, 3]);
        x.flatten::<3>(2, 3)
    }

    /// Queries and keys [batch, n_head, seq, head_dim] -> [batch, n_head, seq, seq].
    pub fn attention_weights(&self, q: Tensor<4>, k: Tensor<4>) -> Tensor<4> {
        let [batch, n_head, seq, head_dim] = q.dims();
        let mask = causal_mask(seq, 0, &q.device()).cast(DType::F64);
        let mask = mask.unsqueeze::<4>().expand([batch, n_head, seq, seq]);
        let (q, k) = (q.cast(DType::F64), k.cast(DType::F64));
        let scores = mask + q.matmul(k.swap_dims(2, 3)) / (head_dim as f64).sqrt();
        // The logarithm of the sum of the exponentials, from the largest of them.
        let largest = scores.clone().max_dim(3);
        let total = (scores.clone() - largest.clone()).exp().sum_dim(3).log() + largest;
        (scores - total).exp().cast(DType::F32)
    }

    /// [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [batch, seq, n_embd] = x.dims();
        let heads = self.heads(n_embd);
        let qkv: Tensor<5> =
            self.c_attn
                .forward(x)
                .reshape([batch, seq, 3, heads.count, heads.width]);
        let qkv = qkv.permute([2, 0, 3, 1, 4]); // [3, batch, n_head, seq, head_dim]
        let part = |at: usize| -> Tensor<4> { qkv.clone().narrow(0, at, 1).squeeze_dim(0) };
        let weights = self.attention_weights(part(0), part(1));
        self.c_proj
            .forward(self.merge_heads(weights.matmul(part(2))))
    }
}
