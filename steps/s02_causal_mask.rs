//! The causal mask: no token may look at a later one.
//!
//! "Attention Is All You Need" (Vaswani et al., 2017), section 3.2.3: illegal connections are set
//! to minus infinity in the input of the softmax.

use burn::tensor::{Bool, Device, Tensor};

/// What is added to attention scores so that `new` tokens, which follow `past` earlier ones, see
/// themselves and what came before: [new, past + new].
///
/// Row i belongs to the token at position past + i. It is 0 for the keys that this token may see,
/// j <= past + i, and minus infinity for later ones.
pub fn causal_mask(new: usize, past: usize, device: &Device) -> Tensor<2> {
    // Start from zeros and put minus infinity (`f32::NEG_INFINITY`) where a token may not look.
    // `mask_fill` does that, given a boolean tensor of the places to fill, and `Tensor::<2,
    // Bool>::tril_mask` makes one: in spite of its name it is true *above* the diagonal. Its offset
    // moves the diagonal to the right: by how much, if token 0 may see `past` keys and itself?
    todo!()
}
