//! Three rates, and three curves.
//!
//! Ask: a small model learns a text of five letters for 30 steps, with the largest rate at 0.001,
//! at 0.03 and at 1. It starts near ln 5, which is 1.609. Where does each end?

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::{AdamWConfig, gpt2_start};
use crate::s17_training::{Trainer, TrainingConfig, evaluate};
use kit::Observer;
use kit::tensor::Device;

const STEPS: usize = 30;

/// Prints the loss of every step at three rates.
pub fn observe(o: &mut Observer) {
    let mut ends = Vec::new();
    println!("   rate   loss of steps 1 to 30, a full bar is 2.4   evaluated");
    for rate in [0.001, 0.03, 1.0] {
        let (losses, end) = train(&o.device(), 5, rate);
        println!("  {rate:>5}   {:<41}  {end:>9.2}", curve(&losses));
        let highest = losses.iter().copied().fold(0.0, f64::max);
        ends.push((end, highest));
    }
    println!();
    if ends[0].0 > 1.4 && ends[1].0 < 1.2 && ends[2].0 > 1.4 && ends[2].1 > 2.0 {
        println!(
            "With too small a rate the loss hardly falls. Too large a rate raises it at once, far"
        );
        println!("above where it began, and afterwards the model does no better than a guess.");
    } else {
        println!(
            "The rate in the middle should end far below the others, and the largest should jump"
        );
        println!("up first. With your code it is otherwise: `tutor run s17` says more.");
    }
}

/// The loss of each step, and that of an evaluation in the end.
fn train(device: &Device, warmup_steps: usize, learning_rate: f64) -> (Vec<f64>, f64) {
    let config = TrainingConfig {
        batch_size: 8,
        context: 6,
        accumulation: 1,
        steps: STEPS,
        warmup_steps,
        learning_rate,
        min_learning_rate: learning_rate / 10.0,
        clip_norm: 1.0,
        adamw: AdamWConfig::default(),
        seed: 3,
    };
    let mut trainer = match Trainer::new(model(device), config) {
        Ok(trainer) => trainer,
        Err(error) => {
            println!("  refused: {error}");
            return (vec![f64::NAN; STEPS], f64::NAN);
        }
    };
    let text = text();
    let step = |_| match trainer.train_step(&text) {
        Ok(report) => report.loss,
        Err(_) => f64::NAN,
    };
    let losses = (0..STEPS).map(step).collect();
    let end = evaluate(&trainer.model, &text, 6, 8, 5).unwrap_or(f64::NAN);
    (losses, end)
}

/// A text of five letters in which a letter and the one before nearly decide the next.
fn text() -> Vec<usize> {
    let letter = |i: usize| [0, 1, 2, 3, 1, 0, 2, 4][(i * 3 + i / 8) % 8];
    (0..400).map(letter).collect()
}

fn model(device: &Device) -> Gpt {
    let config = GptConfig {
        vocab_size: 5,
        n_positions: 6,
        n_embd: 8,
        n_layer: 1,
        n_head: 2,
        n_inner: 16,
        dropout: 0.0,
        ..GptConfig::gpt2()
    };
    gpt2_start(Gpt::new(&config, device), &config, 1)
}

/// A bar for each loss: a full one is 2.4 or more.
fn curve(losses: &[f64]) -> String {
    let bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let bar = |loss: &f64| bars[((loss / 0.3) as usize).min(7)];
    losses.iter().map(bar).collect()
}
