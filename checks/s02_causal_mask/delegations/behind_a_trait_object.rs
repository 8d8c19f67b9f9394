//! Burn's own mask behind a trait object.

use burn::nn::attention::generate_autoregressive_mask;
use burn::tensor::{Bool, Device, Tensor};

type Maker = dyn Fn(usize, usize, &Device) -> Tensor<3, Bool>;

/// What is added to attention scores so that `new` tokens, which follow `past` earlier ones, see
/// themselves and what came before: [new, past + new].
///
/// Row i belongs to the token at position past + i. It is 0 for the keys that this token may see,
/// j <= past + i, and minus infinity for later ones.
pub fn causal_mask(new: usize, past: usize, device: &Device) -> Tensor<2> {
    let maker: Box<Maker> = Box::new(generate_autoregressive_mask);
    let all = maker(1, past + new, device).squeeze_dim::<2>(0);
    let later = all.narrow(0, past, new); // [new, past + new]
    Tensor::zeros([new, past + new], device).mask_fill(later, f32::NEG_INFINITY)
}
