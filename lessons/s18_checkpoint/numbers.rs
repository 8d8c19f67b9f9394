//! The numbers of lesson 18.

use crate::s01_config::GptConfig;
use crate::s16_optimizer::{AdamWConfig, Moments, adamw_update};
use crate::s18_checkpoint::{Weights, write_tensors};
use kit::Observer;
use kit::tensor::{Tensor, TensorData, f16};

/// Recomputes the weight that is resumed, the small file, and the sizes of files.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        resumed(o);
        file(o);
        sizes(o);
    });
}

fn resumed(o: &mut Observer) {
    let config = AdamWConfig::default();
    o.text("beta_1", config.beta_1);
    o.text("beta_2", config.beta_2);
    let (one, none) = (Tensor::<1>::ones([1], &o.device()), Tensor::zeros([1], &o.device()));
    let nothing = Moments {
        first: none.clone(),
        second: none.clone(),
    };
    let step = |moments: &Moments, step| {
        let gradient = one.clone();
        // A parameter of 0 and a rate of 1: what is left is the step, with the other sign.
        let (after, moments) =
            adamw_update(none.clone(), gradient, moments.clone(), step, 1.0, 0.0, &config);
        (-after.into_scalar::<f64>(), moments)
    };
    let mut whole = nothing.clone();
    for count in 1..=20 {
        whole = step(&whole, count).1;
    }
    for (moments, count) in [(&whole, 21), (&nothing, 21), (&nothing, 1)] {
        let (size, moments) = step(moments, count);
        let (first, second) = (moments.first.into_scalar::<f64>(), moments.second.into_scalar::<f64>());
        let kept = [config.beta_1, config.beta_2].map(|beta| 1.0 - beta.powi(count as i32));
        for number in [first, second, first / kept[0], second / kept[1], kept[0], kept[1], size] {
            o.text("a step", format!("{number:.4}"));
        }
    }
}

fn file(o: &mut Observer) {
    let mut tensors = Weights::new();
    tensors.insert("a".to_owned(), TensorData::new(vec![1.0_f32, -2.0], [2]));
    if let Ok(file) = write_tensors(&tensors, &[]) {
        o.text("bytes of the file", file.len());
        o.text("bytes of its header", file[0]);
        let text = String::from_utf8_lossy(&file).into_owned();
        let offsets = text.split(['[', ']']).nth(1);
        o.text("data_offsets", offsets.unwrap_or_default());
    }
    o.text("1", format!("{:x}", 1.0_f32.to_bits()));
    o.text("1 as F16", format!("{:x}", f16::from_f32(1.0).to_bits()));
}

fn sizes(o: &mut Observer) {
    let config = GptConfig::gpt2();
    let weights = 4 * config.num_params();
    let masks = config.n_layer * 4 * config.n_positions * config.n_positions;
    o.text("n_positions", config.n_positions);
    for bytes in [weights, 2 * weights, masks, weights + masks, 3 * weights, 6 * weights] {
        o.text("bytes", thousands(bytes));
        o.text("millions", format!("{:.0}", bytes as f64 / 1e6));
    }
}

/// 1234567 as `1,234,567`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}
