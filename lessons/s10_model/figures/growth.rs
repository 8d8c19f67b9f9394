//! The residual stream grows from block to block.

#[path = "../../figures.rs"]
mod figures;

use crate::s01_config::GptConfig;
use crate::s10_model::GptModel;
use figures::{figure, line, panel, text};
use kit::Observer;
use kit::module::Param;
use kit::tensor::{Int, Tensor};

/// Describes the stream's deviation after each of twelve blocks of a fresh model.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let config = GptConfig {
        vocab_size: 50,
        n_positions: 16,
        n_embd: 192,
        n_head: 3,
        n_inner: 768,
        n_layer: 12,
        dropout: 0.0,
        ..GptConfig::gpt2()
    };
    device.seed(10);
    let mut model = GptModel::new(&config, &device);
    let ids: Tensor<2, Int> = o.ids("ids", 50, [2, 16]);
    let plain = deviations(&model, &ids);
    let root = (2.0 * config.n_layer as f64).sqrt();
    let narrow = |weight: &Param<Tensor<2>>| Param::from_tensor(weight.val() / root);
    for block in &mut model.h {
        block.attn.c_proj.weight = narrow(&block.attn.c_proj.weight);
        block.mlp.c_proj.weight = narrow(&block.mlp.c_proj.weight);
    }
    let narrowed = deviations(&model, &ids);
    let at = |deviations: &[(f32, f32)], block: usize| deviations[block].1;
    figure(
        "The residual stream's growth",
        &format!(
            "The deviation of all values after the embeddings and after each of twelve blocks of a \
             fresh model of {} channels. It begins at {:.3}. With every matrix drawn with 0.02 it \
             grows to {:.3} after one block and {:.3} after all twelve; with both c_proj narrower \
             by the root of 24, to {:.3} and {:.3}.",
            config.n_embd,
            at(&plain, 0),
            at(&plain, 1),
            at(&plain, 12),
            at(&narrowed, 1),
            at(&narrowed, 12)
        ),
    );
    panel("curves", "A fresh model of 192 channels");
    text("x", "blocks passed");
    text("y", "deviation of the stream");
    line("all matrices drawn with 0.02", &plain, 4);
    line("c_proj narrower by √24", &narrowed, 4);
}

/// Blocks passed, and the deviation there.
fn deviations(model: &GptModel, ids: &Tensor<2, Int>) -> Vec<(f32, f32)> {
    let mut x = model.embed(ids.clone()); // [batch, seq, n_embd]
    let mut found = vec![(0.0, deviation(&x))];
    for block in &model.h {
        x = block.forward(x);
        found.push((found.len() as f32, deviation(&x)));
    }
    found
}

fn deviation(x: &Tensor<3>) -> f32 {
    let centred = x.clone() - x.clone().mean().into_scalar::<f32>();
    centred.square().mean().sqrt().into_scalar()
}
