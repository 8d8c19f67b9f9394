//! Recomputes every number of lesson 08.

use crate::s03_layer_norm::LayerNorm;
use crate::s08_residual::residual;
use kit::Observer;
use kit::tensor::{Tensor, TensorData};

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
    });
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
