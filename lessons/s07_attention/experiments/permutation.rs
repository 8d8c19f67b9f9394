//! Other orders: attention without a mask, and causal attention.
//!
//! Ask: The tokens A B C D become C A B D: the first three change places. Whose
//! outputs change without a mask? And whose with the causal one?

use crate::s01_config::GptConfig;
use crate::s07_attention::CausalSelfAttention;
use kit::Observer;
use kit::tensor::activation::softmax;
use kit::tensor::{Int, Tensor};

/// Place i of the other order is taken by token `ORDER[i]`.
const ORDER: [i64; 4] = [2, 0, 1, 3];

/// Prints how far each token's output is from its output in the first order.
pub fn observe(o: &mut Observer) {
    let config = GptConfig {
        n_embd: 12,
        n_head: 3,
        ..GptConfig::gpt2()
    };
    let attention = o.filled(CausalSelfAttention::new(&config, &o.device()));
    let x: Tensor<3> = o.floats("x", [1, 4, 12]);
    let once = |x: Tensor<3>| attention.forward(x);
    let twice = |x: Tensor<3>| attention.forward(attention.forward(x));
    let unmasked = |x: Tensor<3>| without_mask(&attention, x);
    let unmasked_twice = |x: Tensor<3>| unmasked(unmasked(x));

    println!("A B C D against C A B D: does the output of the same token change?\n");
    println!("                          A      B      C      D");
    let changes = [
        print("no mask, one layer", &x, &unmasked),
        print("no mask, two layers", &x, &unmasked_twice),
        print("causal, one layer", &x, &once),
        print("causal, two layers", &x, &twice),
    ];
    println!("\n(same: no number differs by more than 0.00001)");
    if changes != [0, 0, 3, 4] {
        println!(
            "\nWithout a mask nothing should change. With the causal one, D sees the same three"
        );
        println!("tokens, so one layer changes nothing for D. The second layer reads the changed");
        println!("outputs. Your attention does otherwise: `tutor run s07` says more.");
    }
}

/// Returns how many tokens have another output.
fn print(what: &str, x: &Tensor<3>, layer: &dyn Fn(Tensor<3>) -> Tensor<3>) -> usize {
    let order = Tensor::<1, Int>::from_data(ORDER, &x.device());
    let expected = layer(x.clone()).select(1, order.clone());
    let other = layer(x.clone().select(1, order));
    let differences = (other - expected).abs().max_dim(2); // [1, 4, 1]
    let differences: Vec<f32> = differences.try_into_vec_as().unwrap_or_default();
    let mut cells = [" same"; 4];
    for (token, difference) in ORDER.iter().zip(differences) {
        if let Ok(token) = usize::try_from(*token)
            && (difference > 1e-5 || difference.is_nan())
        {
            cells[token] = "OTHER";
        }
    }
    let others = cells.iter().filter(|cell| **cell == "OTHER").count();
    let cells: String = cells.iter().map(|cell| format!("{cell:>7}")).collect();
    println!("{what:<20}{cells}");
    others
}

/// Attention from the learner's parts, every token seeing every other.
fn without_mask(attention: &CausalSelfAttention, x: Tensor<3>) -> Tensor<3> {
    let [_, _, n_embd] = x.dims();
    let qkv = attention.c_attn.forward(x); // [batch, seq, 3 * n_embd]
    let part = |i: usize| attention.split_heads(qkv.clone().narrow(2, i * n_embd, n_embd));
    let (q, k, v) = (part(0), part(1), part(2)); // [batch, n_head, seq, head_dim]
    let [_, _, _, head_dim] = q.dims();
    let scores = q.matmul(k.swap_dims(2, 3)) / (head_dim as f64).sqrt();
    let found = softmax(scores, 3).matmul(v);
    attention.c_proj.forward(attention.merge_heads(found))
}
