//! Layer normalisation a row at a time, the rows of any tensor put together again at the end, and
//! parameters made of plain tensors.

use burn::module::{Module, Param};
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
            weight: Param::from_tensor(Tensor::ones([n_embd], device)),
            bias: Param::from_tensor(Tensor::zeros([n_embd], device)),
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
        let width = shape[D - 1];
        let rows: Tensor<2> = x.reshape([shape.iter().product::<usize>() / width, width]);
        let rows = rows.iter_dim(0).map(|row| self.one(row)).collect();
        Tensor::cat(rows, 0).reshape(shape) // [.., n_embd]
    }

    /// [1, n_embd] -> [1, n_embd].
    fn one(&self, row: Tensor<2>) -> Tensor<2> {
        let n_embd = row.dims()[1] as f32;
        let mean = row.clone().sum() / n_embd; // [1]
        let centred = row - mean.unsqueeze(); // [1, n_embd]
        let variance = centred.clone().powi_scalar(2).sum() / n_embd; // [1]
        let root = (variance + self.epsilon).sqrt().unsqueeze(); // [1, 1]
        self.weight.val().unsqueeze() * (centred / root) + self.bias.val().unsqueeze()
    }
}
