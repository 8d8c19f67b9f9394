//! Recomputes every number of lesson 05.

#[path = "../common.rs"]
mod common;
#[path = "../running.rs"]
mod running;
#[path = "../small_model.rs"]
mod small_model;

use crate::s01_config::GptConfig;
use crate::s05_token_embeddings::TokenEmbeddings;
use common::thousands;
use kit::Observer;
use kit::module::Param;
use kit::tensor::{Int, Tensor};
use running::{NEXT, Running, TEXT, all_channels};

const TABLE: [[f32; 3]; 4] = [
    [0.1, 0.2, 0.3],
    [0.4, -0.5, 0.6],
    [-0.7, 0.8, 0.0],
    [0.9, 0.5, -0.2],
];

/// Records the numbers as the lesson writes them.
pub fn observe(o: &mut Observer) {
    o.group("by hand", |o| {
        let config = GptConfig {
            vocab_size: 4,
            n_embd: 3,
            ..GptConfig::gpt2()
        };
        let mut module = TokenEmbeddings::new(&config, &o.device());
        module.wte.weight = Param::from_tensor(Tensor::from_data(TABLE, &o.device()));
        let ids = Tensor::<2, Int>::from_data([[0, 1], [2, 3]], &o.device());
        numbers(o, "row", module.forward(ids), 1);
        let ids = Tensor::<2, Int>::from_data([[2, 0], [3, 2]], &o.device());
        numbers(o, "looked up", module.forward(ids), 1);
    });
    o.group("the running example", running_example);
    o.group("sizes", |o| {
        let [gpt2, medium] = [GptConfig::gpt2(), GptConfig::gpt2_medium()];
        let table = |config: &GptConfig| config.vocab_size * config.n_embd;
        o.text("vocabulary, in prose", thousands(gpt2.vocab_size));
        o.text("bytes", 1 << 8);
        o.text("merges", thousands(gpt2.vocab_size - (1 << 8) - 1));
        o.text("width", gpt2.n_embd);
        o.text("width of medium", medium.n_embd);
        o.text("table", thousands(table(&gpt2)));
        o.text("table of medium", thousands(table(&medium)));
        o.text("all parameters", thousands(gpt2.num_params()));
        let share = 100.0 * table(&gpt2) as f64 / gpt2.num_params() as f64;
        o.text("share of all", format!("{share:.1}"));
        o.text("bytes of the table", thousands(4 * table(&gpt2)));
        o.text("bytes of medium's", thousands(4 * table(&medium)));
        o.text(
            "positions of medium",
            thousands(medium.n_positions * medium.n_embd),
        );
        let padded = gpt2.vocab_size.next_multiple_of(64);
        o.text("padded vocabulary", thousands(padded));
        let spare = (padded - gpt2.vocab_size) * gpt2.n_embd;
        o.text("spare parameters", thousands(spare));
        o.text("with spare rows", thousands(table(&gpt2) + spare));
    });
    o.group("the start", |o| {
        let width = 768_f64;
        let spread = 0.02;
        o.text("deviation", spread);
        o.text("minus deviation", -spread);
        o.text("length of a row", format!("{:.4}", spread * width.sqrt()));
        o.text("length with deviation 1", format!("{:.2}", width.sqrt()));
        let uniform = spread / 3_f64.sqrt();
        o.text("deviation of the uniform start", format!("{uniform:.4}"));
        o.text("by the whole width", format!("{:.4}", 2.0 * uniform));
        o.text("mean distance from 0", spread / 2.0);
    });
}

/// The rows of the characters of the running example.
fn running_example(o: &mut Observer) {
    let running = Running::open(o);
    let ids = running.read(TEXT).ids;
    let input = Tensor::<1, Int>::from_data(ids.as_slice(), &o.device());
    let embeddings = TokenEmbeddings::new(&small_model::config(), &o.device());
    let embeddings = running.stored.filled("transformer.", embeddings);
    let vectors = embeddings.forward(input.unsqueeze()); // [1, seq, n_embd]
    all_channels(o, "row of wte", &vectors.squeeze_dim(0));
    o.text("ids", format!("{ids:?}"));
    o.text("id of what comes next", running.id(NEXT));
    o.text("characters", running.letters.len());
}

fn numbers(o: &mut Observer, name: &str, tensor: Tensor<3>, digits: usize) {
    for value in tensor.try_into_vec_as::<f32>().unwrap_or_default() {
        o.text(name, format!("{value:.digits$}"));
    }
}
