//! Resumed with and without AdamW's moments.
//!
//! Ask: a training is saved after 20 steps and resumed three times: complete, without the moments,
//! and with its step set back to 0. Which of them goes on with the losses of the training that was
//! never stopped? And does the one without moments catch up?

use std::path::Path;

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::{AdamWConfig, gpt2_start};
use crate::s17_training::{Trainer, TrainingConfig};
use crate::s18_checkpoint::{resume, save};
use kit::Observer;

/// Prints the losses of four trainings side by side.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let config = GptConfig {
        vocab_size: 11,
        n_positions: 8,
        n_embd: 12,
        n_layer: 2,
        n_head: 3,
        n_inner: 24,
        dropout: 0.0,
        ..GptConfig::gpt2()
    };
    let training = TrainingConfig {
        batch_size: 8,
        context: 8,
        accumulation: 1,
        steps: 60,
        warmup_steps: 10,
        learning_rate: 0.02,
        min_learning_rate: 0.002,
        clip_norm: 1.0,
        adamw: AdamWConfig::default(),
        seed: 18,
    };
    // Squares: what comes next can be learned.
    let text: Vec<usize> = (0..300).map(|i| i * i % 11).collect();
    let model = gpt2_start(Gpt::new(&config, &device), &config, 18);
    let Ok(mut trainer) = Trainer::new(model, training) else {
        println!("`Trainer::new` refuses these settings: `tutor run s17` says more.");
        return;
    };
    for _ in 0..20 {
        if let Err(error) = trainer.train_step(&text) {
            println!("there is no step: {error}");
            return;
        }
    }
    let folder = Path::new("checkpoint");
    if let Err(error) = save(folder, &trainer, &config) {
        println!("nothing is saved: {error}");
        return;
    }
    let resumed = || match resume(folder, &device) {
        Ok((trainer, _)) => Some(trainer),
        Err(error) => {
            println!("nothing is resumed: {error}");
            None
        }
    };
    let (Some(whole), Some(mut no_moments), Some(mut no_step)) = (resumed(), resumed(), resumed())
    else {
        return;
    };
    no_moments.optimizer.moments.clear();
    no_step.step = 0;
    let mut trainers = [trainer, whole, no_moments, no_step];
    let mut losses = Vec::new();
    println!("  step   never stopped     resumed   without moments   from step 0");
    for step in 21..=60 {
        let mut row = [f64::NAN; 4];
        for (loss, trainer) in row.iter_mut().zip(&mut trainers) {
            if let Ok(report) = trainer.train_step(&text) {
                *loss = report.loss;
            }
        }
        if step <= 25 || step % 10 == 0 {
            let [a, b, c, d] = row;
            println!("  {step:>4}   {a:>13.3}   {b:>9.3}   {c:>15.3}   {d:>11.3}");
        }
        losses.push(row);
    }
    println!();
    let is_same = |column: usize| losses.iter().all(|row| row[column] == row[0]);
    let finite = losses.iter().flatten().all(|loss| loss.is_finite());
    let others_differ = !is_same(2) && !is_same(3);
    if finite && is_same(1) && others_differ {
        println!(
            "With the whole checkpoint, the training goes on as if nothing had happened, to the"
        );
        println!(
            "last digit of an f64. Without the moments, the next step is different, since AdamW"
        );
        println!("has nothing to average. From step 0, rate and batches differ, too.");
    } else {
        println!(
            "A whole checkpoint should go on with exactly the losses of the training that was"
        );
        println!("never stopped, and only that. Yours does not: `tutor run s18` says more.");
    }
}
