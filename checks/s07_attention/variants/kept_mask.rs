//! The mask of the full window is made once and kept, as nanoGPT does, and a hidden score is the
//! score minus 1e10, as in OpenAI's code.

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
    /// One where a token may be seen: [n_positions, n_positions].
    visible: Tensor<2>,
}

impl CausalSelfAttention {
    /// Untrained attention.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        let window = [config.n_positions, config.n_positions];
        Self {
            c_attn: linear(config.n_embd, config.n_embd * 3, device),
            c_proj: linear(config.n_embd, config.n_embd, device),
            n_head: config.n_head,
            visible: Tensor::ones(window, device).tril(0),
        }
    }

    /// [batch, seq, n_embd] -> [batch, n_head, seq, head_dim].
    pub fn split_heads(&self, x: Tensor<3>) -> Tensor<4> {
        let [batch, seq, n_embd] = x.dims();
        let head_dim = n_embd / self.n_head;
        x.reshape([batch * seq, self.n_head, head_dim])
            .reshape([batch, seq, self.n_head, head_dim])
            .permute([0, 2, 1, 3])
    }

    /// [batch, n_head, seq, head_dim] -> [batch, seq, n_embd].
    pub fn merge_heads(&self, x: Tensor<4>) -> Tensor<3> {
        let [batch, n_head, seq, head_dim] = x.dims();
        let x = x.permute([0, 2, 1, 3]);
        x.reshape([batch, seq, n_head * head_dim])
    }

    /// Queries and keys [batch, n_head, seq, head_dim] -> [batch, n_head, seq, seq].
    pub fn attention_weights(&self, q: Tensor<4>, k: Tensor<4>) -> Tensor<4> {
        let [_, _, seq, head_dim] = q.dims();
        let visible = self
            .visible
            .clone()
            .slice([0..seq, 0..seq])
            .unsqueeze::<4>();
        let scores = q.matmul(k.transpose()) * (1.0 / (head_dim as f32).sqrt());
        let hidden = (-visible.clone() + 1.0) * 1e10;
        softmax(scores * visible - hidden, 3)
    }

    /// [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let qkv: [Tensor<3>; 3] = match self.c_attn.forward(x).chunk(3, 2).try_into() {
            Ok(parts) => parts,
            Err(_) => unreachable!("three parts were asked for"),
        };
        let [q, k, v] = qkv.map(|part| self.split_heads(part));
        let found = self.attention_weights(q, k).matmul(v);
        self.c_proj.forward(self.merge_heads(found))
    }
}
