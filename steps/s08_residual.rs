//! The residual connection: a layer adds to what comes in, it does not replace it.
//!
//! "Deep Residual Learning for Image Recognition" (He et al., 2015), section 3.1, with the norm
//! moved to the input of each sublayer, as section 2.3 of the GPT-2 paper (Radford et al., 2019)
//! says. Hugging Face's counterpart is the body of `GPT2Block`.

use burn::tensor::Tensor;

use crate::s03_layer_norm::LayerNorm;

/// x + sublayer(norm(x)); [batch, seq, n_embd] -> [batch, seq, n_embd].
///
/// `sublayer` is called once, with norm(x), and has to keep the shape.
pub fn residual(
    x: Tensor<3>,
    norm: &LayerNorm,
    sublayer: impl FnOnce(Tensor<3>) -> Tensor<3>,
) -> Tensor<3> {
    // Two paths lead from x to the result. One of them has the norm and the sublayer on it: in which
    // order? The other has nothing on it. If the sublayer returns zeros, x comes back unchanged.
    todo!()
}
