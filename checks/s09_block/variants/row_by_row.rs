//! Each row of the batch takes its own way through the block, and in the MLP each token, for no
//! row looks at another one and the MLP at no other token.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use crate::s01_config::GptConfig;
use crate::s03_layer_norm::LayerNorm;
use crate::s04_mlp::Mlp;
use crate::s07_attention::CausalSelfAttention;
use crate::s08_residual::residual;

/// Attention and an MLP, each behind a norm and beside a residual connection.
#[derive(Module, Debug)]
pub struct Block {
    /// Before attention.
    pub ln_1: LayerNorm,
    /// Between tokens.
    pub attn: CausalSelfAttention,
    /// Before the MLP.
    pub ln_2: LayerNorm,
    /// Within each token.
    pub mlp: Mlp,
    n_embd: usize,
}

impl Block {
    /// An untrained block.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        let n_embd = config.n_embd;
        Self {
            ln_1: LayerNorm::new(n_embd, config.layer_norm_epsilon, device),
            attn: CausalSelfAttention::new(config, device),
            ln_2: LayerNorm::new(n_embd, config.layer_norm_epsilon, device),
            mlp: Mlp::new(config, device),
            n_embd,
        }
    }

    /// [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let mut rows = Vec::new();
        for row in x.iter_dim(0) {
            let row = residual(row, &self.ln_1, |row| self.attn.forward(row));
            let [_, seq, _] = row.dims();
            let tokens = row.reshape([seq, 1, self.n_embd]); // as if each were a sequence
            let tokens = residual(tokens, &self.ln_2, |tokens| self.each(tokens));
            rows.push(tokens.reshape([1, seq, self.n_embd]));
        }
        Tensor::cat(rows, 0)
    }

    /// The MLP, one token at a time: [seq, 1, n_embd] -> [seq, 1, n_embd].
    fn each(&self, tokens: Tensor<3>) -> Tensor<3> {
        let answers = tokens.iter_dim(0).map(|token| self.mlp.forward(token));
        Tensor::cat(answers.collect(), 0)
    }
}
