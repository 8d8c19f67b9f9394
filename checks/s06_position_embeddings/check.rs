//! Observes step 06.

use crate::s01_config::GptConfig;
use crate::s06_position_embeddings::{PositionEmbeddings, position_ids};
use kit::tensor::{Int, Tensor};
use kit::{Observer, Tolerance};

/// Records which positions are asked for, and what is looked up for them.
pub fn observe(o: &mut Observer) {
    o.group("the table", |o| {
        let module = module(o);
        o.parameters("parameters", &module);
    });
    o.group("positions in a batch", |o| {
        let (module, ids) = (module(o), o.ids("position ids", 7, [2, 5]));
        o.tensor("two rows [batch, seq, n_embd]", module.forward(ids));
        // The first row of the table, and the last one.
        let ends = Tensor::<2, Int>::from_data([[0], [7]], &o.device());
        o.tensor("first and last position [batch, seq, n_embd]", module.forward(ends));
    });
    o.group("positions without a batch", |o| {
        let (module, ids) = (module(o), o.ids("position ids without a batch", 7, [5]));
        o.tensor("five positions [seq, n_embd]", module.forward_unbatched(ids.clone()));
        let one = ids.slice([0..1]);
        o.tensor("a single position [seq, n_embd]", module.forward_unbatched(one));
    });
    o.group("which positions new tokens have", |o| {
        let (new, past) = (4 + o.below("new", 4), 1 + o.below("past", 9));
        o.tensor("from the start [seq]", position_ids(new, 0, &o.device()));
        o.tensor("after earlier tokens [seq]", position_ids(new, past, &o.device()));
    });
    o.group("a position past the table", |o| {
        let module = module(o);
        // Not by `position_ids`: whether that is right is another matter.
        let start = o.ids("where the table is left", 2, [1]);
        let ids = Tensor::<1, Int>::arange(6..9, &o.device()) + start;
        o.call("without a batch", || module.forward_unbatched(ids.clone()));
        o.call("in a batch", || module.forward(ids.unsqueeze_dim(0)));
    });
    o.group("the values to start from", |o| {
        let config = GptConfig {
            vocab_size: 80,
            n_positions: 64,
            n_embd: 96,
            ..config()
        };
        let table = PositionEmbeddings::new(&config, &o.device())
            .wpe
            .weight
            .val();
        // 64 * 96 draws: the deviations of two of them differ by 1.3 % or so, their means by 0.018
        // deviations. Everything is in proportion, so that a start that is wrong is recognised,
        // too, although it is drawn anew with each run.
        let deviation = table.clone().square().mean().sqrt();
        let mean = table.mean() / (deviation.clone() + 1e-6);
        o.tensor_within("mean, in deviations", mean, spread(0.0, 0.15));
        o.tensor_within("standard deviation", deviation, spread(0.15, 0.0));
    });
}

fn module(o: &Observer) -> PositionEmbeddings {
    o.filled(PositionEmbeddings::new(&config(), &o.device()))
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
