//! Three biases: of the queries, of the keys, of the values.
//!
//! Ask: One of the three biases can have any value without changing the output.
//! Which one, and why?

use crate::s01_config::GptConfig;
use crate::s07_attention::CausalSelfAttention;
use kit::Observer;
use kit::module::Param;
use kit::tensor::{Tensor, TensorData};

const N_EMBD: usize = 12;

/// Adds 1 to each bias of one third of `c_attn`, and prints how far the output moves.
pub fn observe(o: &mut Observer) {
    let config = GptConfig {
        n_embd: N_EMBD,
        n_head: 3,
        ..GptConfig::gpt2()
    };
    let device = o.device();
    let tensor = |from, shape: [usize; 2]| -> Tensor<2> {
        let values = spread(from, shape[0] * shape[1]);
        Tensor::from_data(TensorData::new(values, shape), &device)
    };
    let mut attention = CausalSelfAttention::new(&config, &device);
    attention.c_attn.weight = Param::from_tensor(tensor(1000, [N_EMBD, 3 * N_EMBD]));
    attention.c_proj.weight = Param::from_tensor(tensor(2000, [N_EMBD, N_EMBD]));
    let x = tensor(3000, [10, N_EMBD]).reshape([2, 5, N_EMBD]) * 4.0;
    let before = attention.forward(x.clone());

    let mut moves = Vec::new();
    println!("1 is added to each bias of");
    for (third, name) in ["the queries", "the keys", "the values"].iter().enumerate() {
        let mut shift = vec![0.0; 3 * N_EMBD];
        shift[third * N_EMBD..(third + 1) * N_EMBD].fill(1.0);
        let shift = Tensor::<1>::from_data(shift.as_slice(), &device);
        let mut changed = attention.clone();
        changed.c_attn.bias = changed
            .c_attn
            .bias
            .map(|bias| Param::from_tensor(bias.val() + shift));
        let moved = (changed.forward(x.clone()) - before.clone()).abs().max();
        let moved: f32 = moved.into_scalar();
        let changes = moved >= 1e-5 || moved.is_nan();
        moves.push(changes);
        let verdict = if changes { "changes" } else { "stays" };
        println!("  {name:<12} largest change {moved:.3}: the output {verdict}");
    }
    if moves != [true, false, true] {
        println!(
            "\nThe biases of the keys, and no others, cancel in a softmax over the keys: with"
        );
        println!("your attention it is otherwise. `tutor run s07` says more.");
    }
}

/// Numbers that look random and are the same everywhere, in -0.5..0.5.
fn spread(from: usize, count: usize) -> Vec<f32> {
    let number = |i: usize| ((i as f64).sin() * 43758.5453).rem_euclid(1.0) - 0.5;
    (from..from + count).map(|i| number(i) as f32).collect()
}
