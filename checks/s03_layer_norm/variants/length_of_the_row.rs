//! Layer normalisation by the length of the centred vector: its square is n_embd times the variance.

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
        let [n_embd] = self.weight.dims();
        let n_embd = n_embd as f64;
        let last = x.dims().len() - 1;
        let centred = x.clone().sub(x.sum_dim(last).div_scalar(n_embd)); // [.., n_embd]
        let length = (centred.clone() * centred.clone()).sum_dim(last); // [.., 1]
        let length = length.add_scalar(n_embd * self.epsilon).sqrt(); // [.., 1]
        let unit = centred.div(length).mul_scalar(n_embd.sqrt()); // [.., n_embd]
        unit.mul(self.weight.val().unsqueeze())
            .add(self.bias.val().unsqueeze())
    }
}
