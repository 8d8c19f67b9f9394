//! x
use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::*;
use crate::s15_data::*;
use crate::s17_training::*;
use kit::Observer;
use kit::module::Module;
use kit::tensor::{Int, Tensor};
use std::time::Instant;
pub fn observe(o: &mut Observer) {
    let config = GptConfig { vocab_size: 13, n_positions: 8, n_embd: 12, n_layer: 1, n_head: 3, n_inner: 24, ..GptConfig::gpt2() };
    let device = o.device();
    let model = gpt2_start(Gpt::new(&config, &device), &config, 1).train();
    let text: Vec<usize> = (0..200).map(|i| (i * i / 3 + i % 5) % 13).collect();
    let dev = device.clone().autodiff();
    let mut opt = AdamW::new(AdamWConfig::default());
    let mut m = model;
    for i in 0..3 {
    let t0 = Instant::now();
    let b = random_batch(&text, 4, 8, 1, i, &dev).unwrap();
    let t1 = Instant::now();
    let l = batch_loss(&m, &b).unwrap();
    let t2 = Instant::now();
    let g = l.backward();
    let t3 = Instant::now();
    drop(g);
    let mut g = gradients(&m, batch_loss(&m, &b).unwrap());
    let t4 = Instant::now();
    clip(&mut g, 1.0);
    let t5 = Instant::now();
    m = opt.update(m, &g, 0.01);
    let t6 = Instant::now();
    let mm = m.valid();
    let b = random_batch(&text, 4, 8, 1, i, &device).unwrap();
    let t7 = Instant::now();
    batch_loss(&mm, &b).unwrap();
    let t8 = Instant::now();
    println!("batch {:?} fwd {:?} bwd {:?} fwd+grad {:?} clip {:?} upd {:?} valid fwd {:?}", t1-t0, t2-t1, t3-t2, t4-t3, t5-t4, t6-t5, t8-t7);
    }
    o.group("x", |_| {});
}
