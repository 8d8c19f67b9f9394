//! x
use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::*;
use crate::s17_training::*;
use kit::Observer;
pub fn observe(o: &mut Observer) {
    let config = GptConfig { vocab_size: 13, n_positions: 8, n_embd: 12, n_layer: 1, n_head: 3, n_inner: 24, ..GptConfig::gpt2() };
    let device = o.device();
    let model = gpt2_start(Gpt::new(&config, &device), &config, 1);
    let text: Vec<usize> = (0..200).map(|i| (i * i / 3 + i % 5) % 13).collect();
    let t = TrainingConfig { batch_size: 4, context: 8, accumulation: 2, steps: 200, warmup_steps: 20, learning_rate: 1e-2, min_learning_rate: 1e-3, clip_norm: 1.0, adamw: AdamWConfig::default(), seed: 3 };
    let mut tr = Trainer::new(model, t).unwrap();
    let t0 = std::time::Instant::now();
    for i in 0..20 { let r = tr.train_step(&text).unwrap(); if true { println!("{r:?}"); } }
    println!("{:?} {}", t0.elapsed(), evaluate(&tr.model, &text, 8, 5, 100).unwrap());
    o.group("x", |_| {});
}
