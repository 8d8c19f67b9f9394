//! The numbers of lesson 19.

#[path = "../running.rs"]
mod running;

use crate::s12_generation::sample;
use crate::s19_sampling::{SamplingConfig, repetition_penalty, sampling_probabilities, top_k};
use kit::Observer;
use kit::tensor::{Device, Int, Tensor};
use running::{LAST, Running, TEXT};

/// Recomputes the example, the slips and the answers.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        example(o);
        running_example(o);
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

/// What may follow `the mo`, and what two random numbers draw.
fn running_example(o: &mut Observer) {
    let device = o.device();
    let running = Running::open(o);
    let read = running.read(TEXT);
    let logits = read.logits.narrow(0, LAST, 1); // [1, vocab_size]
    let letters = running.letters.len();
    let ids = Tensor::<1, Int>::from_data(read.ids.as_slice(), &device).unsqueeze();
    for (k, p, stay, draws) in [
        (None, None, 105, [(0.5, 'd'), (0.6, 'm'), (0.99, 'v')]),
        (Some(2), None, 2, [(0.5, 'd'), (0.6, 'd'), (0.99, 'r')]),
        (None, Some(0.8), 3, [(0.5, 'd'), (0.6, 'd'), (0.99, 'r')]),
    ] {
        let config = SamplingConfig {
            temperature: 1.0,
            top_k: k,
            top_p: p,
            repetition_penalty: 1.0,
            seed: 1,
        };
        let shares = sampling_probabilities(logits.clone(), ids.clone(), &config);
        let of_each = floats(shares.clone());
        assert_eq!(left(&of_each), stay);
        o.text("tokens that stay", stay);
        o.text("those below the four", letters - 4);
        let mut before = 0.0;
        for letter in ['d', 'r', 'm', 'v'] {
            let share = of_each[running.id(letter) as usize];
            o.text("share", format!("{share:.3}"));
            o.text("those before", format!("{before:.3}"));
            before += share;
        }
        for (at, letter) in draws {
            let drawn = sample(shares.clone(), Tensor::from_data([[at]], &device));
            let drawn = drawn.into_data().iter::<i64>().next().expect("it is one");
            assert_eq!(running.letters[drawn as usize], letter, "at {at}");
            o.text("random number", at);
        }
    }
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
    o.text("one of them, in all draws", format!("{:.4}", 100.0 * each));
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
