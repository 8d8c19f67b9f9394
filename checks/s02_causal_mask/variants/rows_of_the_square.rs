//! The causal mask cut out of a larger one: that of all tokens is a square, and the new tokens have
//! its last rows.

use burn::tensor::{Device, Tensor};

/// What is added to attention scores so that `new` tokens, which follow `past` earlier ones, see
/// themselves and what came before: [new, past + new].
pub fn causal_mask(new: usize, past: usize, device: &Device) -> Tensor<2> {
    square(past + new, device).slice([past..past + new]) // [new, past + new]
}

/// The mask of `seq` tokens with none before them: [seq, seq].
fn square(seq: usize, device: &Device) -> Tensor<2> {
    Tensor::full([seq, seq], f32::NEG_INFINITY, device).triu(1)
}
