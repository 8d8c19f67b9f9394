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
    // Decide first which places hold minus infinity, then put it there: a boolean tensor of the
    // mask's shape says where. One of Burn's three boolean masks has a staircase in it, but its name
    // and what it is true for are easily mixed up: the lesson has a drawing. By how many columns does
    // the staircase have to move if the first new token may see `past` keys and itself? Do not
    // multiply by infinity: 0 times infinity is not 0.
    todo!()
}
