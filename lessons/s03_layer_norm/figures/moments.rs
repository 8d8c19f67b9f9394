//! A vector and its norm, with the two moments of each.

#[path = "../../figures.rs"]
mod figures;

use crate::s03_layer_norm::LayerNorm;
use figures::{figure, marks, numbers, panel, text};
use kit::Observer;
use kit::tensor::Tensor;

const CHANNELS: [f32; 8] = [1.3, -0.2, 3.1, 1.8, 0.6, 2.7, -1.0, 1.5];

/// Describes the channels before and after, each with mean and deviation.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let norm = LayerNorm::new(8, 1e-5, &device);
    let after = norm.forward(Tensor::<1>::from_data(CHANNELS, &device));
    let after: Vec<f32> = after.try_into_vec_as().unwrap_or_default();
    let [old, new] = [moments(&CHANNELS), moments(&after)];
    figure(
        "The two moments of a vector",
        &format!(
            "Eight channels as bars, before and after the norm. Before, their mean is {:.2} and \
             their deviation {:.2}; after it, {:.2} and {:.2}. The bars keep their order and the \
             ratios of their distances.",
            old.0,
            old.1,
            new.0.abs(),
            new.1
        ),
    );
    bars("before", &CHANNELS, old);
    bars("after", &after, new);
}

fn bars(title: &str, values: &[f32], (mean, deviation): (f32, f32)) {
    panel("bars", title);
    let names: Vec<String> = (0..values.len()).map(|i| format!("channel {i}")).collect();
    text("names", &names);
    text("digits", 2);
    numbers("values", values, 4);
    let all = [
        ("mean", mean),
        ("mean + deviation", mean + deviation),
        ("mean − deviation", mean - deviation),
    ];
    marks(&all, 4);
}

/// Mean and biased deviation.
fn moments(values: &[f32]) -> (f32, f32) {
    let n = values.len() as f32;
    let mean = values.iter().sum::<f32>() / n;
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / n;
    (mean, variance.sqrt())
}
