//! The numbers of lesson 17.

#[path = "../running.rs"]
mod running;
#[path = "../small_model.rs"]
mod small_model;

use std::f64::consts::PI;

use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::AdamWConfig;
use crate::s17_training::{Trainer, TrainingConfig, evaluate, learning_rate};
use kit::Observer;
use running::Running;

/// Recomputes the examples and the answers.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        rates(o);
        running_example(o);
        gradients(o);
        evaluation(o);
        answers(o);
    });
}

fn rates(o: &mut Observer) {
    let config = TrainingConfig {
        batch_size: 1,
        context: 1,
        accumulation: 1,
        steps: 10,
        warmup_steps: 4,
        learning_rate: 0.6,
        min_learning_rate: 0.06,
        clip_norm: 1.0,
        adamw: AdamWConfig::default(),
        seed: 0,
    };
    o.text("largest", format!("{:.2}", config.learning_rate));
    o.text("smallest", format!("{:.2}", config.min_learning_rate));
    for step in 1..=10 {
        let rate = learning_rate(step, &config);
        o.text("rate", format!("{rate:.4}"));
    }
    for sixth in [1.0, 2.0, 4.0, 5.0] {
        let cosine = (PI * sixth / 6.0).cos();
        o.text("cosine", format!("{cosine:.4}"));
    }
    o.text("steps of warm-up of the first GPT", "2,000");
}

/// A few steps on `the model`, which has room for one window.
fn running_example(o: &mut Observer) {
    let running = Running::open(o);
    let model = Gpt::new(&small_model::config(), &o.device());
    let model = running.stored.filled("", model);
    let ids: Vec<usize> = "the model"
        .chars()
        .map(|letter| running.id(letter) as usize)
        .collect();
    let context = ids.len() - 1;
    let config = TrainingConfig {
        batch_size: 1,
        context,
        accumulation: 1,
        steps: 6,
        warmup_steps: 2,
        learning_rate: 0.0003,
        min_learning_rate: 0.00003,
        clip_norm: 1.0,
        adamw: AdamWConfig::default(),
        seed: 1,
    };
    o.text("largest rate", config.learning_rate);
    o.text("smallest rate", config.min_learning_rate);
    let mut trainer = Trainer::new(model, config).expect("it is sound");
    for _ in 1..=trainer.config.steps {
        let report = trainer.train_step(&ids).expect("all is finite");
        o.text("loss", format!("{:.3}", report.loss));
        o.text("rate", format!("{:.5}", report.learning_rate));
    }
    let after = evaluate(&trainer.model, &ids, context, 1, 1).expect("it fits");
    o.text("after all", format!("{after:.3}"));
}

/// Two gradients of two weights.
fn gradients(o: &mut Observer) {
    let (first, second) = ([3.0, 0.0], [1.0, 4.0]);
    let mean = mean(first, second);
    o.text("the mean is (2, 2)", mean == [2.0, 2.0]);
    o.text("the mean loss", format!("{:.1}", (2.0 + 1.0) / 2.0));
    o.text("its length", format!("{:.4}", norm(mean)));
    o.text("clipped", format!("{:.4}", clipped(mean)[0]));
    let each = [clipped(first), clipped(second)];
    for value in each[1] {
        o.text("the second, clipped", format!("{value:.4}"));
    }
    for value in self::mean(each[0], each[1]) {
        o.text("the mean of both", format!("{value:.4}"));
    }
}

fn mean(a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
    [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]
}

fn norm(gradient: [f64; 2]) -> f64 {
    gradient[0].hypot(gradient[1])
}

/// To a length of 1.
fn clipped(gradient: [f64; 2]) -> [f64; 2] {
    gradient.map(|value| value / norm(gradient).max(1.0))
}

fn evaluation(o: &mut Observer) {
    let batches = [(3.0, 1.0), (3.0, 2.0), (1.0, 6.0)];
    let windows: f64 = batches.iter().map(|(windows, _)| windows).sum();
    let sum: f64 = batches.iter().map(|(windows, loss)| windows * loss).sum();
    o.text("over all windows", format!("{:.4}", sum / windows));
    let means: f64 = batches.iter().map(|(_, loss)| loss).sum();
    o.text("the mean of means is 3", means / 3.0 == 3.0);
}

fn answers(o: &mut Observer) {
    let (windows, context, fit) = (512, 1024, 16);
    o.text("windows", windows);
    o.text("context", context);
    let tokens = windows * context;
    o.text("tokens", format!("{},{:03}", tokens / 1000, tokens % 1000));
    o.text("parts", windows / fit);
    let rate = 0.1;
    o.text("rate", rate);
    let steps = (1..=5).map(|step| rate * f64::from(step) / 5.0);
    for moved in steps.clone() {
        o.text("moved", format!("{moved:.2}"));
    }
    o.text("with a warm-up", format!("{:.2}", steps.sum::<f64>()));
    o.text("without", format!("{:.2}", 5.0 * rate));
    let from_zero = (0..=4).map(|step| rate * f64::from(step) / 5.0);
    o.text("from zero", format!("{:.2}", from_zero.sum::<f64>()));
    o.text("deviation at the start", 0.02);
    o.text("steps in all", "1,000");
    o.text("steps made", 600);
}
