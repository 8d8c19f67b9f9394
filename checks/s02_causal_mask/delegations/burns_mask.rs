//! The causal mask: no token may look at a later one.
//!
//! "Attention Is All You Need" (Vaswani et al., 2017), section 3.2.3: illegal connections are set
//! to minus infinity in the input of the softmax.

use burn::nn::attention::generate_autoregressive_mask;
use burn::tensor::{Device, Tensor};

/// What is added to attention scores so that `new` tokens, which follow `past` earlier ones, see
/// themselves and what came before: [new, past + new].
///
/// Row i belongs to the token at position past + i. It is 0 for the keys that this token may see,
/// j <= past + i, and minus infinity for later ones.
pub fn causal_mask(new: usize, past: usize, device: &Device) -> Tensor<2> {
    let all = generate_autoregressive_mask(1, past + new, device).squeeze_dim::<2>(0);
    let later = all.narrow(0, past, new); // [new, past + new]
    Tensor::zeros([new, past + new], device).mask_fill(later, f32::NEG_INFINITY)
}
