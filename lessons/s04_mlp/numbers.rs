//! Every number of lesson 04.

#[path = "../common.rs"]
mod common;
#[path = "../running.rs"]
mod running;
#[path = "../small_model.rs"]
mod small_model;

use common::thousands;
use std::f64::consts::PI;

use crate::s01_config::GptConfig;
use crate::s04_mlp::{Mlp, gelu};
use kit::Observer;
use kit::module::Param;
use kit::nn::Linear;
use kit::tensor::{Device, Tensor, activation};
use running::{LAST, Running, TEXT, channels, deviations, written};

/// Records them as they are written.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        let device = o.device();
        activation_by_hand(o, &device);
        mlp_by_hand(o, &device);
        running_example(o);
        two_forms(o, &device);
        start(o);
        exercises(o, &device);
    });
}

fn activation_by_hand(o: &mut Observer, device: &Device) {
    let (coefficient, root) = (0.044715, (2.0 / PI).sqrt());
    let cubic = 1.0 + coefficient;
    let bend = (cubic * root).tanh();
    o.text("coefficient", coefficient);
    o.text("root", format!("{root:.4}"));
    o.text("cubic", cubic);
    o.text("scaled", format!("{:.4}", cubic * root));
    o.text("tanh", format!("{bend:.4}"));
    o.text("half", 0.5);
    o.text("share", format!("{:.4}", 1.0 + bend));
    for x in [1.0, -1.0, -2.0] {
        let y = at(x, device);
        o.text(&format!("gelu({x})"), format!("{y:.4}"));
        o.text(
            &format!("gelu({x}), without its sign"),
            format!("{:.4}", y.abs()),
        );
    }
}

fn mlp_by_hand(o: &mut Observer, device: &Device) {
    let widen = Tensor::from_data([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]], device);
    let narrow = Tensor::from_data([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], device);
    let mlp = Mlp {
        c_fc: projection(widen, Tensor::from_data([0.0, 0.0, -3.0], device)),
        c_proj: projection(narrow, Tensor::from_data([0.5, 0.0], device)),
    };
    let x = Tensor::<3>::from_data([[[1.0, -1.0]]], device);
    let straight = mlp.c_proj.forward(mlp.c_fc.forward(x.clone()));
    for (i, value) in values(mlp.forward(x)).into_iter().enumerate() {
        o.text(&format!("result: {i}"), format!("{value:.4}"));
    }
    for (i, value) in values(straight).into_iter().enumerate() {
        o.text(&format!("without the bend: {i}"), value);
    }
}

fn projection(weight: Tensor<2>, bias: Tensor<1>) -> Linear {
    Linear {
        weight: Param::from_tensor(weight),
        bias: Some(Param::from_tensor(bias)),
    }
}

/// The small model's first MLP.
fn running_example(o: &mut Observer) {
    let running = Running::open(o);
    let stages = running.read(TEXT);
    let block = &stages.blocks[0];
    let config = small_model::config();
    let mlp = Mlp::new(&config, &o.device());
    let mlp = running.stored.filled(&Running::path(0, "mlp"), mlp);
    let hidden = mlp.c_fc.forward(block.normed_again.clone()); // [seq, n_inner]
    let answer = mlp.forward(block.normed_again.clone().unsqueeze());
    let answer = answer.squeeze_dim::<2>(0); // [seq, n_embd]
    channels(o, "the stream with attention", &block.with_attention);
    channels(o, "arrives", &block.normed_again);
    channels(o, "hidden", &hidden);
    channels(o, "activated", &gelu(hidden.clone()));
    channels(o, "answer", &answer);
    o.text("hidden width", config.n_inner);
    let of = |place| values(hidden.clone().narrow(0, place, 1));
    let is_negative = |hidden: &f32| *hidden < 0.0;
    let (m, last) = (of(LAST - 1), of(LAST));
    o.text("negative", last.iter().filter(|x| is_negative(x)).count());
    let other = last.iter().zip(&m);
    let other = other.filter(|(a, b)| is_negative(a) != is_negative(b));
    o.text("of the other sign for `m`", other.count());
    let lowest = values(gelu(hidden.narrow(0, LAST, 1)));
    let lowest = lowest.into_iter().fold(0.0, f32::min);
    o.text("lowest after GELU", written(lowest));
    for (what, x) in [
        ("the stream", &block.with_attention),
        ("the answer", &answer),
    ] {
        o.text(
            &format!("deviation of {what}"),
            written(deviations(x)[LAST]),
        );
    }
}

fn two_forms(o: &mut Observer, device: &Device) {
    let x = Tensor::<1>::from_data(grid(0.0, 6.0).as_slice(), device);
    let difference = values(gelu(x.clone()) - activation::gelu(x));
    let (index, largest) = difference
        .iter()
        .map(|d| d.abs())
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or_default();
    let place = grid(0.0, 6.0)[index];
    o.text("largest difference", format!("{largest:.5}"));
    o.text("to the right", format!("{place:.1}"));
    o.text("to the left", format!("{:.1}", -place));
}

fn start(o: &mut Observer) {
    let config = GptConfig::gpt2();
    o.text("n_embd", config.n_embd);
    o.text("n_inner", config.n_inner);
    o.text("deviation", 0.02);
    // Uniform between -1 / sqrt(d_in) and 1 / sqrt(d_in).
    for inputs in [config.n_embd, config.n_inner] {
        let deviation = 1.0 / (3.0 * inputs as f64).sqrt();
        o.text(
            &format!("Burn's, {inputs} inputs"),
            format!("{deviation:.4}"),
        );
    }
    let smaller = 0.02 / (2.0 * config.n_layer as f64).sqrt();
    o.text("Hugging Face's c_proj", format!("{smaller:.4}"));
}

fn exercises(o: &mut Observer, device: &Device) {
    // The bottom is flat: in f32 neighbours of the lowest point look the same.
    let root = (2.0 / PI).sqrt();
    let formula = |x: f64| 0.5 * x * (1.0 + (root * (x + 0.044715 * x.powi(3))).tanh());
    let lowest = grid(-6.0, 0.0)
        .into_iter()
        .min_by(|a, b| formula(*a).total_cmp(&formula(*b)))
        .unwrap_or_default();
    o.text("where it is smallest", format!("{lowest:.3}"));
    o.text("how small", format!("{:.4}", at(lowest, device)));

    let c = GptConfig::gpt2();
    let count = |from: usize, to: usize| from * to + to;
    let (up, down) = (count(c.n_embd, c.n_inner), count(c.n_inner, c.n_embd));
    o.text("up", thousands(up));
    o.text("down", thousands(down));
    o.text("MLP", thousands(up + down));
    o.text("weights alone", thousands(2 * c.n_embd * c.n_inner));
    o.text("all blocks", thousands(c.n_layer * (up + down)));
    let attention = count(c.n_embd, 3 * c.n_embd) + count(c.n_embd, c.n_embd);
    let block = 4 * c.n_embd + attention + up + down;
    o.text("block", thousands(block));
    let share = 100.0 * (up + down) as f64 / block as f64;
    o.text("share in percent", format!("{share:.1}"));
}

fn at(x: f64, device: &Device) -> f32 {
    gelu(Tensor::<1>::from_data([x], device)).into_scalar()
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter().collect()
}

/// In steps of a thousandth.
fn grid(low: f64, high: f64) -> Vec<f64> {
    let steps = ((high - low) * 1000.0) as usize;
    (0..=steps).map(|i| low + i as f64 / 1000.0).collect()
}
