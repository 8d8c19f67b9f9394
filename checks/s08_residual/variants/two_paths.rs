//! Two named paths, joined at the end in the other order: the sublayer's answer first, then the
//! shortcut.

use burn::tensor::Tensor;

use crate::s03_layer_norm::LayerNorm;

/// sublayer(norm(x)) + x; [batch, seq, n_embd] -> [batch, seq, n_embd].
pub fn residual(
    x: Tensor<3>,
    norm: &LayerNorm,
    sublayer: impl FnOnce(Tensor<3>) -> Tensor<3>,
) -> Tensor<3> {
    let shortcut = x.clone();
    let answer = sublayer(norm.forward(x));
    answer.add(shortcut)
}
