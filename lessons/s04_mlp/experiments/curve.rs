//! GELU against ReLU.
//!
//! Ask: ReLU, another activation, is 0 for negative x and x for positive. Where does GELU differ from
//! it? Is it above or below, and by how much at most?

use crate::s04_mlp::gelu;
use kit::Observer;
use kit::tensor::{Tensor, activation};

const COLUMNS: usize = 61;

/// Plots both from -3 to 3.
pub fn observe(o: &mut Observer) {
    let xs: Vec<f32> = (0..COLUMNS).map(|i| -3.0 + i as f32 * 0.1).collect();
    let x = Tensor::<1>::from_data(xs.as_slice(), &o.device());
    let yours: Vec<f32> = gelu(x.clone()).into_data().iter().collect();
    let relu: Vec<f32> = activation::relu(x).into_data().iter().collect();
    // Rows of 0.25, from 3 down to -0.5.
    let row = |y: f32| ((3.0 - y) / 0.25).round() as isize;
    for line in 0..15 {
        let level = 3.0 - line as f32 * 0.25;
        let label = if line % 4 == 0 {
            format!("{level:>4.1}")
        } else {
            "    ".into()
        };
        let marks: String = (0..COLUMNS)
            .map(|i| match (row(yours[i]) == line, row(relu[i]) == line) {
                (true, true) => '▓',
                (true, false) => '█',
                (false, true) => '░',
                _ => ' ',
            })
            .collect();
        println!("{}", format!("{label} | {marks}").trim_end());
    }
    println!("      -3{:>30}{:>30}", "0", "3");
    println!("█ yours   ░ ReLU   ▓ both");
    let fine: Vec<f32> = (0..=60).map(|i| -3.0 + i as f32 * 0.05).collect();
    let low = gelu(Tensor::<1>::from_data(fine.as_slice(), &o.device()));
    let low: Vec<f32> = low.into_data().iter().collect();
    let lowest = (0..low.len()).fold(0, |best, i| if low[i] < low[best] { i } else { best });
    let (x, y) = (fine[lowest], low[lowest]);
    if low.iter().any(|y| y.is_nan()) {
        println!("Yours is not a number somewhere up to 0: `tutor run s04` says more.");
    } else if y < 0.0 && y > low[0] - 1e-6 {
        println!("Up to 0, yours is lowest at the left edge, where it is {y:.4}. GELU comes");
        println!("back to 0 there: `tutor run s04` says more.");
    } else if y < 0.0 {
        println!("Up to 0, yours is lowest near x = {x:.2}, where it is {y:.4}.");
    } else {
        println!("Up to 0, yours is nowhere below 0. GELU is: `tutor run s04` says more.");
    }
}
