//! How the model learned that comes with the course.

#[path = "../../figures.rs"]
mod figures;

use std::io::Read;

use figures::{figure, line, panel, text};
use kit::Observer;

/// Where `tutor train` draws its axes: left, top, right and bottom, in pixels.
const AXES: [f32; 4] = [56.0, 16.0, 704.0, 320.0];

/// Reads the curve that `tutor train` drew beside the model, and describes a part of its points.
pub fn observe(o: &mut Observer) {
    let mut drawn = String::new();
    let mut file = o.asset("model/loss.svg");
    file.read_to_string(&mut drawn).expect("it is text");
    let labels = |anchor: &str| -> Vec<f32> {
        let texts = drawn
            .split("<text ")
            .skip(1)
            .filter(|text| text.contains(anchor));
        texts
            .filter_map(|text| between(text, ">", "<")?.parse().ok())
            .collect()
    };
    let (losses, steps) = (labels("\"end\""), labels("\"middle\""));
    let ends = |values: &[f32]| [values[0], values[values.len() - 1]];
    let ([low, high], [_, last]) = (ends(&losses), ends(&steps));
    let points = |class: &str| -> Vec<(f32, f32)> {
        let line = drawn
            .split(&format!("class=\"{class}\" points=\""))
            .nth(1)
            .unwrap_or("");
        let pairs = line.split('"').next().unwrap_or("").split(' ');
        let [left, top, right, bottom] = AXES;
        let point = |pair: &str| {
            let (x, y) = pair.split_once(',')?;
            let (x, y): (f32, f32) = (x.parse().ok()?, y.parse().ok()?);
            let step = ((x - left) / (right - left) * last).round();
            Some((step, low + (bottom - y) / (bottom - top) * (high - low)))
        };
        pairs.filter_map(point).collect()
    };
    let training = thinned(&points("training"));
    let validation = points("validation");
    let (begin, end) = (training[0], training[training.len() - 1]);
    let held_back = validation[validation.len() - 1];
    figure(
        "The loss of the course's own small model",
        &format!(
            "The loss in nats a character over {last:.0} steps. On the batches it was trained on it \
             falls from {:.1} at the start, steeply first, then ever more slowly, to about {:.1}. \
             On the text that was held back it ends at {:.1}.",
            begin.1, end.1, held_back.1
        ),
    );
    panel("curves", "The loss in nats a character");
    text("x", "step");
    text("y", "nats");
    line("on the batches, mean of twenty", &training, 2);
    line("on the text held back", &validation, 2);
}

/// Means of twenty points each; the first stays, since it is where all begins.
fn thinned(points: &[(f32, f32)]) -> Vec<(f32, f32)> {
    let mean = |part: &[(f32, f32)], pick: fn(&(f32, f32)) -> f32| {
        part.iter().map(pick).sum::<f32>() / part.len() as f32
    };
    let means = points
        .chunks(20)
        .map(|part| (mean(part, |p| p.0).round(), mean(part, |p| p.1)));
    points.first().copied().into_iter().chain(means).collect()
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(from)?;
    Some(rest.split_once(to)?.0)
}
