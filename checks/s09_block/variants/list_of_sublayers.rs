//! The block as a list of norms and sublayers, which x passes one after the other: the same step
//! twice, folded over the list.

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
}

/// A norm, and the layer that reads what it returns.
type Sublayer<'a> = (&'a LayerNorm, &'a dyn Fn(Tensor<3>) -> Tensor<3>);

impl Block {
    /// An untrained block.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        let [ln_1, ln_2] =
            [(); 2].map(|()| LayerNorm::new(config.n_embd, config.layer_norm_epsilon, device));
        let (attn, mlp) = (
            CausalSelfAttention::new(config, device),
            Mlp::new(config, device),
        );
        Self {
            ln_1,
            attn,
            ln_2,
            mlp,
        }
    }

    /// [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let sublayers: [Sublayer; 2] = [
            (&self.ln_1, &|x| self.attn.forward(x)),
            (&self.ln_2, &|x| self.mlp.forward(x)),
        ];
        (sublayers.into_iter()).fold(x, |x, (norm, sublayer)| residual(x, norm, sublayer))
    }
}
