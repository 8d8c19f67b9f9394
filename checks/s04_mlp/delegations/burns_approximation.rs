//! The MLP with Burn's own tanh form of GELU, otherwise written out by hand.

use burn::module::{Module, Param};
use burn::nn::{Initializer, Linear};
use burn::tensor::activation::gelu_approximate;
use burn::tensor::{Device, Distribution, Tensor};

use crate::s01_config::GptConfig;

/// The activation of GPT-2, element by element: [..] -> [..].
///
/// 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), from "Gaussian Error Linear Units"
/// (Hendrycks and Gimpel, 2016), section 2. It approximates x times the normal distribution
/// function of x; GPT-2 was trained with the approximation.
pub fn gelu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    gelu_approximate(x)
}

/// A projection before training: weights [d_in, d_out] drawn from a normal distribution of
/// mean 0 and standard deviation 0.02, biases [d_out] all zero.
///
/// The numbers are `initializer_range` of Hugging Face's `GPT2Config` and its `Conv1D` layer.
pub fn linear(d_in: usize, d_out: usize, device: &Device) -> Linear {
    let drawn = Tensor::random([d_in, d_out], Distribution::Normal(0.0, 0.02), device);
    Linear {
        weight: Param::from_tensor(drawn),
        bias: Some(Initializer::Zeros.init([d_out], device)),
    }
}

/// Two projections with [`gelu`] between them.
#[derive(Module, Debug)]
pub struct Mlp {
    /// Widens: its `weight` is [n_embd, n_inner].
    pub c_fc: Linear,
    /// Narrows: its `weight` is [n_inner, n_embd].
    pub c_proj: Linear,
}

impl Mlp {
    /// An untrained MLP; see [`linear`].
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        Self {
            c_fc: linear(config.n_embd, config.n_inner, device),
            c_proj: linear(config.n_inner, config.n_embd, device),
        }
    }

    /// Widen, bend, narrow: [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [batch, seq, n_embd] = x.dims();
        let x = x.reshape([batch * seq, n_embd]); // [batch * seq, n_embd]
        let x = gelu(project(&self.c_fc, x)); // [batch * seq, n_inner]
        project(&self.c_proj, x).reshape([batch, seq, n_embd])
    }
}

/// [rows, d_in] -> [rows, d_out].
fn project(projection: &Linear, rows: Tensor<2>) -> Tensor<2> {
    let product = rows.matmul(projection.weight.val()); // [rows, d_out]
    match &projection.bias {
        Some(bias) => product + bias.val().unsqueeze(),
        None => product,
    }
}
