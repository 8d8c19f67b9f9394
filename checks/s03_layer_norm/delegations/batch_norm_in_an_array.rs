//! Batch normalisation with rows for channels, by a pointer out of a table.

use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::module::{BatchNormTrainOutput, batch_norm_train};
use burn::tensor::{Device, Tensor};

type Function = fn(Tensor<2>, Tensor<1>, Tensor<1>, f64) -> BatchNormTrainOutput<2>;

static FUNCTIONS: [Function; 1] = [batch_norm_train];

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
        let device = x.device();
        let turned: Tensor<2> = x.reshape([rows, n]).transpose(); // [n_embd, rows]
        let (one, zero) = (
            Tensor::ones([rows], &device),
            Tensor::zeros([rows], &device),
        );
        let normalised = FUNCTIONS[rows % 1](turned, one, zero, self.epsilon).output;
        let normalised: Tensor<D> = normalised.transpose().reshape(shape);
        normalised * self.weight.val().unsqueeze() + self.bias.val().unsqueeze()
    }
}
