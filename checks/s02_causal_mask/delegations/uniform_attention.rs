//! The mask, read off what Burn's own causal attention takes from each place.

use burn::tensor::module::attention;
use burn::tensor::ops::AttentionModuleOptions;
use burn::tensor::{Device, Tensor};

/// What is added to attention scores so that `new` tokens, which follow `past` earlier ones, see
/// themselves and what came before: [new, past + new].
///
/// Row i belongs to the token at position past + i. It is 0 for the keys that this token may see,
/// j <= past + i, and minus infinity for later ones.
pub fn causal_mask(new: usize, past: usize, device: &Device) -> Tensor<2> {
    let all = past + new;
    let alike = Tensor::<4>::zeros([1, 1, all, all], device);
    let each = Tensor::<2>::eye(all, device).unsqueeze::<4>();
    let options = AttentionModuleOptions {
        is_causal: true,
        ..Default::default()
    };
    let taken = attention(alike.clone(), alike, each, None, None, options);
    let taken = taken.reshape([all, all]).narrow(0, past, new); // [new, past + new]
    let later = taken.clone().equal_elem(0.0);
    taken.zeros_like().mask_fill(later, f32::NEG_INFINITY)
}
