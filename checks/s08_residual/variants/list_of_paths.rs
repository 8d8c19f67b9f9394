//! The sum over a list of two paths, each made by a function of its own.

use burn::tensor::Tensor;

use crate::s03_layer_norm::LayerNorm;

/// x + sublayer(norm(x)); [batch, seq, n_embd] -> [batch, seq, n_embd].
pub fn residual(
    x: Tensor<3>,
    norm: &LayerNorm,
    sublayer: impl FnOnce(Tensor<3>) -> Tensor<3>,
) -> Tensor<3> {
    let paths = vec![past(&x), through(&x, norm, sublayer)];
    Tensor::stack::<4>(paths, 0).sum_dim(0).squeeze_dim(0)
}

/// The way past the sublayer.
fn past(x: &Tensor<3>) -> Tensor<3> {
    x.clone()
}

/// The way through it.
fn through<F>(x: &Tensor<3>, norm: &LayerNorm, sublayer: F) -> Tensor<3>
where
    F: FnOnce(Tensor<3>) -> Tensor<3>,
{
    sublayer(norm.forward(x.to_owned()))
}
