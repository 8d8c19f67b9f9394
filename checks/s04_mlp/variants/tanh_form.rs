//! The MLP with GELU as its formula has it, with a tanh, and with projections made by `LinearConfig`
//! whose bias is set afterwards.

use std::f64::consts::PI;

use burn::module::{Module, Param};
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

use crate::s01_config::GptConfig;

/// The activation of GPT-2, element by element: [..] -> [..].
///
/// 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), from "Gaussian Error Linear Units"
/// (Hendrycks and Gimpel, 2016), section 2. It approximates x times the normal distribution
/// function of x; GPT-2 was trained with the approximation.
pub fn gelu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let cubic = x.clone() + x.clone().powi_scalar(3) * 0.044715;
    let bend = (cubic * (2.0 / PI).sqrt()).tanh();
    x * (bend + 1.0) * 0.5
}

/// A projection before training: weights [d_in, d_out] drawn from a normal distribution of
/// mean 0 and standard deviation 0.02, biases [d_out] all zero.
///
/// The numbers are `initializer_range` of Hugging Face's `GPT2Config` and its `Conv1D` layer.
pub fn linear(d_in: usize, d_out: usize, device: &Device) -> Linear {
    let mut linear = LinearConfig::new(d_in, d_out)
        .with_bias(false)
        .with_initializer(Initializer::Normal {
            mean: 0.0,
            std: 0.02,
        })
        .init(device);
    linear.bias = Some(Param::from_tensor(Tensor::zeros([d_out], device)));
    linear
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
        let x = self.c_fc.forward(x); // [batch, seq, n_inner]
        let x = gelu(x);
        self.c_proj.forward(x) // [batch, seq, n_embd]
    }
}
