//! Every number of lesson 02.

#[path = "../common.rs"]
mod common;
#[path = "../running.rs"]
mod running;

use crate::s02_causal_mask::causal_mask;
use common::thousands;
use kit::Observer;
use kit::tensor::{Tensor, activation};
use running::{LAST, Running, TEXT, all_channels, floats, written};

/// Records them as they are written.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        let device = o.device();
        let scores = Tensor::<2>::from_data([[1.0, 2.0, 3.0]], &device);
        let masked = scores.clone() + causal_mask(3, 0, &device).slice([1..2]);
        let exp = values(masked.clone().exp());
        o.text("exp of the first", format!("{:.3}", exp[0]));
        o.text("exp of the second", format!("{:.3}", exp[1]));
        o.text("exp of the hidden one", exp[2]);
        o.text("total", format!("{:.3}", exp.iter().sum::<f32>()));
        record(o, "masked", &values(activation::softmax(masked, 1)));

        let plain = values(activation::softmax(scores.clone(), 1));
        record(o, "without a mask", &plain);
        o.text("struck out", format!("{:.3}", plain[0] + plain[1]));
        let all_hidden = values(activation::softmax(scores.clone() - 1e4, 1));
        record(o, "all hidden by -10,000", &all_hidden);
        o.text("the finite mask", "-10,000");
        o.text("OpenAI's finite mask", thousands(1e10 as usize));
        means(o, &scores);
        running_example(o);
        let nothing_left = values(activation::softmax(scores + f32::NEG_INFINITY, 1));
        o.text("all hidden by minus infinity", nothing_left[0]);

        // Largest finite number of half precision: all ten bits of the fraction set, exponent 15.
        let half = (2.0 - 2_f64.powi(-10)) * 2_f64.powi(15);
        o.text("half precision", thousands(half as usize));

        // GPT-2's n_positions, which step 01 holds.
        let n = 1024;
        o.text("n_positions", n);
        let hidden = causal_mask(n, 0, &device).is_inf().int().sum();
        o.text("hidden", thousands(hidden.into_scalar::<i64>() as usize));
        o.text("entries", thousands(n * n));
        o.text("half of them", thousands(n * n / 2));
        o.text("not hidden", thousands(n * (n + 1) / 2));
        o.text("hidden in the first row", n - 1);
    });
}

/// The two means of 2, 4 and 9, which the lesson writes as whole numbers; and that finite masks give
/// the same weights as minus infinity where a key is left.
fn means(o: &mut Observer, scores: &Tensor<2>) {
    let device = o.device();
    let means = |mask: Tensor<2>, second: f32| {
        let tokens = Tensor::<2>::from_data([[2.0], [second], [9.0]], &device);
        values(activation::softmax(mask, 1).matmul(tokens))
    };
    let all = means(Tensor::zeros([3, 3], &device), 4.0);
    let changed = means(Tensor::zeros([3, 3], &device), 7.0);
    let past = means(causal_mask(3, 0, &device), 4.0);
    o.text("mean of all", format!("{all:.0?}"));
    o.text("mean of all, 7 for 4", format!("{changed:.0?}"));
    o.text("mean up to itself", format!("{past:.0?}"));
    let hidden = causal_mask(3, 0, &device).slice([1..2]);
    let exact = values(activation::softmax(scores.clone() + hidden.clone(), 1));
    for finite in [-1e10, f64::from(f32::MIN)] {
        let mask = hidden
            .zeros_like()
            .mask_fill(hidden.clone().is_inf(), finite);
        let same = values(activation::softmax(scores.clone() + mask, 1)) == exact;
        o.text(&format!("{finite:e} gives the same weights"), same);
    }
}

/// What each character of the running example collects if all that it sees counts the same.
fn running_example(o: &mut Observer) {
    let stages = Running::open(o).read(TEXT);
    all_channels(o, "the stream", &stages.sum);
    let weights = activation::softmax(causal_mask(LAST + 1, 0, &o.device()), 1);
    all_channels(o, "collected", &weights.matmul(stages.sum));
    let first_head = floats(stages.blocks[0].weights.clone().narrow(0, 0, 1));
    let (m, last) = (LAST - 1, first_head.len() - LAST - 1);
    o.text("what `o` gives to `m`", written(first_head[last + m]));
}

fn record(o: &mut Observer, name: &str, weights: &[f32]) {
    for (i, weight) in weights.iter().enumerate() {
        o.text(&format!("{name}: {i}"), format!("{weight:.3}"));
    }
}

fn values(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}
