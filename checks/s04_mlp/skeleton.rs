//! The MLP of a block: each token's vector is widened, sent through an activation function and
//! narrowed again, by itself.
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
/// The factor 0.5 (1 + tanh(z)) of x equals 1 / (1 + exp(-2 z)), the sigmoid of 2 z.
pub fn gelu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    // Follow the formula above from the inside out and name its parts. x is needed more than once, and
    // an operation takes its tensor by value: `clone` copies no numbers. What should come out for a
    // large x, and what for x = 0? For large x, exponentials that you write out yourself overflow.
    todo!()
}

/// A projection before training: weights [d_in, d_out] drawn from a normal distribution of mean 0
/// and standard deviation 0.02, biases [d_out] all zero.
///
/// The numbers are `initializer_range` of Hugging Face's `GPT2Config` and its `Conv1D` layer. (GPT-2
/// itself starts each `c_proj` with a narrower spread; step 16 does so.)
pub fn linear(d_in: usize, d_out: usize, device: &Device) -> Linear {
    // Weights and biases start differently, so `LinearConfig`, which treats both alike, does not
    // fit. `Linear` is a struct with public fields: what belongs into each? Mind the order of the two
    // widths in the weight's shape.
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
        // One projection leads to the hidden width and one back. The configuration says how wide that
        // is; it need not be four times n_embd.
        todo!()
    }

    /// Widen, activate, narrow: [batch, seq, n_embd] -> [batch, seq, n_embd].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        // Three steps. What would be left of the two projections without the one in the middle?
        todo!()
    }
}
