//! The MLP of a block: each token's vector is widened, bent and narrowed again, on its own.
//!
//! Hugging Face's counterparts are `GPT2MLP` and, for the activation, `NewGELUActivation`.

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
///
/// The share 0.5 (1 + tanh(z)) of x that passes is 1 / (1 + exp(-2 z)): the sigmoid of 2 z.
pub fn gelu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    // Follow the formula above, term by term: `powi_scalar` raises to a power, `tanh` is a method
    // of tensors, and tensors and numbers mix in `+` and `*`. An operation consumes its tensor;
    // `clone` is cheap, the numbers themselves are shared. The sigmoid is as good and faster: it is
    // `activation::sigmoid`, below `burn::tensor`.
    todo!()
}

/// A projection before training: weights [d_in, d_out] drawn from a normal distribution of mean 0
/// and standard deviation 0.02, biases [d_out] all zero.
///
/// The numbers are `initializer_range` of Hugging Face's `GPT2Config` and its `Conv1D` layer. (GPT-2
/// itself starts each `c_proj` with a narrower spread; step 16 does so.)
pub fn linear(d_in: usize, d_out: usize, device: &Device) -> Linear {
    // `LinearConfig` draws weights and biases from the same distribution, but ours differ. The
    // fields of `Linear` are public, so build it as any struct: an `Initializer` makes a parameter
    // with `init(shape, device)`. The bias is optional, hence a `Some`.
    todo!()
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
        // Two calls of `linear`. The hidden width is `config.n_inner`, which need not be four times
        // `config.n_embd`.
        todo!()
    }

    /// Widen, bend, narrow: [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        // First projection, activation, second projection, each with the result of the one before.
        todo!()
    }
}
