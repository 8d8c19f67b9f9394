//! Layer normalisation with the variance as the mean of the squares less the square of the mean,
//! which takes f64: in f32 little is left of it for vectors far from zero.

use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::{Device, FloatDType, Tensor};

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
        let x = x.cast(FloatDType::F64);
        let mean = x.clone().mean_dim(D - 1); // [.., 1]
        let variance = x.clone().square().mean_dim(D - 1) - mean.clone().square(); // [.., 1]
        let normalised = (x - mean) * (variance + self.epsilon).powf_scalar(-0.5); // [.., n_embd]
        let normalised = normalised.cast(FloatDType::F32);
        self.bias.val().unsqueeze() + self.weight.val().unsqueeze() * normalised
    }
}
