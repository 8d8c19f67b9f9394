//! Observes step 10.

use crate::s01_config::GptConfig;
use crate::s10_model::GptModel;
use kit::tensor::{Int, Tensor};
use kit::{Observer, Tolerance};

/// Records the model from its embeddings to its last norm, and where it refuses.
pub fn observe(o: &mut Observer) {
    o.group("the parameters", |o| {
        let model = GptModel::new(&config(), &o.device());
        o.parameters("parameters", &model);
    });
    o.group("the embeddings", |o| {
        let (model, ids) = (filled(o, 3), o.ids("ids", 11, [2, 5]));
        o.tensor("token and position together [batch, seq, n_embd]", model.embed(ids));
    });
    o.group("a single block", |o| {
        let (model, ids) = (filled(o, 1), o.ids("ids", 11, [2, 5]));
        output(o, "output [batch, seq, n_embd]", &model, ids);
    });
    o.group("three blocks", |o| {
        let (model, ids) = (filled(o, 3), o.ids("ids", 11, [2, 5]));
        output(o, "output [batch, seq, n_embd]", &model, ids);
    });
    o.group("the longest sequence, and longer ones", |o| {
        let model = filled(o, 1);
        output(o, "8 of 8 [batch, seq, n_embd]", &model, o.ids("full", 11, [2, 8]));
        let more = 10 + o.below("how long", 6);
        let (nine, more) = (o.ids("9", 11, [2, 9]), o.ids("more", 11, [1, more]));
        o.fallible_call("9 of 8", || model.forward(nine.clone()));
        output(o, "what is said of 9", &model, nine);
        output(o, "what is said of more", &model, more);
    });
    o.group("what a change reaches", |o| {
        let (model, ids) = (filled(o, 3), o.ids("ids", 11, [2, 5]));
        // The next token of the vocabulary, in both rows, and in all of the second row.
        let token = ids.clone().narrow(1, 3, 1);
        let token = ids.clone().slice_assign([0..2, 3..4], following(token));
        let row = ids.clone().narrow(0, 1, 1);
        let row = ids.clone().slice_assign([1..2, 0..5], following(row));
        let names = [
            "of the fourth token, by position",
            "of the second row, by position",
        ];
        for (name, changed) in names.into_iter().zip([token, row]) {
            let outputs = (model.forward(ids.clone()), model.forward(changed));
            if let (Ok(before), Ok(after)) = outputs {
                o.tensor(name, (after - before).abs().sum_dim(2)); // [2, 5, 1]
            }
        }
    });
    o.group("what the blocks start from", |o| {
        let model = GptModel::new(&config(), &o.device());
        let weight = |i: usize| model.h[i].mlp.c_fc.weight.to_data();
        o.text("first and second alike", weight(0) == weight(1));
        o.text("second and third alike", weight(1) == weight(2));
    });
    o.group("dropout in training", |o| {
        let config = GptConfig {
            n_embd: 96,
            dropout: 0.4,
            ..config()
        };
        let model = GptModel::new(&config, &o.device().autodiff());
        let embedded = model.embed(o.ids("many ids", 11, [16, 8]).autodiff());
        // Of 16 * 8 * 96 values: two such fractions differ by 0.006 or so.
        let spread = Tolerance {
            relative: 0.0,
            absolute: 0.06,
        };
        let dropped = embedded.equal_elem(0.0).float().mean();
        o.tensor_within("fraction of values dropped", dropped.inner(), spread);
    });
}

fn output(o: &mut Observer, name: &str, model: &GptModel, ids: Tensor<2, Int>) {
    match model.forward(ids) {
        Ok(output) => o.tensor(name, output),
        Err(error) => o.text(name, error),
    }
}

fn following<const D: usize>(ids: Tensor<D, Int>) -> Tensor<D, Int> {
    (ids + 1).remainder_scalar(11)
}

fn filled(o: &Observer, n_layer: usize) -> GptModel {
    let config = GptConfig {
        n_layer,
        ..config()
    };
    o.filled(GptModel::new(&config, &o.device()))
}

fn config() -> GptConfig {
    GptConfig {
        vocab_size: 11,
        n_positions: 8,
        n_embd: 12,
        n_layer: 3,
        n_head: 3,
        n_inner: 20,
        layer_norm_epsilon: 0.1,
        dropout: 0.1,
    }
}
