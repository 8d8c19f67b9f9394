//! Observes step 05.

use crate::s01_config::GptConfig;
use crate::s05_token_embeddings::TokenEmbeddings;
use kit::tensor::{Int, Tensor};
use kit::{Observer, Tolerance};

/// Records the table, and what is looked up in it.
pub fn observe(o: &mut Observer) {
    o.group("the table", |o| {
        let module = TokenEmbeddings::new(&config(), &o.device());
        o.parameters("parameters", &module);
    });
    o.group("a batch of ids", |o| {
        let module = o.filled(TokenEmbeddings::new(&config(), &o.device()));
        // Not the last id: an implementation that counts from 1 gets a vector too, a wrong one.
        o.tensor("vectors [batch, seq, n_embd]", module.forward(o.ids("ids", 10, [2, 5])));
    });
    o.group("the first and the last token", |o| {
        let module = o.filled(TokenEmbeddings::new(&config(), &o.device()));
        let ends = Tensor::<2, Int>::from_data([[0], [10]], &o.device());
        o.tensor("vectors [batch, seq, n_embd]", module.forward(ends));
    });
    o.group("the values to start from", |o| {
        let config = GptConfig {
            vocab_size: 64,
            n_positions: 80,
            n_embd: 96,
            ..config()
        };
        let table = TokenEmbeddings::new(&config, &o.device()).wte.weight.val();
        // 64 * 96 draws: the deviations of two of them differ by 1.3 % or so, their means by 0.018
        // deviations. Everything is in proportion, so that a start that is wrong is recognised,
        // too, although it is drawn anew with each run.
        let deviation = table.clone().square().mean().sqrt();
        let mean = table.mean() / (deviation.clone() + 1e-6);
        o.tensor_within("mean, in deviations", mean, spread(0.0, 0.15));
        o.tensor_within("standard deviation", deviation, spread(0.15, 0.0));
    });
}

fn spread(relative: f64, absolute: f64) -> Tolerance {
    Tolerance { relative, absolute }
}

fn config() -> GptConfig {
    GptConfig {
        vocab_size: 11,
        n_positions: 8,
        n_embd: 12,
        n_layer: 2,
        n_head: 3,
        n_inner: 20,
        layer_norm_epsilon: 0.1,
        dropout: 0.1,
    }
}
