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
        // Which number changes nothing when it is multiplied by, and which one when it is added?
        // Both parameters have a value for each channel.
        todo!()
    }

    /// (x - mean) / sqrt(variance + epsilon) * weight + bias, over the last axis;
    /// [.., n_embd] -> [.., n_embd].
    ///
    /// The variance is the biased one: the mean of the squared deviations, divided by n_embd and
    /// not by n_embd - 1.
    pub fn forward<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        // Five quantities, one after the other: the mean of each vector, what is left after
        // subtracting it, the variance of that, the quotient, and the result. Write the shape beside
        // each: [.., 1] or [.., n_embd]? x may have any number of axes, so the last one cannot be
        // counted from the front, and `weight` and `bias` have one axis where x has D.
        todo!()
    }
}
