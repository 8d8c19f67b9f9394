//! The MLP with tanh written out in exponentials that cannot overflow, and a sequence at a time
//! rather than the whole batch.

use std::f64::consts::FRAC_2_PI;

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
    let argument = (x.clone() + x.clone().powf_scalar(3.0) * 0.044715) * FRAC_2_PI.sqrt();
    let shrunk = (argument.clone().abs() * -2.0).exp(); // in (0, 1]
    let bend = argument.sign() * (-shrunk.clone() + 1.0) / (shrunk + 1.0); // tanh
    (x.clone() + x * bend) / 2.0
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
        let sequences = x
            .iter_dim(0)
            .map(|sequence| {
                let hidden = gelu(self.c_fc.forward(sequence)); // [1, seq, n_inner]
                self.c_proj.forward(hidden) // [1, seq, n_embd]
            })
            .collect();
        Tensor::cat(sequences, 0) // [batch, seq, n_embd]
    }
}
