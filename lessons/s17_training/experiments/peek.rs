//! A model that can see its targets.
//!
//! Ask: in a text of five random letters, no prediction can have a loss below ln 5, which is 1.609.
//! What loss does a model reach whose attention has no mask, so that each position sees the next
//! letter? And what is its loss with the mask, as when it writes?

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s13_loss::cross_entropy;
use crate::s15_data::{Batch, random_batch, random_number};
use crate::s16_optimizer::{AdamW, AdamWConfig, clip, gpt2_start, gradients};
use crate::s17_training::{TrainingConfig, batch_loss, evaluate, learning_rate};
use kit::Observer;
use kit::module::Module;
use kit::tensor::activation::softmax;
use kit::tensor::{Device, Tensor};

const STEPS: usize = 60;

/// Prints the loss of every other step, with the mask and without.
pub fn observe(o: &mut Observer) {
    let mut seen = Vec::new();
    println!("  mask   every other loss of 60, a full bar is 2.4   at 60   evaluated");
    for (name, is_masked) in [("yes", true), ("no", false)] {
        let Some((losses, end)) = train(&o.device(), is_masked) else {
            return println!("  A batch is refused: `tutor run s17` says more.");
        };
        let last = losses[STEPS - 1];
        let some: Vec<f64> = losses.iter().copied().step_by(2).collect();
        println!(
            "  {name:<4}   {:<42}   {last:>4.2}   {end:>9.2}",
            curve(&some)
        );
        seen.push((last, end));
    }
    println!();
    if seen[0].0 > 1.5 && seen[1].0 < 1.2 && seen[1].1 > 1.609 {
        println!(
            "A loss below what is possible means a mistake, not a good model. Without the mask"
        );
        println!(
            "it reads the answer. With the mask, as when it writes, it is worse than a guess."
        );
    } else {
        println!(
            "With the mask the loss should stay near 1.609; without it, it should fall below,"
        );
        println!("and be worth nothing. Yours are otherwise: `tutor run s17` says more.");
    }
}

/// The loss of each step, and that of an evaluation with the mask; nothing if a batch is refused.
fn train(device: &Device, is_masked: bool) -> Option<(Vec<f64>, f64)> {
    let letter = |place| (random_number(17, 0, place) % 5) as usize;
    let text: Vec<usize> = (0..2000).map(letter).collect();
    let config = config();
    let mut model = model(device).train();
    let mut optimizer = AdamW::new(config.adamw.clone());
    let device = device.clone().autodiff();
    let mut losses = Vec::new();
    for step in 1..=STEPS {
        let batch = random_batch(&text, 8, 4, config.seed, step, &device).ok()?;
        let loss = if is_masked {
            batch_loss(&model, &batch).ok()?
        } else {
            peeking_loss(&model, &batch)
        };
        losses.push(loss.clone().into_scalar());
        let mut found = gradients(&model, loss);
        clip(&mut found, config.clip_norm);
        model = optimizer.update(model, &found, learning_rate(step, &config));
    }
    let end = evaluate(&model, &text, 4, 8, 20).ok()?;
    Some((losses, end))
}

/// The loss of the same model if the one head of its one block does not mask.
fn peeking_loss(model: &Gpt, batch: &Batch) -> Tensor<1> {
    let body = &model.transformer;
    let mut x = body.embed(batch.inputs.clone()); // [batch, context, n_embd]
    for block in &body.h {
        let all = block.attn.c_attn.forward(block.ln_1.forward(x.clone()));
        let [query, key, value]: [Tensor<3>; 3] = [0, 8, 16].map(|at| all.clone().narrow(2, at, 8));
        let scores = query.matmul(key.transpose()) / 8.0_f64.sqrt(); // [batch, context, context]
        let mixed = softmax(scores, 2).matmul(value); // [batch, context, n_embd]
        x = x + block.attn.c_proj.forward(mixed);
        x = x.clone() + block.mlp.forward(block.ln_2.forward(x));
    }
    let [rows, context, n_embd] = x.dims();
    let hidden: Tensor<2> = body.ln_f.forward(x).reshape([rows * context, n_embd]);
    let logits = hidden.matmul(body.wte.weight.val().transpose()); // [batch * context, vocab_size]
    cross_entropy(logits, batch.targets.clone().reshape([rows * context]))
}

/// How to train.
fn config() -> TrainingConfig {
    TrainingConfig {
        batch_size: 8,
        context: 4,
        accumulation: 1,
        steps: STEPS,
        warmup_steps: 5,
        learning_rate: 0.1,
        min_learning_rate: 0.01,
        clip_norm: 1.0,
        adamw: AdamWConfig::default(),
        seed: 3,
    }
}

fn model(device: &Device) -> Gpt {
    let config = GptConfig {
        vocab_size: 5,
        n_positions: 6,
        n_embd: 8,
        n_layer: 1,
        n_head: 1,
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
