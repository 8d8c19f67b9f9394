//! The numbers of lesson 09.

#[path = "../common.rs"]
mod common;
#[path = "../running.rs"]
mod running;
#[path = "../small_model.rs"]
mod small_model;

use crate::s01_config::GptConfig;
use crate::s03_layer_norm::LayerNorm;
use crate::s04_mlp::{Mlp, gelu};
use crate::s07_attention::CausalSelfAttention;
use crate::s08_residual::residual;
use crate::s09_block::Block;
use common::thousands;
use kit::Observer;
use kit::module::{Module, Param};
use kit::nn::Linear;
use kit::tensor::{Device, Distribution, Tensor};
use running::{LAST, Running, TEXT, channels, deviations, lengths, written};

/// Recomputes the example, the parameter counts and the answers.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        example(o);
        running_example(o);
        counts(o);
        o.text("deviation of a table", 0.02);
        let both = (2.0 * 0.02_f64.powi(2)).sqrt();
        o.text("deviation of the sum of two rows", format!("{both:.3}"));
        added(o);
    });
}

fn example(o: &mut Observer) {
    let device = o.device();
    let block = identity_block(&device);
    let x = Tensor::<3>::from_data([[[1.0, 3.0], [6.0, 2.0]]], &device);

    let normed = block.ln_1.forward(x.clone());
    record(o, "ln_1", normed.clone());
    let split = block.attn.split_heads(normed.clone());
    let scores = split.clone().matmul(split.clone().transpose()) / 2.0_f64.sqrt();
    record(o, "scores", scores.squeeze_dim::<3>(1).narrow(1, 1, 1));
    let weights = block.attn.attention_weights(split.clone(), split);
    record(o, "weights", weights.squeeze_dim::<3>(1).narrow(1, 1, 1));
    record(o, "attn", block.attn.forward(normed));
    let half = residual(x.clone(), &block.ln_1, |x| block.attn.forward(x));
    record(o, "x + attn", half.clone());
    let normed = block.ln_2.forward(half.clone());
    record(o, "ln_2", normed.clone());
    record(o, "mlp", block.mlp.forward(normed));
    record(o, "result", block.forward(x.clone()));
    record(
        o,
        "gelu",
        gelu(Tensor::<3>::from_data([[[1.0, -1.0]]], &device)),
    );

    // Exercise 1: the parallel design gives the same.
    let mlp = block.mlp.forward(block.ln_2.forward(x.clone()));
    record(o, "parallel", half + mlp);
    // Exercise 2: silenced, the block returns x bit for bit; post-norm does not.
    let mut silent = identity_block(&device);
    silent.attn.c_proj.weight = Param::from_tensor(Tensor::zeros([2, 2], &device));
    silent.mlp.c_proj.weight = Param::from_tensor(Tensor::zeros([2, 2], &device));
    o.text("silent", silent.forward(x.clone()).to_data() == x.to_data());
    record(o, "post-norm", block.ln_2.forward(block.ln_1.forward(x)));
}

/// The small model's first block.
fn running_example(o: &mut Observer) {
    let running = Running::open(o);
    let x = running.read(TEXT).sum.unsqueeze(); // [1, seq, n_embd]
    let block = Block::new(&small_model::config(), &o.device());
    let block = running.stored.filled("transformer.h.0.", block);
    let normed = block.ln_1.forward(x.clone());
    let half = residual(x.clone(), &block.ln_1, |x| block.attn.forward(x));
    let normed_again = block.ln_2.forward(half.clone());
    let output = block.forward(x.clone());
    for (what, x) in [
        ("comes in", &x),
        ("ln_1", &normed),
        ("attn", &block.attn.forward(normed.clone())),
        ("with attention", &half),
        ("ln_2", &normed_again),
        ("mlp", &block.mlp.forward(normed_again.clone())),
        ("the result", &output),
    ] {
        let x = x.clone().squeeze_dim(0);
        channels(o, what, &x);
        o.text(&format!("deviation: {what}"), written(deviations(&x)[LAST]));
    }
    let length = |x: Tensor<3>| lengths(&x.squeeze_dim(0))[LAST];
    let times = length(output - x.clone()) / length(x);
    o.text("the block adds, times", format!("{times:.1}"));
}

fn identity_block(device: &Device) -> Block {
    let eye = Tensor::<2>::eye(2, device);
    let linear = |copies: usize| Linear {
        weight: Param::from_tensor(eye.clone().repeat_dim(1, copies)),
        bias: None,
    };
    Block {
        ln_1: LayerNorm::new(2, 1e-5, device),
        attn: CausalSelfAttention {
            c_attn: linear(3),
            c_proj: linear(1),
            n_head: 1,
        },
        ln_2: LayerNorm::new(2, 1e-5, device),
        mlp: Mlp {
            c_fc: linear(1),
            c_proj: linear(1),
        },
    }
}

fn counts(o: &mut Observer) {
    let device = o.device();
    let block = Block::new(&GptConfig::gpt2(), &device);
    let c = GptConfig::gpt2().n_embd;
    o.text("C", c);
    for (name, count) in [
        ("block", block.num_params()),
        ("12 C² + 13 C", 12 * c * c + 13 * c),
        ("ln_1", block.ln_1.num_params()),
        ("attn", block.attn.num_params()),
        ("ln_2", block.ln_2.num_params()),
        ("mlp", block.mlp.num_params()),
        ("12 C² + 13 C for 12", 12 * 12 * 12 + 13 * 12),
    ] {
        o.text(name, thousands(count));
    }
    let share = block.mlp.num_params() as f64 / block.num_params() as f64;
    o.text("share of the MLP, percent", format!("{:.1}", 100.0 * share));

    let config = GptConfig {
        n_embd: 12,
        n_head: 3,
        n_inner: 20,
        ..GptConfig::gpt2()
    };
    let block = Block::new(&config, &device);
    o.text("small block", thousands(block.num_params()));
    o.text("small norm", block.ln_1.num_params());
    o.text("small attention", block.attn.num_params());
    o.text("small MLP", block.mlp.num_params());
    let (all, norm) = (block.num_params(), block.ln_1.num_params());
    let biases = 3 * config.n_embd + config.n_embd + config.n_inner + config.n_embd;
    o.text("without biases", all - biases);
    o.text("with one norm", all - norm);
    o.text("without norms", all - 2 * norm);
}

/// What a fresh block adds to its input, as the lesson says it: in percent for 64 channels of
/// deviation 1, and as a multiple for GPT-2's own start.
fn added(o: &mut Observer) {
    let device = o.device();
    device.seed(9);
    let share = |n_embd, n_head, deviation| -> f32 {
        let config = GptConfig {
            n_embd,
            n_head,
            n_inner: 4 * n_embd,
            ..GptConfig::gpt2()
        };
        let normal = Distribution::Normal(0.0, deviation);
        let x = Tensor::<3>::random([1, 48, n_embd], normal, &device);
        let added = Block::new(&config, &device).forward(x.clone()) - x.clone();
        let length = |x: Tensor<3>| x.square().sum().sqrt().into_scalar::<f32>();
        length(added) / length(x)
    };
    o.text(
        "added at 64 channels, percent",
        format!("{:.0}", 100.0 * share(64, 4, 1.0)),
    );
    o.text(
        "added at GPT-2's start, times",
        format!("{:.0}", share(768, 12, 0.028)),
    );
}

fn record(o: &mut Observer, name: &str, tensor: Tensor<3>) {
    for value in tensor.into_data().iter::<f32>() {
        // Adding 0 makes 0 of -0.
        o.text(name, format!("{:.4}", (value * 1e4).round() / 1e4 + 0.0));
    }
}
