//! Burn's own layer, chosen by a configuration.

use burn::module::{Module, Param};
use burn::nn::norm::{Normalization, NormalizationConfig};
use burn::nn::{Initializer, LayerNormConfig};
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
        let config = LayerNormConfig::new(self.weight.dims()[0]).with_epsilon(self.epsilon);
        let config: NormalizationConfig = config.into();
        match config.init(&x.device()) {
            Normalization::Layer(mut theirs) => {
                theirs.gamma = self.weight.clone();
                theirs.beta = Some(self.bias.clone());
                Normalization::Layer(theirs).forward(x)
            }
            _ => x,
        }
    }
}
