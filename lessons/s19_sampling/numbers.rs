//! The numbers of lesson 19.

use crate::s19_sampling::{SamplingConfig, repetition_penalty, sampling_probabilities, top_k};
use kit::Observer;
use kit::tensor::{Device, Int, Tensor};

/// Recomputes the example, the slips and the answers.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        example(o);
        answers(o);
    });
}

fn logits(device: &Device) -> Tensor<2> {
    Tensor::from_data([[2.0, 1.0, 0.0, 0.0, -1.0]], device)
}

fn example(o: &mut Observer) {
    for (temperature, top_p) in [(1.0, None), (1.0, Some(0.8)), (1.0, Some(0.9)), (2.0, None)] {
        for p in probabilities(o, temperature, top_p) {
            o.text("probability", format!("{p:.4}"));
        }
    }
    for temperature in [1.0, 2.0] {
        let mut before = 0.0;
        for p in probabilities(o, temperature, None) {
            o.text("those before", format!("{before:.4}"));
            before += p;
        }
    }
    for (temperature, p, count) in [(1.0, 0.8, 2), (1.0, 0.9, 4), (2.0, 0.8, 4)] {
        let left = left(&probabilities(o, temperature, Some(p)));
        assert_eq!(left, count, "temperature {temperature}, p {p}");
        o.text("p", p);
    }
    let tokens = |k| floats(top_k(logits(&o.device()), k));
    let finite = |k| tokens(k).iter().filter(|logit| logit.is_finite()).count();
    assert_eq!([finite(2), finite(3)], [2, 4]);
    let ids = Tensor::<2, Int>::from_data([[0, 4]], &o.device());
    let penalised = floats(repetition_penalty(logits(&o.device()), ids, 2.0));
    assert_eq!(penalised, [1.0, 1.0, 0.0, 0.0, -2.0]);
    o.text("half of -1", format!("{:.1}", -1.0 / 2.0));
}

fn answers(o: &mut Observer) {
    let small = 0.000_000_01_f32;
    assert_eq!(1.0 + small, 1.0);
    o.text("lost in rounding", format!("{small:.8}"));
    let (tokens, each) = (50_000, 0.000_002);
    let together = f64::from(tokens) * each;
    o.text("unlikely tokens", "50,000");
    o.text("each", format!("{each:.6}"));
    o.text("together", format!("{together:.1}"));
    o.text("length", 100);
    assert!((100.0 * together - 10.0).abs() < 1e-9);
    let is_outside = |p: f64| p <= 0.0 || p > 1.0;
    assert!(is_outside(0.0) && !is_outside(1.0) && !is_outside(f64::NAN));
    for end in [0.0, 1.0] {
        o.text("an end of the range", format!("{end:.1}"));
    }
    o.text("the temperature", format!("{:.1}", 0.5));
}

fn probabilities(o: &Observer, temperature: f64, top_p: Option<f64>) -> Vec<f32> {
    let config = SamplingConfig {
        temperature,
        top_k: None,
        top_p,
        repetition_penalty: 1.0,
        seed: 1,
    };
    let ids = Tensor::from_data([[0]], &o.device());
    floats(sampling_probabilities(logits(&o.device()), ids, &config))
}

fn left(probabilities: &[f32]) -> usize {
    probabilities.iter().filter(|&&p| p > 0.0).count()
}

fn floats(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().iter().collect()
}
