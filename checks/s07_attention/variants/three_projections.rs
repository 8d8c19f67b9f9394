//! Queries, keys and values from a third of the weights each, and batch and heads merged into one
//! axis, as implementations with a batched product of matrices have it.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::log_softmax;
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
        let width = config.n_head * config.head_dim();
        Self {
            c_attn: linear(width, 3 * width, device),
            c_proj: linear(width, width, device),
            n_head: config.n_head,
        }
    }

    /// [batch, seq, n_embd] -> [batch, n_head, seq, head_dim].
    pub fn split_heads(&self, x: Tensor<3>) -> Tensor<4> {
        let [batch, seq, n_embd] = x.dims();
        let head_dim = n_embd / self.n_head;
        x.transpose() // [batch, n_embd, seq]
            .reshape([batch, self.n_head, head_dim, seq])
            .transpose()
    }

    /// [batch, n_head, seq, head_dim] -> [batch, seq, n_embd].
    pub fn merge_heads(&self, x: Tensor<4>) -> Tensor<3> {
        let [batch, n_head, seq, head_dim] = x.dims();
        x.transpose() // [batch, n_head, head_dim, seq]
            .reshape([batch, n_head * head_dim, seq])
            .transpose()
    }

    /// Queries and keys [batch, n_head, seq, head_dim] -> [batch, n_head, seq, seq].
    pub fn attention_weights(&self, q: Tensor<4>, k: Tensor<4>) -> Tensor<4> {
        let [batch, n_head, seq, head_dim] = q.dims();
        let mask = causal_mask(seq, 0, &q.device()).unsqueeze::<3>();
        let all_heads = [batch * n_head, seq, head_dim];
        let (q, k) = (q.reshape(all_heads), k.reshape(all_heads));
        let scores = k.matmul(q.transpose()).transpose(); // [batch * n_head, seq, seq]
        let scores = mask + scores.div_scalar((head_dim as f64).sqrt());
        log_softmax(scores, 2)
            .exp()
            .reshape([batch, n_head, seq, seq])
    }

    /// [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [queries, keys, values] = [0, 1, 2].map(|third| self.project(x.clone(), third));
        let weights = self.attention_weights(queries, keys);
        let found = values.transpose().matmul(weights.transpose()); // [.., head_dim, seq]
        self.c_proj.forward(self.merge_heads(found.transpose()))
    }

    /// Projects by one third of `c_attn`; [batch, seq, n_embd] -> [batch, n_head, seq, head_dim].
    fn project(&self, x: Tensor<3>, third: usize) -> Tensor<4> {
        let [_, _, n_embd] = x.dims();
        let weight = self.c_attn.weight.val().narrow(1, third * n_embd, n_embd);
        let mut projected = x.matmul(weight.unsqueeze());
        if let Some(bias) = &self.c_attn.bias {
            projected = projected + bias.val().narrow(0, third * n_embd, n_embd).unsqueeze();
        }
        self.split_heads(projected)
    }
}
