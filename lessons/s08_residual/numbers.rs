//! Recomputes every number of lesson 08.

#[path = "../running.rs"]
mod running;

use crate::s03_layer_norm::LayerNorm;
use crate::s08_residual::residual;
use kit::Observer;
use kit::tensor::{Tensor, TensorData};
use running::{LAST, Running, TEXT, channels, deviations, floats, written};

/// Attention and an MLP in each of the twelve blocks of GPT-2 small.
const SUBLAYERS: u32 = 24;

/// Records the numbers as the lesson writes them.
pub fn observe(o: &mut Observer) {
    o.group("by hand", |o| {
        let norm = LayerNorm::new(4, 1e-5, &o.device());
        let x = Tensor::<3>::from_data([[[1.0, 2.0, 3.0, 4.0]]], &o.device());
        let normalised = norm.forward(x.clone());
        numbers(o, "norm(x)", normalised.clone());
        numbers(o, "halved", normalised.clone() * 0.5);
        let output = residual(x.clone(), &norm, |given| given * 0.5);
        numbers(o, "x + sublayer(norm(x))", output);
        numbers(o, "norm(x) + sublayer(norm(x))", normalised * 1.5);
        numbers(o, "norm(x + sublayer(x))", norm.forward(x * 1.5));
    });
    o.group("the running example", running_example);
    o.group("the way back", |o| {
        let path = |slope: f64| slope.powi(SUBLAYERS as i32);
        o.text("slope", 0.1);
        o.text("slope with x", 1.0 + 0.1);
        o.text("slopes with x", format!("{:.2}", path(1.1)));
        o.text("slopes without x", format!("{:.0e}", path(0.1)));
        o.text("a slope of -1 with x", 1.0 - 1.0);
        gradients(o);
    });
    o.group("how x grows", |o| {
        let deviation = (1.0 + f64::from(SUBLAYERS)).sqrt();
        o.text("deviation", format!("{deviation:.1}"));
        let factor = 1.0 / f64::from(SUBLAYERS).sqrt();
        o.text("GPT-2's factor", format!("{factor:.4}"));
        o.text("std", 0.02);
        o.text("std, scaled", format!("{:.4}", 0.02 * factor));
        let deviation = (1.0 + f64::from(SUBLAYERS) * factor * factor).sqrt();
        o.text("deviation, scaled", format!("{deviation:.4}"));
        let half = 0.5_f64.powi(12);
        o.text("half", 0.5);
        o.text("halved twelve times", format!("{half:.4}"));
        o.text("divided by twelve", format!("{:.6}", 1.0 / 12.0));
        let added = 1.0 + f64::from(SUBLAYERS) * factor;
        o.text("deviations added up", format!("{added:.3}"));
    });
}

/// Both sums of the small model's first block. The sublayers' answers come from the running example.
fn running_example(o: &mut Observer) {
    let running = Running::open(o);
    let stages = running.read(TEXT);
    let block = &stages.blocks[0];
    let [_, n_embd] = stages.sum.dims();
    let norm = |part| {
        let fresh = LayerNorm::new(n_embd, 1e-5, &o.device());
        running.stored.filled(&Running::path(0, part), fresh)
    };
    let (ln_1, ln_2) = (norm("ln_1"), norm("ln_2"));
    let mut given = Vec::new();
    let mut answers = |answer: &Tensor<2>, x: Tensor<3>| {
        given.push(x.squeeze_dim::<2>(0));
        answer.clone().unsqueeze()
    };
    let x = stages.sum.clone().unsqueeze();
    let x_1 = residual(x, &ln_1, |x| answers(&block.attended, x));
    let x_2 = residual(x_1.clone(), &ln_2, |x| answers(&block.answer, x));
    let [x_1, x_2] = [x_1, x_2].map(|x| x.squeeze_dim::<2>(0));
    channels(o, "the stream", &stages.sum);
    for given in &given {
        channels(o, "given to the sublayer", given);
    }
    for (what, x) in [
        ("the stream", &stages.sum),
        ("attention's answer", &block.attended),
        ("with attention", &x_1),
        ("the MLP's answer", &block.answer),
        ("with both", &x_2),
    ] {
        channels(o, what, x);
        o.text(&format!("deviation: {what}"), written(deviations(x)[LAST]));
        let first = floats(x.clone().narrow(0, LAST, 1))[0];
        o.text(&format!("{what}, not so rounded"), format!("{first:.4}"));
        o.text(&format!("{what}, size"), format!("{:.2}", first.abs()));
        o.text(&format!("{what}, size"), format!("{:.4}", first.abs()));
    }
}

/// The mean size of the gradient at the bottom, as a multiple of that at the top: with the norm and
/// `x +`, with one of them, and with neither.
fn gradients(o: &mut Observer) {
    let device = o.device().autodiff();
    let norm = LayerNorm::new(12, 1e-5, &device);
    let tensor = |from: usize| -> Tensor<3> {
        let number = |i: usize| ((i as f64).sin() * 43758.5453).rem_euclid(1.0) - 0.5;
        let values: Vec<f32> = (from..from + 120).map(|i| number(i) as f32).collect();
        Tensor::from_data(TensorData::new(values, [2, 5, 12]), &device)
    };
    let slopes = tensor(1000);
    let top: f32 = slopes.clone().abs().mean().into_scalar();
    let gradient = |layer: &dyn Fn(Tensor<3>) -> Tensor<3>| -> f32 {
        let first = tensor(0).require_grad();
        let last = (0..SUBLAYERS).fold(first.clone(), |x, _| layer(x));
        let bottom = first.grad(&(last * slopes.clone()).sum().backward());
        bottom.map_or(0.0, |gradient| gradient.abs().mean().into_scalar()) / top
    };
    let both = gradient(&|x| residual(x, &norm, |given| given * 0.1));
    o.text("norm and x +", format!("{both:.2}"));
    let sum = gradient(&|x| x.clone() + x * 0.1);
    o.text("x + alone", format!("{sum:.2}"));
    let norm = gradient(&|x| norm.forward(x) * 0.1);
    o.text("norm alone", format!("{norm:.2}"));
    let neither = gradient(&|x| x * 0.1);
    o.text("neither", format!("{neither:.0e}"));
}

fn numbers(o: &mut Observer, name: &str, tensor: Tensor<3>) {
    for value in tensor.try_into_vec_as::<f32>().unwrap_or_default() {
        o.text(name, format!("{value:.4}"));
    }
}
