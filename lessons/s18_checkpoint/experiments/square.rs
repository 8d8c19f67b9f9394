//! A transposed matrix.
//!
//! Ask: all weights of a model are loaded into another, but one matrix is transposed before.
//! Which of the four matrices of a block can be transposed without an error, and what happens to the
//! logits?

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s18_checkpoint::{load_weights, weights};
use kit::Observer;
use kit::tensor::{Int, Tensor, TensorData};

/// Turns the matrices of a block around, one after the other.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let config = GptConfig {
        vocab_size: 11,
        n_positions: 8,
        n_embd: 12,
        n_layer: 1,
        n_head: 3,
        n_inner: 24,
        dropout: 0.0,
        ..GptConfig::gpt2()
    };
    device.seed(18);
    let model = Gpt::new(&config, &device);
    let ids = Tensor::<2, Int>::from_data([[3, 1, 4, 1, 5]], &device);
    let all = weights(&model);
    let mut moved = Vec::new();
    println!("  turned around             shape       loads   logits move by up to");
    for name in ["", "attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"] {
        let mut changed = all.clone();
        let path = format!("transformer.h.0.{name}.weight");
        let mut shape = String::new();
        if let Some(matrix) = changed.get_mut(&path) {
            let turned = Tensor::<2>::from_data(matrix.clone(), &device).transpose();
            shape = format!("{:?}", turned.dims());
            let numbers: Vec<f32> = turned.to_data().iter().collect();
            *matrix = TensorData::new(numbers, turned.dims());
        }
        let name = if name.is_empty() { "nothing" } else { name };
        let loaded = load_weights(Gpt::new(&config, &device), changed);
        let logits = loaded.ok().and_then(|loaded| loaded.forward(ids.clone()).ok());
        let change = logits.zip(model.forward(ids.clone()).ok()).map(|(now, before)| {
            let change: f32 = (now - before).abs().max().into_scalar();
            change
        });
        match change {
            Some(change) => println!("  {name:<22}  {shape:>10}       yes   {change:>20.4}"),
            None => println!("  {name:<22}  {shape:>10}        no"),
        }
        moved.push(change);
    }
    println!();
    let square_only =
        matches!(moved[..], [Some(0.0), None, Some(change), None, None] if change > 0.01);
    if square_only {
        println!(
            "Only the square one is accepted, and then the logits are wrong. No comparison of"
        );
        println!("shapes can find that out; a comparison of logits can.");
    } else {
        println!("Three of these have another shape when they are turned around, and should be");
        println!("refused; the square one loads, and moves the logits. `tutor run s18` says more.");
    }
}
