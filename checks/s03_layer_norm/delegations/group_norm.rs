//! Group normalisation with a single group.

use burn::module::{Module, Param};
use burn::nn::{GroupNormConfig, Initializer};
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
        let n = shape[D - 1];
        let rows = shape.iter().product::<usize>() / n;
        let mut theirs = GroupNormConfig::new(1, n)
            .with_epsilon(self.epsilon)
            .init(&x.device());
        theirs.gamma = Some(self.weight.clone());
        theirs.beta = Some(self.bias.clone());
        theirs.forward(x.reshape([rows, n])).reshape(shape)
    }
}
