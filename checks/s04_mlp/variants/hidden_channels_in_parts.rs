//! The MLP with the hidden channels in two parts, whose results are added up, and GELU as x less the
//! share that does not pass.

use std::f64::consts::PI;

use burn::module::Module;
use burn::nn::{Initializer, Linear};
use burn::tensor::{Device, Tensor};

use crate::s01_config::GptConfig;

/// The activation of GPT-2, element by element: [..] -> [..].
///
/// 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), from "Gaussian Error Linear Units"
/// (Hendrycks and Gimpel, 2016), section 2. It approximates x times the normal distribution
/// function of x; GPT-2 was trained with the approximation.
pub fn gelu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let slope = 2.0 * (2.0 / PI).sqrt();
    let argument = (x.clone() + x.clone() * x.clone() * x.clone() * 0.044715) * slope;
    x.clone() - x / (argument.exp() + 1.0)
}

/// A projection before training: weights [d_in, d_out] drawn from a normal distribution of
/// mean 0 and standard deviation 0.02, biases [d_out] all zero.
///
/// The numbers are `initializer_range` of Hugging Face's `GPT2Config` and its `Conv1D` layer.
pub fn linear(d_in: usize, d_out: usize, device: &Device) -> Linear {
    let normal = Initializer::Normal {
        mean: 0.0,
        std: 0.02,
    };
    Linear {
        weight: normal.init([d_in, d_out], device),
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
        let [n_inner, _] = self.c_proj.weight.dims();
        let half = n_inner / 2;
        let upper = part(self, x.clone(), 0, half); // [batch, seq, n_embd]
        let lower = part(self, x, half, n_inner - half); // [batch, seq, n_embd]
        let sum = upper + lower;
        match &self.c_proj.bias {
            Some(bias) => sum + bias.val().unsqueeze(),
            None => sum,
        }
    }
}

/// What some of the hidden channels contribute: [batch, seq, n_embd] -> [batch, seq, n_embd].
fn part(mlp: &Mlp, x: Tensor<3>, start: usize, length: usize) -> Tensor<3> {
    let widen = mlp.c_fc.weight.val().narrow(1, start, length);
    let hidden = x.matmul(widen.unsqueeze()); // [batch, seq, length]
    let hidden = match &mlp.c_fc.bias {
        Some(bias) => hidden + bias.val().narrow(0, start, length).unsqueeze(),
        None => hidden,
    };
    let narrow = mlp.c_proj.weight.val().narrow(0, start, length);
    gelu(hidden).matmul(narrow.unsqueeze())
}
