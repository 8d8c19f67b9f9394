//! Attention weights without and with the scaling.

#[path = "../../figures.rs"]
mod figures;

use crate::s01_config::GptConfig;
use crate::s02_causal_mask::causal_mask;
use crate::s07_attention::CausalSelfAttention;
use figures::{figure, panel, rows, text};
use kit::Observer;
use kit::tensor::{Distribution, Tensor, activation};

const WORDS: [&str; 6] = ["the", "cat", "saw", "the", "dog", "."];

/// Describes the weights of a head as wide as GPT-2's, for queries and keys of variance 1.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let config = GptConfig {
        n_embd: 64,
        n_head: 1,
        ..GptConfig::gpt2()
    };
    let attention = CausalSelfAttention::new(&config, &device);
    device.seed(3);
    let random = || Tensor::<4>::random([1, 1, 6, 64], Distribution::Normal(0.0, 1.0), &device);
    let (q, k) = (random(), random());
    let scores = q.clone().matmul(k.clone().swap_dims(2, 3)); // [1, 1, 6, 6]
    let mask = causal_mask(6, 0, &device).unsqueeze();
    let before = values(activation::softmax(scores + mask, 3));
    let after = values(attention.attention_weights(q, k));
    let most = |weights: &[f32]| {
        let largest = |row: &[f32]| row.iter().copied().fold(0.0, f32::max);
        // The first row has nothing to choose from.
        weights.chunks(6).skip(1).map(largest).sum::<f32>() / 5.0
    };
    figure(
        "Attention before and after the scaling",
        &format!(
            "Two tables of attention weights, six tokens looking at themselves and at what came \
             before, for random queries and keys of 64 channels. Without the scaling nearly every \
             row gives all to one token: on average, the largest share of a row is {:.2}. Divided \
             by the root of 64 first, the rows share out more evenly: {:.2}.",
            most(&before),
            most(&after)
        ),
    );
    table("softmax(q kᵀ + mask)", &before);
    table("softmax(q kᵀ / 8 + mask)", &after);
}

fn table(title: &str, weights: &[f32]) {
    panel("cells", title);
    text("rows", WORDS);
    text("columns", WORDS);
    text("digits", 2);
    text("full", 1);
    rows("values", weights, 6, 4);
}

fn values(tensor: Tensor<4>) -> Vec<f32> {
    tensor.try_into_vec_as().unwrap_or_default()
}
