//! GELU beside ReLU, and its two forms beside each other.

#[path = "../../figures.rs"]
mod figures;

use crate::s04_mlp::gelu;
use figures::{figure, line, panel, text};
use kit::Observer;
use kit::tensor::{Tensor, activation};

/// Describes the curves, and the difference of the two forms.
pub fn observe(o: &mut Observer) {
    let xs: Vec<f32> = (-40..=40).map(|i| i as f32 / 10.0).collect();
    let x = Tensor::<1>::from_data(xs.as_slice(), &o.device());
    let tanh = values(gelu(x.clone()));
    let erf = values(activation::gelu(x.clone()));
    let relu = values(activation::relu(x));
    let difference: Vec<f32> = tanh
        .iter()
        .zip(&erf)
        .map(|(a, b)| (a - b) * 1000.0)
        .collect();
    let at = |values: &[f32], pick: fn(f32, f32) -> bool| {
        let better = |best: usize, i: usize| {
            if pick(values[i], values[best]) {
                i
            } else {
                best
            }
        };
        (1..values.len()).fold(0, better)
    };
    let (lowest, widest) = (at(&tanh, |a, b| a < b), at(&difference, |a, b| a > b));
    figure(
        "GELU",
        &format!(
            "On the left GELU and ReLU over x from -4 to 4. ReLU is 0 up to 0 and x from there on; \
             GELU goes along with it far out, and dips to {:.2} near x = {:.1}. On the right the \
             tanh form of GELU minus the erf form, in thousandths: a wave that stays within half a \
             thousandth, largest near x = {:.1} and x = {:.1}.",
            tanh[lowest],
            xs[lowest],
            xs[widest].abs(),
            -xs[widest].abs()
        ),
    );
    panel("curves", "GELU and ReLU");
    text("x", "x");
    text("y", "f(x)");
    curve("GELU, tanh form", &xs, &tanh, 3);
    curve("ReLU", &xs, &relu, 3);
    panel("curves", "tanh form − erf form");
    text("x", "x");
    text("y", "thousandths");
    curve("difference", &xs, &difference, 2);
}

fn curve(name: &str, xs: &[f32], ys: &[f32], digits: usize) {
    let points: Vec<(f32, f32)> = xs.iter().copied().zip(ys.iter().copied()).collect();
    line(name, &points, digits);
}

fn values(tensor: Tensor<1>) -> Vec<f32> {
    tensor.try_into_vec_as().unwrap_or_default()
}
