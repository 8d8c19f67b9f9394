//! The MLP works on all tokens of the batch as if they were one long row; the halves are
//! functions, and the struct has its fields in another order.

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
    /// Within each token.
    pub mlp: Mlp,
    /// Before the MLP.
    pub ln_2: LayerNorm,
    /// Between tokens.
    pub attn: CausalSelfAttention,
    /// Before attention.
    pub ln_1: LayerNorm,
}

impl Block {
    /// An untrained block.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        let norm = || LayerNorm::new(config.n_embd, config.layer_norm_epsilon, device);
        Self {
            ln_1: norm(),
            attn: CausalSelfAttention::new(config, device),
            ln_2: norm(),
            mlp: Mlp::new(config, device),
        }
    }

    /// [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        self.think(self.listen(x))
    }

    fn listen(&self, x: Tensor<3>) -> Tensor<3> {
        residual(x, &self.ln_1, |x| self.attn.forward(x))
    }

    fn think(&self, x: Tensor<3>) -> Tensor<3> {
        let [batch, seq, n_embd] = x.dims();
        let row = x.reshape([1, batch * seq, n_embd]);
        let row = residual(row, &self.ln_2, |row| self.mlp.forward(row));
        row.reshape([batch, seq, n_embd])
    }
}
