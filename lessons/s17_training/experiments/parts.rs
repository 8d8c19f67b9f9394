//! Eight windows at once, and in parts.
//!
//! Ask: a step reads eight windows: in one batch, in four of two, in eight of one. Which numbers of
//! its report are the same? And how far apart are the weights after three steps?

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::{AdamWConfig, gpt2_start};
use crate::s17_training::{Trainer, TrainingConfig};
use kit::Observer;
use kit::tensor::{Device, Tensor};

const STEPS: usize = 3;

/// Prints the reports of three steps, with the same eight windows in several parts.
pub fn observe(o: &mut Observer) {
    let (text, mut tables) = (text(), Vec::<Tensor<2>>::new());
    let mut farthest = 0.0_f64;
    println!("  batch x parts   losses of three steps    gradient norms           weights apart");
    for (batch_size, accumulation) in [(8, 1), (2, 4), (1, 8)] {
        let config = TrainingConfig {
            batch_size,
            context: 6,
            accumulation,
            steps: STEPS,
            warmup_steps: 0,
            learning_rate: 0.03,
            min_learning_rate: 0.003,
            clip_norm: 1.0,
            adamw: AdamWConfig::default(),
            seed: 3,
        };
        let Ok(mut trainer) = Trainer::new(model(&o.device()), config) else {
            return println!("  The configuration is refused: `tutor run s17` says more.");
        };
        let (mut losses, mut norms) = (String::new(), String::new());
        for _ in 0..STEPS {
            match trainer.train_step(&text) {
                Ok(report) => {
                    losses += &format!("{:.4}  ", report.loss);
                    norms += &format!("{:.4}  ", report.gradient_norm);
                }
                Err(error) => return println!("  refused: {error}"),
            }
        }
        let table = trainer.model.transformer.wte.weight.val().inner();
        tables.push(table.clone());
        let apart: f64 = (table - tables[0].clone()).abs().max().into_scalar();
        let is_near = if apart < 1e-4 { "below 0.0001" } else { "more" };
        println!("  {batch_size:>5} x {accumulation:<5}   {losses:<24} {norms:<24} {is_near}");
        farthest = farthest.max(apart);
    }
    println!();
    if farthest < 1e-4 {
        println!("The mean of means is the mean, if all parts are of one size. A batch that does");
        println!("not fit into memory is read in parts: only the rounding differs.");
    } else {
        println!("The three should differ by rounding only. Your weights lie {farthest:.4} apart:");
        println!("`tutor run s17` says more.");
    }
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
