//! The numbers of lesson 16.

#[path = "../running.rs"]
mod running;
#[path = "../small_model.rs"]
mod small_model;

use std::collections::BTreeMap;

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::map_parameters;
use crate::s16_optimizer::{AdamW, AdamWConfig, Moments, adamw_update, clip, gradients};
use kit::Observer;
use kit::module::Module;
use kit::tensor::activation::{log_softmax, softmax};
use kit::tensor::{Int, Tensor};
use running::{NEXT, Running, TEXT};

const RATE: f64 = 0.01;

/// Recomputes the example and the answers.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        example(o);
        running_example(o);
        clipping(o);
        facts(o);
        answers(o);
    });
}

fn example(o: &mut Observer) {
    let config = AdamWConfig::default();
    let (beta_1, beta_2, decay) = (config.beta_1, config.beta_2, config.weight_decay);
    let device = o.device();
    let one = |value: f64| Tensor::<1>::from_data([value as f32], &device);
    let mut moments = Moments {
        first: one(0.0),
        second: one(0.0),
    };
    for number in [RATE, decay, beta_1, beta_2, 1.0 - beta_2, 0.5] {
        said(o, "given", number);
    }
    let mut value = 0.5;
    for (step, gradient) in [(1, 0.2), (2, -0.1)] {
        said(o, "gradient", gradient);
        said(o, "its square", gradient * gradient);
        said(o, "beta_1 to the step", beta_1.powi(step));
        said(o, "beta_2 to the step", beta_2.powi(step));
        said(o, "share that is kept", 1.0 - RATE * decay);
        let before = value;
        let (after, next) = adamw_update(
            one(value),
            one(gradient),
            moments,
            step as usize,
            RATE,
            decay,
            &config,
        );
        value = number(after);
        let (first, second) = (number(next.first.clone()), number(next.second.clone()));
        let mean = first / (1.0 - beta_1.powi(step));
        let square = second / (1.0 - beta_2.powi(step));
        let kept = before * (1.0 - RATE * decay);
        for result in [first, second, mean, square, kept, kept - value, value] {
            o.text("result", format!("{result:.4}"));
        }
        moments = next;
    }
    // Whatever the size of the first gradient is.
    for gradient in [20.0, 0.002] {
        said(o, "another gradient", gradient);
        let none = Moments {
            first: one(0.0),
            second: one(0.0),
        };
        let (after, _) = adamw_update(one(0.5), one(gradient), none, 1, RATE, 0.0, &config);
        o.text("its step", format!("{:.4}", 0.5 - number(after)));
    }
    let uncorrected = (1.0 - beta_1) / (1.0 - beta_2).sqrt();
    o.text("without correction", format!("{uncorrected:.3}"));
    o.text("the last step of the check", 100_000);
}

/// One step on the loss of `the mod`, and what it does to one weight: channel 0 in the row of `d`.
fn running_example(o: &mut Observer) {
    let (rate, path) = (0.0003, "transformer.wte.weight");
    said(o, "rate", rate);
    let running = Running::open(o);
    let config = small_model::config();
    let model = Gpt::new(&config, &o.device());
    let model = running.stored.filled("", model).train();
    let device = model.transformer.wte.weight.device();
    let text = format!("{TEXT}{NEXT}");
    let ids: Vec<i64> = text.chars().map(|letter| running.id(letter)).collect();
    let ids = Tensor::<1, Int>::from_data(ids.as_slice(), &device).unsqueeze::<2>();
    let place = running.id(NEXT) as usize * config.n_embd;
    let one = |row: Tensor<1>| number(row.narrow(0, place, 1));
    let weight = |model: &Gpt| {
        let table = model.transformer.wte.weight.val().inner();
        one(table.reshape([-1]))
    };
    let seq = TEXT.len();
    let (shown, targets) = (ids.clone().narrow(1, 0, seq), ids.narrow(1, 1, seq));
    let logits = |model: &Gpt| model.forward(shown.clone()).expect("it fits");
    // As in step 13, which this one does not stand on.
    let loss = |model: &Gpt| {
        let of_targets = log_softmax(logits(model), 2).gather(2, targets.clone().unsqueeze_dim(2));
        -of_targets.mean() // [1]
    };
    // How probable `d` is after the `o`.
    let share = |model: &Gpt| {
        let last = softmax(logits(model).inner().narrow(1, seq - 1, 1), 2); // [1, 1, vocab_size]
        number(last.narrow(2, running.id(NEXT) as usize, 1).reshape([1]))
    };

    let found = gradients(&model, loss(&model));
    let mut optimizer = AdamW::new(AdamWConfig::default());
    let next = optimizer.update(model.clone(), &found, rate);
    let moments = &optimizer.moments[path];
    o.text("all weights", thousands(config.num_params()));
    let AdamWConfig {
        beta_1,
        beta_2,
        weight_decay,
        ..
    } = optimizer.config;
    let (first, second) = (one(moments.first.clone()), one(moments.second.clone()));
    let (mean, square) = (first / (1.0 - beta_1), second / (1.0 - beta_2));
    for result in [one(found[path].clone()), first, second, mean, square] {
        o.text("result", format!("{result:.4}"));
    }
    let (before, after) = (weight(&model), weight(&next));
    let decayed = rate * weight_decay * before;
    o.text("decay", format!("{decayed:.6}"));
    let step = rate * mean / square.sqrt();
    o.text("step", format!("{step:.6}"));
    o.text("up by", format!("{:.6}", -step));
    assert!((after - (before - decayed - step)).abs() < 1e-6);
    assert!(farthest_move(&model, &next) < 1.2 * rate as f32);
    for model in [&model, &next] {
        o.text("weight", format!("{:.6}", weight(model)));
        let lost: f32 = loss(model).into_scalar();
        o.text("loss", format!("{lost:.3}"));
        o.text("share", format!("{:.3}", share(model)));
    }
}

/// The largest change of any value.
fn farthest_move(before: &Gpt, after: &Gpt) -> f32 {
    let mut rows = Vec::new();
    let _ = map_parameters(before.clone(), &mut |_, _, values| {
        rows.push(values.clone());
        values
    });
    let (mut rows, mut farthest) = (rows.into_iter(), 0.0_f32);
    let _ = map_parameters(after.clone(), &mut |_, _, values| {
        let old = rows.next().expect("both have as many");
        farthest = farthest.max((values.clone() - old).abs().max().into_scalar());
        values
    });
    farthest
}

fn clipping(o: &mut Observer) {
    let device = o.device();
    let tensor = |values: &[f32]| Tensor::<1>::from_data(values, &device);
    let mut gradients = BTreeMap::from([
        ("a".to_owned(), tensor(&[3.0, 4.0])),
        ("b".to_owned(), tensor(&[12.0])),
    ]);
    let norm = clip(&mut gradients, 1.0);
    o.text("square of 12", 144);
    o.text("square of the norm", format!("{:.0}", norm * norm));
    o.text("norm", format!("{norm:.0}"));
    if let Some(b) = gradients.remove("b") {
        o.text("factor", format!("{:.4}", number(b) / 12.0));
    }
}

fn facts(o: &mut Observer) {
    let config = GptConfig::gpt2();
    let all = config.num_params();
    // One block of each width, counted by its parameters' axes: the others are like it.
    let small = GptConfig {
        n_layer: 1,
        vocab_size: 1,
        n_positions: 1,
        ..config.clone()
    };
    let (mut of_block, mut of_last) = (0, 0);
    let model = Gpt::new(&small, &o.device());
    let _ = map_parameters(model, &mut |path, shape, values| {
        match (shape, path.contains(".h.")) {
            ([n], true) => of_block += n,
            ([n], false) => of_last += n,
            _ => {}
        }
        values
    });
    let vectors = config.n_layer * of_block + of_last;
    o.text("parameters", thousands(all));
    o.text("millions", all / 1_000_000);
    o.text("with one axis", thousands(vectors));
    let share = 100.0 * vectors as f64 / all as f64;
    o.text("percent", format!("{share:.3}"));
    said(o, "deviation", 0.02);
    for blocks in [12, 48] {
        let narrow = 0.02 / (2.0 * f64::from(blocks)).sqrt();
        o.text("narrow", format!("{narrow:.5}"));
    }
    for epsilon in [1e-5, 1e-8] {
        let share = 1e-6 / (1e-6 + epsilon);
        o.text("share of the way", format!("{share:.3}"));
    }
}

fn answers(o: &mut Observer) {
    let bytes = 4 * GptConfig::gpt2().num_params();
    let millions = |bytes: usize| (bytes + 500_000) / 1_000_000;
    o.text("one copy", millions(bytes));
    o.text("four copies", thousands(millions(4 * bytes)));
    let (rate, decay, steps) = (0.0006, 0.1, 10_000);
    said(o, "rate", rate);
    o.text("steps", thousands(steps));
    let left: f64 = 1.0 - rate * decay;
    said(o, "left by one step", left);
    let left = left.powi(steps as i32);
    o.text("left", format!("{left:.4}"));
    o.text("gone", format!("{:.4}", 1.0 - left));
    said(
        o,
        "left by equal amounts",
        1.0 - steps as f64 * rate * decay,
    );
    said(o, "with one layer a block", 0.02 / 48_f64.sqrt());
    o.text("without the root", format!("{:.6}", 0.02 / 96.0));
    for beta in [0.9_f64, 0.95] {
        let steps = (1..).find(|&n| beta.powi(n) < 0.01).unwrap_or(0);
        o.text("steps until a hundredth", steps);
        o.text("what is left", format!("{:.4}", beta.powi(steps)));
    }
}

/// As short as it can be written, up to five digits behind the point.
fn said(o: &mut Observer, name: &str, number: f64) {
    o.text(name, (number * 1e5).round() / 1e5);
}

fn number(tensor: Tensor<1>) -> f64 {
    let number: f32 = tensor.into_scalar();
    f64::from(number)
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
