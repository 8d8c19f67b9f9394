//! The way back: how much of the gradient reaches the bottom.
//!
//! Ask: Each of 24 sublayers multiplies what it is given by 0.1. Without `x +`, and without
//! a norm, the gradient at the bottom is 0.1 to the power of 24. How large with `x +`?

use crate::s03_layer_norm::LayerNorm;
use crate::s08_residual::residual;
use kit::Observer;
use kit::tensor::{Tensor, TensorData};

const WIDTH: usize = 12;

/// Prints the mean size of the gradient at the first x.
pub fn observe(o: &mut Observer) {
    let device = o.device().autodiff();
    let norm = LayerNorm::new(WIDTH, 1e-5, &device);
    let data = |from| TensorData::new(spread(from, 10 * WIDTH), [2, 5, WIDTH]);
    let mut least = f32::INFINITY;
    println!("sublayers   with `x +`   multiplied only");
    for depth in [1, 2, 4, 8, 16, 24] {
        let gradient = |layer: &dyn Fn(Tensor<3>) -> Tensor<3>| -> f32 {
            let first = Tensor::<3>::from_data(data(0), &device).require_grad();
            let last = (0..depth).fold(first.clone(), |x, _| layer(x));
            let loss = (last * Tensor::from_data(data(1000), &device) * 4.0).sum();
            match first.grad(&loss.backward()) {
                Some(gradient) => gradient.abs().mean().into_scalar(),
                None => 0.0,
            }
        };
        let with = gradient(&|x| residual(x, &norm, |given| given * 0.1));
        let without = gradient(&|x| x * 0.1);
        least = if with.is_nan() { with } else { least.min(with) };
        println!("{depth:9} {with:12.4} {without:17.0e}");
    }
    if least.is_nan() || least < 0.5 {
        println!("\nWith `x +`, the gradient should reach the bottom whole, and more. With your");
        println!("residual it falls to {least:.4}: `tutor run s08` says more.");
    }
}

/// Numbers that look random and are the same everywhere, in -0.5..0.5.
fn spread(from: usize, count: usize) -> Vec<f32> {
    let number = |i: usize| ((i as f64).sin() * 43758.5453).rem_euclid(1.0) - 0.5;
    (from..from + count).map(|i| number(i) as f32).collect()
}
