//! A model that learns one window by heart.
//!
//! Ask: a text has a single window: six inputs and their targets. Thirty steps later, what is the
//! loss on it? And on a text that the model has not seen?

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::{AdamWConfig, gpt2_start};
use crate::s17_training::{Trainer, TrainingConfig, evaluate};
use kit::Observer;
use kit::tensor::Device;

const STEPS: usize = 30;

/// Prints the loss on one window, and on another text.
pub fn observe(o: &mut Observer) {
    let (window, other) = (
        [4, 0, 3, 3, 1, 0, 2],
        [2, 1, 4, 0, 0, 3, 1, 2, 4, 4, 0, 1, 3],
    );
    let config = TrainingConfig {
        batch_size: 2,
        context: 6,
        accumulation: 1,
        steps: STEPS,
        warmup_steps: 5,
        learning_rate: 0.1,
        min_learning_rate: 0.01,
        clip_norm: 1.0,
        adamw: AdamWConfig::default(),
        seed: 3,
    };
    let Ok(mut trainer) = Trainer::new(model(&o.device()), config) else {
        return println!("  The configuration is refused: `tutor run s17` says more.");
    };
    println!("  step   the window   another text");
    let mut end = (f64::NAN, f64::NAN);
    for step in 1..=STEPS {
        if let Err(error) = trainer.train_step(&window) {
            return println!("  refused: {error}");
        }
        if step % 6 == 0 || step == 1 {
            let loss = |text: &[usize]| evaluate(&trainer.model, text, 6, 2, 9).unwrap_or(f64::NAN);
            end = (loss(&window), loss(&other));
            println!("  {step:>4}   {:>10.3}   {:>12.3}", end.0, end.1);
        }
    }
    println!();
    if end.0 < 0.1 && end.1 > 1.609 {
        println!(
            "It knows the window by heart, and elsewhere it is worse than a guess, which would"
        );
        println!("be ln 5 or 1.609. Do this first with a new model: a model that cannot learn one");
        println!("batch by heart has a mistake in it, and more data will not help.");
    } else {
        println!(
            "The loss should fall below 0.1 on the window, and rise above 1.609 elsewhere. With"
        );
        println!(
            "your code they are {:.3} and {:.3}: `tutor run s17` says more.",
            end.0, end.1
        );
    }
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
