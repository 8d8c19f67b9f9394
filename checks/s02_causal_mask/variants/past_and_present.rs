//! The causal mask in two blocks: nothing of the past is hidden, and the new tokens among
//! themselves have a mask without a past.

use burn::tensor::{Bool, Device, Tensor};

/// What is added to attention scores so that `new` tokens, which follow `past` earlier ones, see
/// themselves and what came before: [new, past + new].
pub fn causal_mask(new: usize, past: usize, device: &Device) -> Tensor<2> {
    let visible = Tensor::<2, Bool>::tril_mask([new, new], 0, device).bool_not(); // [new, new]
    let hidden = Tensor::full([new, new], f32::NEG_INFINITY, device);
    let present = hidden.mask_where(visible, Tensor::zeros([new, new], device)); // [new, new]
    if past == 0 {
        return present;
    }
    Tensor::cat(vec![Tensor::zeros([new, past], device), present], 1) // [new, past + new]
}
