//! The tanh form of GELU against the erf form.
//!
//! Ask: the two forms look alike on any plot. At which x between -5 and 5 do
//! they differ most, and by roughly how much?

use crate::s04_mlp::gelu;
use kit::Observer;
use kit::tensor::{Tensor, activation};

/// Prints both and their difference.
pub fn observe(o: &mut Observer) {
    let xs: Vec<f32> = (0..=14).map(|i| -3.5 + i as f32 * 0.5).collect();
    let x = Tensor::<1>::from_data(xs.as_slice(), &o.device());
    let tanh: Vec<f32> = gelu(x.clone()).into_data().iter().collect();
    let erf: Vec<f32> = activation::gelu(x).into_data().iter().collect();
    let mut largest = 0.0_f32;
    println!("   x       yours   with erf   difference");
    for ((x, yours), exact) in xs.iter().zip(&tanh).zip(&erf) {
        let difference = yours - exact;
        // A NaN stays: no comparison finds anything larger.
        if difference.is_nan() || difference.abs() > largest {
            largest = difference.abs();
        }
        let bar = "█".repeat((difference.abs() / 2e-5).round().min(30.0) as usize);
        let line = format!("{x:>4.1} {yours:>11.5} {exact:>10.5} {difference:>12.5}  {bar}");
        println!("{}", line.trim_end());
    }
    println!();
    if (3e-4..5e-4).contains(&largest) {
        println!(
            "The difference is less than half a thousandth. No plot shows it, but it is larger"
        );
        println!("than what the check tolerates.");
    } else if largest < 1e-5 {
        println!(
            "There is no difference: yours is the erf form. GPT-2 uses the other one, and the"
        );
        println!("check tells them apart: `tutor run s04` says more.");
    } else {
        println!("The two forms differ by less than half a thousandth. Yours is {largest:.5} off");
        println!("the erf form somewhere, so it is neither: `tutor run s04` says more.");
    }
}
