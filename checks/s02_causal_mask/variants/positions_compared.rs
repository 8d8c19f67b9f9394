//! The causal mask by comparing positions: those of the queries as a column, those of the keys as a
//! row, and a key is hidden where its position is the greater one.

use burn::tensor::{Device, Int, Tensor};

/// What is added to attention scores so that `new` tokens, which follow `past` earlier ones, see
/// themselves and what came before: [new, past + new].
pub fn causal_mask(new: usize, past: usize, device: &Device) -> Tensor<2> {
    let (start, end) = (past as i64, (past + new) as i64);
    let queries = Tensor::<1, Int>::arange(start..end, device).unsqueeze_dim::<2>(1); // [new, 1]
    let keys = Tensor::<1, Int>::arange(0..end, device).unsqueeze_dim::<2>(0); // [1, past + new]
    let shape = [new, past + new];
    let later = keys.expand(shape).greater(queries.expand(shape)); // [new, past + new]
    Tensor::zeros(shape, device).mask_fill(later, f32::NEG_INFINITY)
}
