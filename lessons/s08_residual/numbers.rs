//! Recomputes every number of lesson 08.

use crate::s03_layer_norm::LayerNorm;
use crate::s08_residual::residual;
use kit::Observer;
use kit::tensor::Tensor;

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
        let zeros = (0..)
            .take_while(|n| path(0.1) * 10_f64.powi(n + 1) < 0.9)
            .count();
        o.text("zeros after the point", zeros);
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

fn numbers(o: &mut Observer, name: &str, tensor: Tensor<3>) {
    for value in tensor.try_into_vec_as::<f32>().unwrap_or_default() {
        o.text(name, format!("{value:.4}"));
    }
}
