//! The softmax written out, the queries scaled before the product, and the mask made from a
//! comparison of positions.

use burn::module::Module;
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::tensor::{Bool, Device, Int, Tensor};

use crate::s01_config::GptConfig;

/// Attention of a sequence to itself.
#[derive(Module, Debug)]
pub struct CausalSelfAttention {
    /// Queries, keys and values side by side.
    pub c_attn: Linear,
    /// Mixes what the heads found.
    pub c_proj: Linear,
    /// Number of heads.
    pub n_head: usize,
    head_dim: usize,
}

impl CausalSelfAttention {
    /// Untrained attention.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        Self {
            c_attn: projection(config.n_embd, 3 * config.n_embd, device),
            c_proj: projection(config.n_embd, config.n_embd, device),
            n_head: config.n_head,
            head_dim: config.head_dim(),
        }
    }

    /// [batch, seq, n_embd] -> [batch, n_head, seq, head_dim].
    pub fn split_heads(&self, x: Tensor<3>) -> Tensor<4> {
        let [batch, seq, _] = x.dims();
        x.reshape([batch, seq, self.n_head, self.head_dim])
            .permute([0, 2, 1, 3])
    }

    /// [batch, n_head, seq, head_dim] -> [batch, seq, n_embd].
    pub fn merge_heads(&self, x: Tensor<4>) -> Tensor<3> {
        x.permute([0, 2, 1, 3]).flatten(2, 3)
    }

    /// Queries and keys [batch, n_head, seq, head_dim] -> [batch, n_head, seq, seq].
    pub fn attention_weights(&self, q: Tensor<4>, k: Tensor<4>) -> Tensor<4> {
        let (shape, device) = (q.dims(), q.device());
        let q = q * (shape[3] as f64).powf(-0.5);
        let scores = q.matmul(k.transpose());
        let hidden = later(shape[2], &device).unsqueeze::<4>();
        let hidden = hidden.expand([shape[0], shape[1], shape[2], shape[2]]);
        let scores = scores.mask_fill(hidden, f32::NEG_INFINITY);
        let largest = scores.clone().max_dim(3);
        let exponentials = (scores - largest).exp();
        exponentials.clone() / exponentials.sum_dim(3)
    }

    /// [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let parts = self.c_attn.forward(x).chunk(3, 2);
        let mut parts = parts.into_iter().map(|part| self.split_heads(part));
        let mut next = || parts.next().expect("queries, keys and values");
        let (q, k, v) = (next(), next(), next());
        let found = self.attention_weights(q, k).matmul(v);
        self.c_proj.forward(self.merge_heads(found))
    }
}

/// Whether the key (column) comes after the query (row): [seq, seq].
fn later(seq: usize, device: &Device) -> Tensor<2, Bool> {
    let positions = Tensor::<1, Int>::arange(0..seq as i64, device);
    let queries = positions.clone().unsqueeze_dim::<2>(1); // [seq, 1]
    let keys = positions.unsqueeze_dim::<2>(0); // [1, seq]
    keys.repeat_dim(0, seq).greater(queries.repeat_dim(1, seq))
}

fn projection(d_in: usize, d_out: usize, device: &Device) -> Linear {
    let mut projection = LinearConfig::new(d_in, d_out)
        .with_initializer(Initializer::Normal {
            mean: 0.0,
            std: 0.02,
        })
        .init(device);
    projection.bias = Some(Initializer::Zeros.init([d_out], device));
    projection
}
