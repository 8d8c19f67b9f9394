//! Twenty-four sublayers deep: with the residual connection, and without.
//!
//! Ask: x passes 24 random sublayers, each behind a norm. How much of x is left at the end (cosine
//! with the first x: 1 is all, 0 is nothing) with `x +`, and how much without it?

use crate::s03_layer_norm::LayerNorm;
use crate::s08_residual::residual;
use kit::Observer;
use kit::tensor::activation::tanh;
use kit::tensor::{Tensor, TensorData};

const WIDTH: usize = 48;

/// Prints what is left of x after 0, 1, 2, 4, 8, 16, 24 sublayers.
pub fn observe(o: &mut Observer) {
    let norm = LayerNorm::new(WIDTH, 1e-5, &o.device());
    let tensor = |from, rows: usize| -> Tensor<3> {
        let data = TensorData::new(spread(from, rows * WIDTH), [1, rows, WIDTH]);
        Tensor::from_data(data, &o.device())
    };
    let first = tensor(0, 6) * 6.0;
    let (mut kept, mut replaced) = (first.clone(), first.clone());

    println!("           with `x +`                     without");
    println!("sublayers  deviation  cosine              deviation  cosine");
    for depth in 0..=24 {
        if depth > 0 {
            let weight = tensor(10_000 * depth, WIDTH) * 0.5;
            let sublayer = |x: Tensor<3>| tanh(x.matmul(weight.clone()));
            kept = residual(kept, &norm, sublayer);
            replaced = sublayer(norm.forward(replaced));
        }
        if [0, 1, 2, 4, 8, 16, 24].contains(&depth) {
            let (with, without) = (cosine(&kept, &first), cosine(&replaced, &first));
            let line = format!(
                "{depth:9} {:10.2} {with:7.2}  {:<10} {:10.2} {without:7.2}  {}",
                deviation(&kept),
                bar(with),
                deviation(&replaced),
                bar(without)
            );
            println!("{}", line.trim_end());
        }
    }
    let (with, without) = (cosine(&kept, &first), cosine(&replaced, &first));
    if with.is_nan() || with < without.abs() + 0.2 {
        println!(
            "\nWith `x +`, a good part of x should be left at the end, without it next to none."
        );
        println!(
            "Beside your residual, the cosines are {with:.2} and {without:.2}: `tutor run s08`"
        );
        println!("says more.");
    }
}

fn deviation(x: &Tensor<3>) -> f32 {
    x.clone().square().mean().sqrt().into_scalar()
}

fn cosine(a: &Tensor<3>, b: &Tensor<3>) -> f32 {
    let product: f32 = (a.clone() * b.clone()).mean().into_scalar();
    // Adding 0.0 after rounding turns -0.00 into 0.00.
    (product / (deviation(a) * deviation(b)) * 100.0).round() / 100.0 + 0.0
}

fn bar(share: f32) -> String {
    "█".repeat((share.max(0.0) * 10.0).round() as usize)
}

/// Numbers that look random and are the same everywhere, in -0.5..0.5.
fn spread(from: usize, count: usize) -> Vec<f32> {
    let number = |i: usize| ((i as f64).sin() * 43758.5453).rem_euclid(1.0) - 0.5;
    (from..from + count).map(|i| number(i) as f32).collect()
}
