//! The numbers of lesson 18.

#[path = "../running.rs"]
mod running;

use crate::s01_config::GptConfig;
use crate::s16_optimizer::{AdamWConfig, Moments, adamw_update};
use crate::s18_checkpoint::{Weights, read_tensors, write_tensors};
use kit::Observer;
use kit::tensor::{Tensor, TensorData, f16};
use running::Running;
use std::io::Read;

/// Recomputes the weight that is resumed, the small file, and the sizes of files.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        resumed(o);
        file(o);
        running_example(o);
        sizes(o);
    });
}

fn resumed(o: &mut Observer) {
    let config = AdamWConfig::default();
    o.text("beta_1", config.beta_1);
    o.text("beta_2", config.beta_2);
    let (one, none) = (
        Tensor::<1>::ones([1], &o.device()),
        Tensor::zeros([1], &o.device()),
    );
    let nothing = Moments {
        first: none.clone(),
        second: none.clone(),
    };
    let step = |moments: &Moments, step| {
        let gradient = one.clone();
        // A parameter of 0 and a rate of 1: what is left is the step, with the other sign.
        let (after, moments) = adamw_update(
            none.clone(),
            gradient,
            moments.clone(),
            step,
            1.0,
            0.0,
            &config,
        );
        (-after.into_scalar::<f64>(), moments)
    };
    let mut whole = nothing.clone();
    for count in 1..=20 {
        whole = step(&whole, count).1;
    }
    for (moments, count) in [(&whole, 21), (&nothing, 21), (&nothing, 1)] {
        let (size, moments) = step(moments, count);
        let (first, second) = (
            moments.first.into_scalar::<f64>(),
            moments.second.into_scalar::<f64>(),
        );
        let kept = [config.beta_1, config.beta_2].map(|beta| 1.0 - beta.powi(count as i32));
        for number in [
            first,
            second,
            first / kept[0],
            second / kept[1],
            kept[0],
            kept[1],
            size,
        ] {
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

/// Where the row of the `o` stands in the small model's file.
fn running_example(o: &mut Observer) {
    let (row, name) = (Running::open(o).id('o') as usize, "transformer.wte.weight");
    let mut bytes = Vec::new();
    let read = o.asset("model/model.safetensors").read_to_end(&mut bytes);
    read.expect("it is there");
    o.text("bytes", thousands(bytes.len()));
    let (length, _) = bytes.as_chunks::<8>();
    let header = u64::from_le_bytes(length[0]) as usize;
    o.text("bytes of the header", thousands(header));
    assert_eq!(length[0], [0x38, 0x13, 0, 0, 0, 0, 0, 0]);
    let entries: serde_json::Value =
        serde_json::from_slice(&bytes[8..8 + header]).expect("it is JSON");
    let offsets = &entries[name]["data_offsets"];
    for offset in [&offsets[0], &offsets[1]] {
        o.text("offset", offset);
    }
    o.text("both offsets", format!("{},{}", offsets[0], offsets[1]));
    let tensors = read_tensors(&bytes).expect("it is sound");
    let [vocab_size, n_embd] = tensors[name].shape().dims();
    o.text("rows", vocab_size);
    let begin = offsets[0].as_u64().unwrap_or_default() as usize;
    let into = row * n_embd * 4;
    let at = 8 + header + begin + into;
    for place in [begin, into, at] {
        o.text("place", thousands(place));
    }
    let (fours, _) = bytes[at..].as_chunks::<4>();
    assert_eq!(fours[0], 0x3df9_918f_u32.to_le_bytes());
    let table: Vec<f32> = tensors[name].iter().collect();
    for (channel, &four) in fours.iter().take(3).enumerate() {
        let number = f32::from_le_bytes(four);
        assert_eq!(number, table[row * n_embd + channel]);
        o.text("number", format!("{number:.2}"));
    }
    assert_eq!(tensors.len(), 52);
}

fn sizes(o: &mut Observer) {
    let config = GptConfig::gpt2();
    let weights = 4 * config.num_params();
    let masks = config.n_layer * 4 * config.n_positions * config.n_positions;
    o.text("n_positions", config.n_positions);
    for bytes in [
        weights,
        2 * weights,
        masks,
        weights + masks,
        3 * weights,
        4 * weights,
        6 * weights,
    ] {
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
