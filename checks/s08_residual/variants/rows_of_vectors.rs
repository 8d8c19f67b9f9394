//! The norm sees a plain list of vectors: batch and time are merged for it and parted again.

use burn::tensor::Tensor;

use crate::s03_layer_norm::LayerNorm;

/// x + sublayer(norm(x)); [batch, seq, n_embd] -> [batch, seq, n_embd].
pub fn residual(
    x: Tensor<3>,
    norm: &LayerNorm,
    sublayer: impl FnOnce(Tensor<3>) -> Tensor<3>,
) -> Tensor<3> {
    let shape = x.dims();
    let vectors: Tensor<2> = x.clone().flatten(0, 1); // [batch * seq, n_embd]
    let normalised = norm.forward(vectors).reshape(shape);
    let mut stream = x;
    stream.inplace(|x| x + sublayer(normalised));
    stream
}
