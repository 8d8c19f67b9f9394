//! The causal mask written down element by element, as an ordinary list of numbers that becomes a
//! tensor in the end.

use burn::tensor::{Device, Tensor, TensorData};

/// What is added to attention scores so that `new` tokens, which follow `past` earlier ones, see
/// themselves and what came before: [new, past + new].
pub fn causal_mask(new: usize, past: usize, device: &Device) -> Tensor<2> {
    let mut values = Vec::with_capacity(new * (past + new));
    for query in past..past + new {
        for key in 0..past + new {
            values.push(if key <= query { 0.0 } else { f32::NEG_INFINITY });
        }
    }
    Tensor::from_data(TensorData::new(values, [new, past + new]), device)
}
