//! Whose output changes when the tokens change places.

#[path = "../../figures.rs"]
mod figures;

use crate::s01_config::GptConfig;
use crate::s07_attention::CausalSelfAttention;
use figures::{figure, panel, rows, text};
use kit::Observer;
use kit::tensor::activation::softmax;
use kit::tensor::{Int, Tensor};

/// Place i of the other order is taken by token `ORDER[i]`.
const ORDER: [i64; 4] = [2, 0, 1, 3];

/// Describes how far each token's output moves when A B C D become C A B D.
pub fn observe(o: &mut Observer) {
    let config = GptConfig {
        n_embd: 12,
        n_head: 3,
        ..GptConfig::gpt2()
    };
    let attention = o.filled(CausalSelfAttention::new(&config, &o.device()));
    let x: Tensor<3> = o.floats("x", [1, 4, 12]);
    let masked = |x: Tensor<3>| attention.forward(x);
    let open = |x: Tensor<3>| without_mask(&attention, x);
    let changes = [
        change(&x, &open),
        change(&x, &|x| open(open(x))),
        change(&x, &masked),
        change(&x, &|x| masked(masked(x))),
    ];
    let moved = |row: usize| changes[row].iter().filter(|change| **change > 1e-5).count();
    figure(
        "Order, without and with the mask",
        &format!(
            "A table of how far the output of each of the tokens A, B, C, D moves when their order \
             becomes C A B D. Without a mask {} of the four move in one layer and {} in two: \
             attention alone does not know the order. With the causal mask {} move in one layer, \
             all but D, which sees the same three tokens as before; in two layers {} do, since \
             those three have become others.",
            moved(0),
            moved(1),
            moved(2),
            moved(3)
        ),
    );
    panel("cells", "Change of an output, A B C D → C A B D");
    text(
        "rows",
        [
            "no mask, 1 layer",
            "no mask, 2 layers",
            "causal, 1 layer",
            "causal, 2 layers",
        ],
    );
    text("columns", ["A", "B", "C", "D"]);
    text("digits", 2);
    rows("values", changes.as_flattened(), 4, 4);
}

/// How far the output of A, B, C and D moves.
fn change(x: &Tensor<3>, layer: &dyn Fn(Tensor<3>) -> Tensor<3>) -> [f32; 4] {
    let order = Tensor::<1, Int>::from_data(ORDER, &x.device());
    let expected = layer(x.clone()).select(1, order.clone());
    let other = layer(x.clone().select(1, order));
    let differences = (other - expected).abs().max_dim(2); // [1, 4, 1]
    let differences: Vec<f32> = differences.try_into_vec_as().unwrap_or_default();
    let mut of = [f32::NAN; 4];
    for (token, difference) in ORDER.iter().zip(differences) {
        if let Ok(token) = usize::try_from(*token) {
            of[token] = difference;
        }
    }
    of
}

/// Attention from the step's parts, every token seeing every other.
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
