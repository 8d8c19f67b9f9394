//! The causal mask by counting: a one stands where a token meets itself, and the running sum along
//! the row says how many of them lie behind.

use burn::tensor::{Bool, Device, Int, Tensor};

/// What is added to attention scores so that `new` tokens, which follow `past` earlier ones, see
/// themselves and what came before: [new, past + new].
pub fn causal_mask(new: usize, past: usize, device: &Device) -> Tensor<2> {
    let shape = [new, past + new];
    let elsewhere = Tensor::<2, Bool>::diag_mask(shape, past as i64, device);
    let itself = Tensor::<2, Int>::ones(shape, device).mask_fill(elsewhere, 0); // [new, past + new]
    let behind = itself.clone().cumsum(1) - itself; // 1 behind the token itself
    Tensor::zeros(shape, device).mask_where(
        behind.greater_elem(0),
        Tensor::full(shape, -f32::INFINITY, device),
    )
}
