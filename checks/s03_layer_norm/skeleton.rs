//! Layer normalisation: each vector of channels is brought to mean 0 and variance 1, then scaled
//! and shifted by learned amounts.
//!
//! "Layer Normalization" (Ba, Kiros and Hinton, 2016), section 3; Hugging Face uses PyTorch's
//! `nn.LayerNorm`.

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
        // Multiplying by 1 and adding 0 change nothing. `Initializer::Ones` and
        // `Initializer::Zeros` make parameters: `init` takes a shape and the device.
        todo!()
    }

    /// (x - mean) / sqrt(variance + epsilon) * weight + bias, over the last axis;
    /// [.., n_embd] -> [.., n_embd].
    ///
    /// The variance is the biased one: the mean of the squared deviations, divided by n_embd and
    /// not by n_embd - 1.
    pub fn forward<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        // `mean_dim` averages over an axis and keeps it, with length 1, so that the result still
        // fits next to x. Subtract the mean; the mean of what is left, squared, is the variance.
        // Axes can be counted from the end: the last one is -1. `weight` and `bias` have one axis
        // and x has D: `unsqueeze` puts axes of length 1 in front.
        todo!()
    }
}
