//! Burn's function, kept in a constant and given to a function that takes one.

use burn::module::Module;
use burn::nn::{Initializer, Linear};
use burn::tensor::{Device, Tensor};

use crate::s01_config::GptConfig;

fn applied<const D: usize>(f: fn(Tensor<D>) -> Tensor<D>, x: Tensor<D>) -> Tensor<D> {
    Some(x).map(f).expect("it is there")
}

struct Kept<const D: usize>;

impl<const D: usize> Kept<D> {
    const FUNCTION: fn(Tensor<D>) -> Tensor<D> = burn::tensor::activation::gelu_approximate::<D>;
}

/// The activation of GPT-2, element by element: [..] -> [..].
///
/// 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), from "Gaussian Error Linear Units"
/// (Hendrycks and Gimpel, 2016), section 2. It approximates x times the normal distribution
/// function of x; GPT-2 was trained with the approximation.
pub fn gelu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    applied(Kept::<D>::FUNCTION, x)
}

/// A projection before training: weights [d_in, d_out] drawn from a normal distribution of mean 0
/// and standard deviation 0.02, biases [d_out] all zero.
///
/// The numbers are `initializer_range` of Hugging Face's `GPT2Config` and its `Conv1D` layer. (GPT-2
/// itself starts each `c_proj` with a narrower spread; step 16 does so.)
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
        let x = self.c_fc.forward(x); // [batch, seq, n_inner]
        let x = gelu(x);
        self.c_proj.forward(x) // [batch, seq, n_embd]
    }
}
