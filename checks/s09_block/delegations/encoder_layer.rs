//! The whole block as a layer of Burn's encoder.

use burn::module::{Module, Param, ParamId};
use burn::nn::activation::ActivationConfig;
use burn::nn::transformer::{TransformerEncoderConfig, TransformerEncoderInput};
use burn::nn::{LayerNorm as Theirs, LayerNormConfig, Linear};
use burn::tensor::{Bool, Device, Tensor};

use crate::s01_config::GptConfig;
use crate::s03_layer_norm::LayerNorm;
use crate::s04_mlp::Mlp;
use crate::s07_attention::CausalSelfAttention;

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
        let ([batch, seq, n_embd], device) = (x.dims(), x.device());
        let [_, n_inner] = self.mlp.c_fc.weight.dims();
        let mut theirs = TransformerEncoderConfig::new(n_embd, n_inner, self.attn.n_head, 1)
            .with_norm_first(true)
            .with_dropout(0.0)
            .with_activation(ActivationConfig::GeluApproximate)
            .init(&device);
        let layer = &mut theirs.layers[0];
        (layer.norm_1, layer.norm_2) = (of_theirs(&self.ln_2), of_theirs(&self.ln_1));
        let part = |i: usize| Linear {
            weight: Param::initialized(
                ParamId::new(),
                self.attn.c_attn.weight.val().narrow(1, i * n_embd, n_embd),
            ),
            bias: (self.attn.c_attn.bias.as_ref()).map(|bias| {
                Param::initialized(ParamId::new(), bias.val().narrow(0, i * n_embd, n_embd))
            }),
        };
        (layer.mha.query, layer.mha.key, layer.mha.value) = (part(0), part(1), part(2));
        layer.mha.output = self.attn.c_proj.clone();
        layer.pwff.linear_inner = self.mlp.c_fc.clone();
        layer.pwff.linear_outer = self.mlp.c_proj.clone();
        let later = Tensor::<3, Bool>::tril_mask([batch, seq, seq], 0, &device);
        theirs.forward(TransformerEncoderInput::new(x).mask_attn(later))
    }
}

fn of_theirs(norm: &LayerNorm) -> Theirs {
    let mut theirs = LayerNormConfig::new(norm.weight.dims()[0])
        .with_epsilon(norm.epsilon)
        .init(&norm.weight.val().device());
    theirs.gamma = norm.weight.clone();
    theirs.beta = Some(norm.bias.clone());
    theirs
}
