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
        o.tensor("vectors", module.forward(o.ids("ids", 10, [2, 5])));
    });
    o.group("the first and the last token", |o| {
        let module = o.filled(TokenEmbeddings::new(&config(), &o.device()));
        let ends = Tensor::<2, Int>::from_data([[0], [10]], &o.device());
        o.tensor("vectors", module.forward(ends));
    });
    o.group("the values to start from", |o| {
        let config = GptConfig {
            vocab_size: 64,
            n_embd: 96,
            ..config()
        };
        let table = TokenEmbeddings::new(&config, &o.device()).wte.weight.val();
        // 64 * 96 draws of standard deviation 0.02: mean and deviation of two of them differ by
        // 0.0004 and 0.0003 or so.
        let spread = Tolerance {
            relative: 0.0,
            absolute: 0.003,
        };
        let deviation = table.clone().square().mean().sqrt();
        o.tensor_within("mean", table.mean(), spread);
        o.tensor_within("standard deviation", deviation, spread);
    });
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
