//! The numbers of lesson 10.

#[path = "../common.rs"]
mod common;
#[path = "../running.rs"]
mod running;
#[path = "../small_model.rs"]
mod small_model;

use crate::s01_config::GptConfig;
use crate::s03_layer_norm::LayerNorm;
use crate::s10_model::GptModel;
use common::thousands;
use kit::Observer;
use kit::module::{Module, Param};
use kit::tensor::{Int, Tensor};
use running::{LAST, Running, TEXT, channels, deviations, floats, written};

/// Recomputes the example, the parameter counts and the answers.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        example(o);
        running_example(o);
        counts(o);
        answers(o);
    });
}

fn example(o: &mut Observer) {
    let device = o.device();
    let config = GptConfig {
        vocab_size: 3,
        n_positions: 3,
        n_embd: 4,
        n_layer: 2,
        n_head: 2,
        n_inner: 16,
        ..GptConfig::gpt2()
    };
    let mut model = GptModel::new(&config, &device);
    let table = |rows: [[f32; 4]; 3]| Param::from_tensor(Tensor::from_data(rows, &device));
    model.wte.weight = table([
        [1.0, 0.0, 2.0, 1.0],
        [2.0, 1.0, 0.0, 0.0],
        [0.0, 3.0, 1.0, 0.0],
    ]);
    model.wpe.weight = table([
        [1.0, -1.0, 2.0, 4.0],
        [0.0, 1.0, 0.0, 1.0],
        [2.0, 0.0, 0.0, 1.0],
    ]);
    for block in &mut model.h {
        for projection in [&mut block.attn.c_proj, &mut block.mlp.c_proj] {
            let weight = projection.weight.clone();
            projection.weight = weight.map(|weight| weight.zeros_like());
        }
    }

    let ids = Tensor::<2, Int>::from_data([[2, 0, 2]], &device);
    record(o, "sum", model.embed(ids.clone()));
    match model.forward(ids) {
        Ok(output) => record(o, "after ln_f", output),
        Err(error) => o.text("refused", error),
    }
    let same = Tensor::<2, Int>::from_data([[2, 2, 2]], &device);
    record(o, "sum of equal tokens", model.embed(same));
}

/// The small model, block by block.
fn running_example(o: &mut Observer) {
    let running = Running::open(o);
    let ids = running.read(TEXT).ids;
    let ids = Tensor::<1, Int>::from_data(ids.as_slice(), &o.device()).unsqueeze();
    let model = GptModel::new(&small_model::config(), &o.device());
    let model = running.stored.filled("transformer.", model);
    let mut tell = |what: &str, x: &Tensor<3>| {
        let x = x.clone().squeeze_dim(0);
        channels(o, what, &x);
        o.text(&format!("deviation: {what}"), written(deviations(&x)[LAST]));
    };
    let mut x = model.embed(ids.clone());
    tell("the tables", &x);
    for block in &model.h {
        x = block.forward(x);
        tell("after a block", &x);
    }
    match model.forward(ids) {
        Ok(output) => tell("the output", &output),
        Err(error) => o.text("refused", error),
    }
    let fresh = LayerNorm::new(small_model::config().n_embd, 1e-5, &o.device());
    let plain = deviations(&fresh.forward(x).squeeze_dim(0))[LAST];
    o.text("after a fresh norm", written(plain));
    let weights = floats(model.ln_f.weight.val());
    let mean = weights.iter().sum::<f32>() / weights.len() as f32;
    o.text("mean weight of ln_f", written(mean));
}

fn counts(o: &mut Observer) {
    let config = GptConfig::gpt2();
    let model = GptModel::new(&config, &o.device());
    let tables = model.wte.num_params() + model.wpe.num_params();
    for (name, count) in [
        ("wte", model.wte.num_params()),
        ("wpe", model.wpe.num_params()),
        ("h", model.h.num_params()),
        ("a block", model.h[0].num_params()),
        ("ln_f", model.ln_f.num_params()),
        ("together", model.num_params()),
        ("the two tables", tables),
        ("looked up for 10 tokens", 2 * 10 * config.n_embd),
        ("in one table", 10 * config.n_embd),
    ] {
        o.text(name, thousands(count));
    }
    let share = tables as f64 / model.num_params() as f64;
    o.text("share of the tables", format!("{:.1}", 100.0 * share));
    o.text("vocab_size", config.vocab_size);
    o.text("n_embd", config.n_embd);
    o.text("n_positions", config.n_positions);
    o.text("one more", config.n_positions + 1);
    o.text("residual layers", 2 * config.n_layer);
}

fn answers(o: &mut Observer) {
    let config = GptConfig::gpt2();
    o.text("dropout", config.dropout);
    // One on the embeddings; in each block one on the weights of attention, one on its output, and one
    // on the MLP's.
    o.text(
        "places of dropout in Hugging Face's",
        1 + 3 * config.n_layer,
    );
    o.text("kept", 1.0 - config.dropout);
    let scale = 1.0 / (1.0 - config.dropout);
    o.text("kept values are multiplied by", format!("{scale:.4}"));
    o.text("std", 0.02);
    let layers = 2 * config.n_layer;
    let std = 0.02 / (layers as f64).sqrt();
    o.text("std of residual layers", format!("{std:.4}"));
    let root_of_blocks = (config.n_layer as f64).sqrt();
    o.text(
        "one layer for each block",
        format!("{:.5}", 0.02 / root_of_blocks),
    );
    o.text("without the root", format!("{:.5}", 0.02 / layers as f64));
    o.text("the factor", format!("{:.4}", 1.0 / (layers as f64).sqrt()));
}

fn record(o: &mut Observer, name: &str, tensor: Tensor<3>) {
    for value in tensor.into_data().iter::<f32>() {
        o.text(name, format!("{value:.4}"));
    }
}
