//! The causal mask row by row: each begins with one more zero than the one above it, and the rows
//! are stacked.

use burn::tensor::{Device, Tensor};

/// What is added to attention scores so that `new` tokens, which follow `past` earlier ones, see
/// themselves and what came before: [new, past + new].
pub fn causal_mask(new: usize, past: usize, device: &Device) -> Tensor<2> {
    let keys = past + new;
    let rows = (past + 1..=keys)
        .map(|visible| {
            let row: Vec<f32> = (0..keys)
                .map(|key| {
                    if key < visible {
                        0.0
                    } else {
                        f32::NEG_INFINITY
                    }
                })
                .collect();
            Tensor::<1>::from_data(row.as_slice(), device) // [past + new]
        })
        .collect();
    Tensor::stack(rows, 0) // [new, past + new]
}
