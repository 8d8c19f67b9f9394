//! Targets that are not shifted.
//!
//! Ask: one training predicts the next letter, another the letter that is being read. Which loss
//! falls faster? And which of the two models can say what comes next?

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s15_data::{Batch, random_batch};
use crate::s16_optimizer::{AdamW, AdamWConfig, clip, gpt2_start, gradients};
use crate::s17_training::{TrainingConfig, batch_loss, evaluate, learning_rate};
use kit::Observer;
use kit::module::Module;
use kit::tensor::Device;

const STEPS: usize = 30;

/// Prints the loss of every step, with the right targets and with the inputs as targets.
pub fn observe(o: &mut Observer) {
    let mut seen = Vec::new();
    println!("  targets   loss of steps 1 to 30, a full bar is 2.4   at 30   evaluated");
    for (name, is_shifted) in [("next", true), ("same", false)] {
        let Some((losses, end)) = train(&o.device(), is_shifted) else {
            return println!("  A batch is refused: `tutor run s17` says more.");
        };
        let last = losses[STEPS - 1];
        println!(
            "  {name:<7}   {:<41}   {last:>4.2}   {end:>9.2}",
            curve(&losses)
        );
        seen.push((last, end));
    }
    println!();
    if seen[1].0 < seen[0].0 && seen[1].1 > seen[0].1 + 0.5 {
        println!(
            "Repeating what it reads is easy to learn. The loss looks better than that of the"
        );
        println!("other training, but the model has learned nothing about what comes next.");
    } else {
        println!("Repeating should be learned faster, and be worth nothing in the evaluation. With");
        println!("your code it is otherwise: `tutor run s17` says more.");
    }
}

/// The loss of each step, and that of an evaluation in the end; nothing if a batch is refused.
fn train(device: &Device, is_shifted: bool) -> Option<(Vec<f64>, f64)> {
    let (text, config) = (text(), config());
    let mut model = model(device).train();
    let mut optimizer = AdamW::new(config.adamw.clone());
    let device = device.clone().autodiff();
    let mut losses = Vec::new();
    for step in 1..=STEPS {
        let batch = random_batch(&text, 8, 6, config.seed, step, &device).ok()?;
        let targets = if is_shifted {
            batch.targets
        } else {
            batch.inputs.clone()
        };
        let batch = Batch {
            inputs: batch.inputs,
            targets,
        };
        let loss = batch_loss(&model, &batch).ok()?;
        losses.push(loss.clone().into_scalar());
        let mut found = gradients(&model, loss);
        clip(&mut found, config.clip_norm);
        model = optimizer.update(model, &found, learning_rate(step, &config));
    }
    let end = evaluate(&model, &text, 6, 8, 5).ok()?;
    Some((losses, end))
}

/// How to train.
fn config() -> TrainingConfig {
    TrainingConfig {
        batch_size: 8,
        context: 6,
        accumulation: 1,
        steps: STEPS,
        warmup_steps: 5,
        learning_rate: 0.03,
        min_learning_rate: 0.003,
        clip_norm: 1.0,
        adamw: AdamWConfig::default(),
        seed: 3,
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

/// A bar for each loss: a full one is 2.4 or more.
fn curve(losses: &[f64]) -> String {
    let bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let bar = |loss: &f64| bars[((loss / 0.3) as usize).min(7)];
    losses.iter().map(bar).collect()
}
