//! A function of two parameters.
//!
//! Ask: the loss is 50 x² + 0.5 y²: steep along x, nearly flat along y. From x = 1, y = 1,
//! plain gradient descent with rate 0.019 jumps from side to side. How do AdamW's first steps of
//! rate 0.1 differ along x and y? What changes without the running mean, and what without the correction?

use crate::s16_optimizer::{AdamWConfig, Moments, adamw_update};
use kit::Observer;
use kit::tensor::Tensor;

/// A step that has been taken so often is corrected no more: all powers are 0.
const LATE: usize = 1_000_000;

/// Prints the ways down, one parameter pair for each step that is shown.
pub fn observe(o: &mut Observer) {
    let settings = AdamWConfig {
        beta_1: 0.9,
        beta_2: 0.95,
        epsilon: 1e-8,
        weight_decay: 0.0,
    };
    let no_mean = AdamWConfig {
        beta_1: 0.0,
        ..settings.clone()
    };
    let mut ways = vec![descent()];
    for (config, from, decay) in [
        (&settings, 0, 0.0),
        (&no_mean, 0, 0.0),
        (&settings, LATE, 0.0),
        (&settings, 0, 1.0),
    ] {
        ways.push(walk(o, config, from, decay));
    }
    for heads in [
        ["plain", "", "no running", "not", "decay"],
        ["gradient", "AdamW", "mean", "corrected", "of 1"],
    ] {
        let step = if heads[1].is_empty() { "" } else { "step" };
        let heads = heads.map(|head| format!("{head:>10}"));
        println!("  {step:>4}      {}", heads.join("  "));
    }
    for step in [0, 1, 2, 3, 5, 10, 20, 40, 80] {
        for (axis, name) in ["x", "y"].iter().enumerate() {
            let values: Vec<String> = (ways.iter())
                .map(|way| format!("{:>10.4}", way[step][axis]))
                .collect();
            let step = if axis == 0 {
                step.to_string()
            } else {
                String::new()
            };
            println!("  {step:>4}   {name}  {}", values.join("  "));
        }
    }
    println!();
    let [plain, adamw, _, late, decayed] = [0, 1, 2, 3, 4].map(|i| &ways[i]);
    let is_even = (adamw[1][0] - 0.9).abs() < 1e-3 && (adamw[1][1] - 0.9).abs() < 1e-3;
    let is_short = (late[1][0] - 0.9553).abs() < 1e-3 && (late[1][1] - 0.9553).abs() < 1e-3;
    let is_decayed = (decayed[1][0] - 0.8).abs() < 1e-3;
    if is_even && is_short && is_decayed && plain[20][1] > 0.6 && adamw[20][1].abs() < 0.3 {
        println!("A gradient a hundred times as large makes the same steps: AdamW divides each");
        println!("by its own size. Plain descent needs a rate that is small enough for x, and is");
        println!(
            "slow along y. The running mean goes on past the bottom, as a rolling ball would."
        );
        println!("Without the correction the first step is 0.45 of what it should be; with a");
        println!("beta_2 of 0.999 it would be 3.2 times as long. The decay subtracts rate times");
        println!("decay times the value, whatever the gradient is.");
    } else {
        println!("AdamW's first step should be 0.1 along both, 0.2 with a decay of 1, and 0.0447");
        println!("without the correction. Yours are not: `tutor run s16` says more.");
    }
}

/// How steep the ground is.
fn slope([x, y]: [f32; 2]) -> [f32; 2] {
    [100.0 * x, y]
}

/// Plain gradient descent.
fn descent() -> Vec<[f32; 2]> {
    let mut way = vec![[1.0, 1.0]];
    for step in 0..80 {
        let [x, y] = way[step];
        let [along_x, along_y] = slope([x, y]);
        way.push([x - 0.019 * along_x, y - 0.019 * along_y]);
    }
    way
}

/// Updates that are counted from `from` on.
fn walk(o: &Observer, config: &AdamWConfig, from: usize, decay: f64) -> Vec<[f32; 2]> {
    let device = o.device();
    let pair = |values: [f32; 2]| Tensor::<1>::from_data(values, &device);
    let mut moments = Moments {
        first: pair([0.0, 0.0]),
        second: pair([0.0, 0.0]),
    };
    let mut way = vec![[1.0, 1.0]];
    for step in 0..80 {
        let at = way[step];
        let (next, after) = adamw_update(
            pair(at),
            pair(slope(at)),
            moments,
            from + step + 1,
            0.1,
            decay,
            config,
        );
        moments = after;
        let values: Vec<f32> = next.into_data().iter().collect();
        way.push([values[0], values[1]]);
    }
    way
}
