//! Recomputes every number of lesson 06.

#[path = "../common.rs"]
mod common;
#[path = "../running.rs"]
mod running;
#[path = "../small_model.rs"]
mod small_model;

use crate::s01_config::GptConfig;
use crate::s06_position_embeddings::{PositionEmbeddings, position_ids};
use common::thousands;
use kit::Observer;
use kit::module::Param;
use kit::tensor::Tensor;
use running::{LAST, Running, TEXT, channels, lengths, written};

const TABLE: [[f32; 3]; 4] = [
    [0.1, 0.0, -0.1],
    [0.3, -0.2, 0.2],
    [-0.4, 0.5, 0.1],
    [0.2, 0.6, -0.3],
];

/// Records the numbers as the lesson writes them.
pub fn observe(o: &mut Observer) {
    o.group("by hand", |o| {
        let config = GptConfig {
            n_positions: 4,
            n_embd: 3,
            ..GptConfig::gpt2()
        };
        let mut module = PositionEmbeddings::new(&config, &o.device());
        module.wpe.weight = Param::from_tensor(Tensor::from_data(TABLE, &o.device()));
        let all = module.forward_unbatched(position_ids(4, 0, &o.device()));
        numbers(o, "row", all);
        let places = module.forward_unbatched(position_ids(2, 2, &o.device()));
        numbers(o, "looked up", places.clone());
        let token = Tensor::<2>::from_data([[0.5, 0.5, 0.5]], &o.device());
        numbers(o, "token", token.clone());
        numbers(o, "token plus position", token + places);
    });
    o.group("the running example", running_example);
    o.group("order", |o| {
        let [here, there] = [[1.0, 2.0, 3.0], [2.0, 1.0, 3.0]];
        for tokens in [here, there] {
            let once = attention(&tokens, &tokens, true);
            let twice = attention(&once, &once, true);
            for outputs in [attention(&tokens, &tokens, false), once, twice] {
                for output in outputs {
                    o.text("output", format!("{output:.4}"));
                }
            }
        }
        // How far the outputs of one token lie apart in the two orders.
        let outputs = |tokens: &[f64; 3], causal, layers: usize| {
            let first = attention(tokens, tokens, causal);
            (1..layers).fold(first, |x, _| attention(&x, &x, causal))
        };
        for (name, causal, layers, [at, there_at]) in [
            ("token 1", true, 1, [0, 1]),
            ("token 2", true, 1, [1, 0]),
            ("token 3", true, 2, [2, 2]),
        ] {
            let [a, b] = [here, there].map(|tokens| outputs(&tokens, causal, layers));
            let apart = (a[at] - b[there_at]).abs();
            o.text(&format!("{name}, apart"), format!("{apart:.4}"));
        }
        for position in 0..4 {
            o.text(
                "a one, averaged",
                format!("{:.4}", 1.0 / f64::from(position + 1)),
            );
        }
    });
    o.group("sizes", |o| {
        let [gpt2, medium] = [GptConfig::gpt2(), GptConfig::gpt2_medium()];
        let table = |config: &GptConfig| config.n_positions * config.n_embd;
        o.text("positions", gpt2.n_positions);
        o.text("last position", gpt2.n_positions - 1);
        o.text("width", gpt2.n_embd);
        o.text("table", thousands(table(&gpt2)));
        o.text("table of medium", thousands(table(&medium)));
        o.text("its bytes", thousands(4 * table(&medium)));
        o.text(
            "tokens of medium",
            thousands(medium.vocab_size * medium.n_embd),
        );
        let share = 100.0 * table(&gpt2) as f64 / gpt2.num_params() as f64;
        o.text("share of all", format!("{share:.2}"));
        o.text("all parameters", thousands(gpt2.num_params()));
        o.text("a text that does not fit", gpt2.n_positions + 6);
        let (new, past) = (24, 1000);
        let ids: Vec<i64> = position_ids(new, past, &o.device())
            .try_into_vec_as()
            .unwrap_or_default();
        o.text("past", past);
        o.text("first of the new", ids[0]);
        o.text("last of the new", ids[new - 1]);
    });
    o.group("sinusoids", |o| {
        let base = 10_000_f64;
        o.text("base", thousands(10_000));
        for position in [1.0, 2.0] {
            for pair in [0.0, 1.0] {
                let angle = position / base.powf(2.0 * pair / 4.0);
                o.text("sine", format!("{:.4}", f64::sin(angle)));
                o.text("cosine", format!("{:.4}", f64::cos(angle)));
            }
        }
        let (fixed, learned) = (384_f64.sqrt(), 0.02 * 768_f64.sqrt());
        let scaled = learned * 768_f64.sqrt();
        o.text("deviation of Hugging Face's table", 0.02);
        o.text("deviation of OpenAI's position table", 0.01);
        o.text(
            "a token row, times the root of the width",
            format!("{scaled:.2}"),
        );
        o.text("length of a sinusoid vector", format!("{fixed:.2}"));
        o.text("length of a fresh row", format!("{learned:.4}"));
    });
}

/// What is added to the last character of the running example, and what would be at the first place.
fn running_example(o: &mut Observer) {
    let running = Running::open(o);
    let tokens = running.read(TEXT).tokens; // [seq, n_embd]
    let embeddings = PositionEmbeddings::new(&small_model::config(), &o.device());
    let embeddings = running.stored.filled("transformer.", embeddings);
    let places = embeddings.forward_unbatched(position_ids(LAST + 1, 0, &o.device()));
    channels(o, "row of wte", &tokens);
    channels(o, "row 5 of wpe", &places);
    channels(o, "the sum", &(tokens.clone() + places.clone()));
    let first = places.clone().narrow(0, 0, 1);
    channels(o, "row 0 of wpe", &first);
    let letter = tokens.clone().narrow(0, LAST, 1);
    channels(o, "the sum at the first place", &(letter + first));
    for (what, x) in [("tokens", tokens), ("places", places)] {
        for length in lengths(&x) {
            o.text(&format!("length of {what}"), written(length));
        }
    }
}

/// Attention of numbers to numbers: query, key and value are the number itself.
fn attention(x: &[f64; 3], values: &[f64; 3], causal: bool) -> [f64; 3] {
    [0, 1, 2].map(|i| {
        let seen = if causal { i + 1 } else { 3 };
        let weights: Vec<f64> = x[..seen].iter().map(|key| (x[i] * key).exp()).collect();
        let sum: f64 = weights.iter().sum();
        let found: f64 = weights
            .iter()
            .zip(values)
            .map(|(weight, value)| weight * value)
            .sum();
        found / sum
    })
}

fn numbers(o: &mut Observer, name: &str, tensor: Tensor<2>) {
    for value in tensor.try_into_vec_as::<f32>().unwrap_or_default() {
        o.text(name, format!("{value:.1}"));
    }
}
