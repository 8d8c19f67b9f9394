//! Layer normalisation with the root taken in logarithms, and with the last axis brought to the front
//! and back.

use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::{Device, Tensor};

/// Normalises the last axis.
#[derive(Module, Debug)]
pub struct LayerNorm {
    /// What each channel is multiplied by; [n_embd].
    pub weight: Param<Tensor<1>>,
    /// What is added to each channel afterwards; [n_embd].
    pub bias: Param<Tensor<1>>,
    /// Added to the variance, so that a constant vector does not divide by zero.
    pub epsilon: f64,
}

impl LayerNorm {
    /// A norm for `n_embd` channels that neither scales nor shifts yet.
    pub fn new(n_embd: usize, epsilon: f64, device: &Device) -> Self {
        Self {
            weight: Initializer::Ones.init([n_embd], device),
            bias: Initializer::Zeros.init([n_embd], device),
            epsilon,
        }
    }

    /// (x - mean) / sqrt(variance + epsilon) * weight + bias, over the last axis;
    /// [.., n_embd] -> [.., n_embd].
    ///
    /// The variance is the biased one: the mean of the squared deviations, divided by n_embd and
    /// not by n_embd - 1.
    pub fn forward<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        let x = x.swap_dims(0, D - 1); // [n_embd, ..]
        let centred = x.clone() - x.mean_dim(0);
        let variance = centred.clone().powf_scalar(2.0).mean_dim(0); // [1, ..]
        let scale = ((variance + self.epsilon).log() * -0.5).exp();
        let normalised = (centred * scale).swap_dims(0, D - 1); // [.., n_embd]
        normalised * self.weight.val().unsqueeze() + self.bias.val().unsqueeze()
    }
}
