//! Layer normalisation of any tensor as a list of rows, [rows, n_embd], with sums divided by a
//! width that the norm keeps in a field of its own.

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
    n_embd: usize,
}

impl LayerNorm {
    /// A norm for `n_embd` channels that neither scales nor shifts yet.
    pub fn new(n_embd: usize, epsilon: f64, device: &Device) -> Self {
        Self {
            weight: Initializer::Ones.init([n_embd], device),
            bias: Initializer::Zeros.init([n_embd], device),
            epsilon,
            n_embd,
        }
    }

    /// (x - mean) / sqrt(variance + epsilon) * weight + bias, over the last axis;
    /// [.., n_embd] -> [.., n_embd].
    ///
    /// The variance is the biased one: the mean of the squared deviations, divided by n_embd and
    /// not by n_embd - 1.
    pub fn forward<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        let shape = x.dims();
        let rows = x.reshape([-1, self.n_embd as i32]); // [rows, n_embd]
        let centred = rows.clone() - self.average(rows); // [rows, n_embd]
        let variance = self.average(centred.clone() * centred.clone()); // [rows, 1]
        let normalised = centred / (variance + self.epsilon).sqrt(); // [rows, n_embd]
        let scaled = normalised * self.weight.val().unsqueeze_dim(0);
        (scaled + self.bias.val().unsqueeze_dim(0)).reshape(shape) // [.., n_embd]
    }

    /// The mean of each row: [rows, n_embd] -> [rows, 1].
    fn average(&self, rows: Tensor<2>) -> Tensor<2> {
        rows.sum_dim(1) / self.n_embd as f64
    }
}
