//! The same logits at three temperatures.

#[path = "../../figures.rs"]
mod figures;

use crate::s12_generation::next_token_probabilities;
use figures::{figure, numbers, panel, text};
use kit::Observer;
use kit::tensor::Tensor;

const LOGITS: [f32; 8] = [3.0, 2.5, 2.0, 1.5, 1.0, 0.5, 0.0, -1.0];
const TEMPERATURES: [f64; 4] = [0.5, 1.0, 2.0, 10.0];

/// Describes the probabilities of eight tokens.
pub fn observe(o: &mut Observer) {
    let logits = Tensor::<2>::from_data([LOGITS], &o.device());
    let probabilities = TEMPERATURES.map(|temperature| -> Vec<f32> {
        let found = next_token_probabilities(logits.clone(), temperature);
        found.try_into_vec_as().unwrap_or_default()
    });
    let first = |i: usize| probabilities[i].first().copied().unwrap_or(f32::NAN);
    figure(
        "Temperature",
        &format!(
            "The probabilities of eight tokens with logits from 3 down to -1, as bars, at four \
             temperatures. At 0.5 the likeliest has {:.2}, at 1 {:.2}, at 2 {:.2}, and at 10 {:.2}: \
             there all eight are nearly as likely. Their order is the same at every temperature.",
            first(0),
            first(1),
            first(2),
            first(3)
        ),
    );
    let names: Vec<String> = LOGITS
        .iter()
        .map(|logit| format!("logit {logit:.1}"))
        .collect();
    for (temperature, values) in TEMPERATURES.iter().zip(&probabilities) {
        panel("bars", &format!("temperature {temperature}"));
        text("names", &names);
        text("digits", 3);
        text("full", 0.7);
        numbers("values", values, 4);
    }
}
