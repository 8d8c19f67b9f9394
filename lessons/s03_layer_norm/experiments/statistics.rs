//! Mean and deviation before and after the norm.
//!
//! Ask: one vector is multiplied by 100, another copy is shifted by 100. How
//! do mean, deviation and first channel of their norms differ?

use crate::s03_layer_norm::LayerNorm;
use kit::Observer;
use kit::tensor::Tensor;

/// Prints the statistics of a few vectors and of their norms.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let norm = LayerNorm::new(8, 1e-5, &device);
    let x = Tensor::<1>::from_data([0.3, -1.2, 2.1, 0.8, -0.4, 1.7, -2.0, 0.5], &device);
    let mut beside_the_outlier = (f32::NAN, f32::NAN);
    println!("                      before                after");
    println!("                      mean   deviation      mean   deviation   first");
    for (name, x) in [
        ("a vector", x.clone()),
        ("100 times larger", x.clone() * 100.0),
        ("shifted by 100", x.clone() + 100.0),
        ("negated", -x.clone()),
        (
            "channel 2 is 50",
            x.slice_assign([2..3], Tensor::full([1], 50.0, &device)),
        ),
        ("all channels 7", Tensor::full([8], 7.0, &device)),
    ] {
        let (mean, deviation) = statistics(&x);
        let y = norm.forward(x);
        let (new_mean, new_deviation) = statistics(&y);
        if name == "channel 2 is 50" {
            let others = Tensor::cat(vec![y.clone().slice([0..2]), y.clone().slice([3..8])], 0);
            beside_the_outlier = (new_deviation, statistics(&others).1);
        }
        let first = y.slice([0..1]).into_scalar::<f32>();
        println!(
            "{name:<18} {mean:>7.2}   {deviation:>9.2}   {:>7.2}   {:>9.2}  {:>6.2}",
            without_zeros_sign(new_mean),
            new_deviation,
            without_zeros_sign(first)
        );
    }
    println!();
    let (all, others) = beside_the_outlier;
    if (all - 1.0).abs() < 0.01 && others < 0.2 {
        println!("One outlier leaves little room for the others: nearly all of the variance of 1");
        println!("is due to it.");
    } else {
        println!("With the outlier, the deviation after your norm is {all:.2}, and that of the");
        println!("other channels {others:.2}. A norm makes the first one 1, which leaves little");
        println!("for the second one: `tutor run s03` says more.");
    }
}

fn statistics(x: &Tensor<1>) -> (f32, f32) {
    let values: Vec<f32> = x.to_data().iter().collect();
    let n = values.len() as f32;
    let mean = values.iter().sum::<f32>() / n;
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / n;
    (mean, variance.sqrt())
}

/// A rounded -0 is written without its sign.
fn without_zeros_sign(x: f32) -> f32 {
    if x.abs() < 0.005 { 0.0 } else { x }
}
