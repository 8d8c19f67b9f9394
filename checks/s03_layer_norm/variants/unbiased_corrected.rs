//! Layer normalisation from the unbiased variance, brought back to the biased one by a factor of (n
//! - 1) / n, and with weight and bias expanded to the shape of x.

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
        let shape = x.dims();
        let n = shape[D - 1] as f64;
        let mean = x.clone().mean_dim(D - 1).expand(shape); // [.., n_embd]
        let variance = x.clone().var(D - 1) * ((n - 1.0) / n); // [.., 1]
        let root = variance.add_scalar(self.epsilon).sqrt().expand(shape); // [.., n_embd]
        let weight = self.weight.val().expand(shape); // [.., n_embd]
        let bias = self.bias.val().expand(shape); // [.., n_embd]
        weight * (x - mean) / root + bias
    }
}
