//! The way back: how much of the gradient reaches the bottom.
//!
//! Ask: each of 24 sublayers multiplies what it is given by 0.1. There may be a norm before it or
//! not, and `x +` around it or not. In which of the four networks does the gradient vanish?

use crate::s03_layer_norm::LayerNorm;
use crate::s08_residual::residual;
use kit::Observer;
use kit::tensor::{Tensor, TensorData};

const WIDTH: usize = 12;

/// Prints the mean size of the gradient at the first x, as a multiple of that at the last.
pub fn observe(o: &mut Observer) {
    let device = o.device().autodiff();
    let norm = LayerNorm::new(WIDTH, 1e-5, &device);
    let data = |from| TensorData::new(spread(from, 10 * WIDTH), [2, 5, WIDTH]);
    let slopes = Tensor::<3>::from_data(data(1000), &device);
    let top: f32 = slopes.clone().abs().mean().into_scalar();
    let mut yours = Vec::new();
    println!("               with `x +`            without");
    println!("sublayers      norm   no norm      norm   no norm");
    for depth in [1, 2, 4, 8, 16, 24] {
        let gradient = |layer: &dyn Fn(Tensor<3>) -> Tensor<3>| -> f32 {
            let first = Tensor::<3>::from_data(data(0), &device).require_grad();
            let last = (0..depth).fold(first.clone(), |x, _| layer(x));
            let loss = (last * slopes.clone()).sum();
            let bottom = first.grad(&loss.backward());
            bottom.map_or(0.0, |gradient| {
                gradient.abs().mean().into_scalar::<f32>() / top
            })
        };
        let both = gradient(&|x| residual(x, &norm, |given| given * 0.1));
        let sum_alone = gradient(&|x| x.clone() + x * 0.1);
        let norm_alone = gradient(&|x| norm.forward(x) * 0.1);
        let neither = gradient(&|x| x * 0.1);
        println!("{depth:9} {both:9.2} {sum_alone:9.2} {norm_alone:9.2} {neither:9.0e}");
        yours.push(both);
    }
    println!();
    if yours.iter().all(|times| (0.9..100.0).contains(times)) {
        println!(
            "The gradient vanishes only where both are missing. The norm alone keeps it, since"
        );
        println!("it enlarges what has become small. `x +` alone keeps it, since each slope is 1");
        println!("and a little more. What only `x +` keeps is x itself: `tutor try s08 depth`.");
    } else {
        println!(
            "In the first column, that of your residual, the gradient should reach the bottom"
        );
        println!("whole, and somewhat enlarged: `tutor run s08` says more.");
    }
}

/// Numbers that look random and are the same everywhere, in -0.5..0.5.
fn spread(from: usize, count: usize) -> Vec<f32> {
    let number = |i: usize| ((i as f64).sin() * 43758.5453).rem_euclid(1.0) - 0.5;
    (from..from + count).map(|i| number(i) as f32).collect()
}
