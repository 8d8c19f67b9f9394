//! Why the maximum is subtracted first.
//!
//! Ask: a row has the logits x, x - 1 and x - 2. Its log-sum-exp is x + 0.4076, whatever x is. From
//! which x on does ln(e^x + e^(x-1) + e^(x-2)), computed without the maximum, fail in an f32? And below which?

use crate::s13_loss::log_sum_exp;
use kit::Observer;
use kit::tensor::Tensor;

/// Prints both forms for logits of all sizes.
pub fn observe(o: &mut Observer) {
    let mut is_right = true;
    println!("         x   as it stands       yours   expected");
    for x in [
        0.0, 10.0, 80.0, 88.0, 89.0, 1000.0, 10000.0, -80.0, -100.0, -110.0, -10000.0,
    ] {
        let logits = Tensor::<2>::from_data([[x, x - 1.0, x - 2.0]], &o.device());
        let plain: f32 = logits.clone().exp().sum_dim(1).log().into_scalar();
        let yours: f32 = log_sum_exp(logits).into_scalar();
        let expected = x + 0.4076;
        println!("  {x:>8.0}   {plain:>12.4}  {yours:>10.2}   {expected:>8.2}");
        is_right &= (f64::from(yours) - expected).abs() < 0.01;
    }
    println!();
    if is_right {
        println!(
            "An f32 ends near 3.4e38, which is e to the power of 88.7, and has nothing between"
        );
        println!(
            "1.4e-45 and 0. With the maximum subtracted, one exponential is exactly 1: the sum"
        );
        println!("can neither overflow nor vanish.");
    } else {
        println!(
            "The last two columns should agree in every line. Yours do not: `tutor run s13` says"
        );
        println!("more.");
    }
}
