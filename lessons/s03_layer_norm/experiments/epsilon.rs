//! When epsilon shows.
//!
//! Ask: 1, 2, 3, 4 is made ten times smaller, again and again. The norm should
//! bring each to a deviation of 1. At which size does it no longer do so?

use crate::s03_layer_norm::LayerNorm;
use kit::Observer;
use kit::tensor::Tensor;

/// Prints the deviation after the norm of smaller and smaller vectors.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let norm = LayerNorm::new(4, 1e-5, &device);
    let mut deviations = Vec::new();
    println!("channels               variance   deviation after the norm");
    for power in 0..7 {
        let scale = 10_f64.powi(-power);
        let x = Tensor::<1>::from_data([1.0, 2.0, 3.0, 4.0], &device) * scale;
        let y: Vec<f32> = norm.forward(x).into_data().iter().collect();
        let mean = y.iter().sum::<f32>() / 4.0;
        let deviation = (y.iter().map(|y| (y - mean).powi(2)).sum::<f32>() / 4.0).sqrt();
        deviations.push(deviation);
        let bar = "█".repeat((deviation * 30.0).round().clamp(0.0, 40.0) as usize);
        let places = power as usize;
        let channels = format!("{scale:.places$} to {:.places$}", 4.0 * scale);
        let variance = 1.25 * scale * scale;
        let line = format!("{channels:<21} {variance:>9.2e}   {deviation:.3}  {bar}");
        println!("{}", line.trim_end());
    }
    println!();
    let (first, last) = (deviations[0], deviations[deviations.len() - 1]);
    if (first - 1.0).abs() < 0.01 && last < 0.01 {
        println!("epsilon is 1e-5. Where the deviation is far below its root, 0.003, the norm no");
        println!("longer brings it to 1: such small differences are not enlarged.");
    } else {
        println!("epsilon is 1e-5: a deviation far above its root, 0.003, should become 1, and");
        println!("one far below it nearly 0. With your norm the largest becomes {first:.3}, and");
        println!("the smallest {last:.3}: `tutor run s03` says more.");
    }
}
