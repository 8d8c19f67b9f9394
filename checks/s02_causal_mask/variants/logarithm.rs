//! The causal mask as a logarithm: that of 1 is 0, and that of 0 is minus infinity.

use burn::tensor::{Bool, Device, Tensor};

/// What is added to attention scores so that `new` tokens, which follow `past` earlier ones, see
/// themselves and what came before: [new, past + new].
pub fn causal_mask(new: usize, past: usize, device: &Device) -> Tensor<2> {
    let later = Tensor::<2, Bool>::tril_mask([new, past + new], past as i64, device);
    later.bool_not().float().log() // [new, past + new]
}
