//! The norm computed here from its parameters, with Burn's variance in place of the mean of
//! squared deviations.

use burn::tensor::Tensor;

use crate::s03_layer_norm::LayerNorm;

/// x + sublayer(norm(x)); [batch, seq, n_embd] -> [batch, seq, n_embd].
pub fn residual(
    x: Tensor<3>,
    norm: &LayerNorm,
    sublayer: impl FnOnce(Tensor<3>) -> Tensor<3>,
) -> Tensor<3> {
    let (variance, mean) = x.clone().var_mean_bias(2); // [batch, seq, 1] each
    let deviation = (variance + norm.epsilon).sqrt();
    let weight = norm.weight.val().unsqueeze::<3>() / deviation; // [batch, seq, n_embd]
    let bias = norm.bias.val().unsqueeze::<3>();
    let normalised = (x.clone() - mean) * weight + bias;
    sublayer(normalised) + x
}
