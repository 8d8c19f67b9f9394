//! The causal mask as a triangle: minus infinity everywhere, and `triu` puts zeros below the
//! diagonal that begins behind the first visible keys.

use burn::tensor::{Device, Tensor};

/// What is added to attention scores so that `new` tokens, which follow `past` earlier ones, see
/// themselves and what came before: [new, past + new].
pub fn causal_mask(new: usize, past: usize, device: &Device) -> Tensor<2> {
    let hidden = Tensor::full([new, past + new], f32::NEG_INFINITY, device);
    hidden.triu(past as i64 + 1) // [new, past + new]
}
