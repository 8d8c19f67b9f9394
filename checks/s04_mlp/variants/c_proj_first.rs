//! The MLP with its projections made in the other order and by a struct of its own, and with GELU
//! through its exponent.

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
    let argument = Curve::GPT_2.argument(x.clone()); // of the sigmoid
    x * (-((-argument).exp() + 1.0).log()).exp()
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
        let c_proj = linear(config.n_inner, config.n_embd, device);
        let c_fc = linear(config.n_embd, config.n_inner, device);
        Self { c_proj, c_fc }
    }

    /// Widen, bend, narrow: [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let batch = x.dims()[0];
        let sequences = x.chunk(batch, 0).into_iter();
        let results: Vec<Tensor<3>> = sequences
            .map(|sequence| self.c_proj.forward(gelu(self.c_fc.forward(sequence))))
            .collect();
        Tensor::cat(results, 0) // [batch, seq, n_embd]
    }
}

/// An odd polynomial of x: `slope` times (x + `bend` times x^3).
struct Curve {
    slope: f64,
    bend: f64,
}

impl Curve {
    /// Twice the argument of GPT-2's tanh: the sigmoid of 2 z is (1 + tanh(z)) / 2.
    const GPT_2: Self = Self {
        slope: 1.595_769_121_605_731,
        bend: 0.044715,
    };

    fn argument<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        (x.clone().square() * self.bend + 1.0) * x * self.slope
    }
}
