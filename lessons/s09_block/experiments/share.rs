//! How much a block adds to its input.
//!
//! Ask: an untrained block is given vectors whose elements have a standard deviation of 1. How
//! large is what it adds, in percent of what comes in: 1, 10 or 100? And with larger weights?

use crate::s01_config::GptConfig;
use crate::s09_block::Block;
use kit::Observer;
use kit::module::Param;
use kit::tensor::{Distribution, Tensor};

/// Compares the length of what is added with the length of the input.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    device.seed(9);
    let config = GptConfig {
        n_embd: 64,
        n_head: 4,
        n_inner: 256,
        ..GptConfig::gpt2()
    };
    let block = Block::new(&config, &device);
    let x = Tensor::<3>::random([4, 8, 64], Distribution::Normal(0.0, 1.0), &device);

    let mut percents = Vec::new();
    println!("What a block of 64 channels adds, in percent of its input:");
    println!();
    println!("  weights drawn with      added");
    for times in [1.0, 2.0, 4.0, 8.0] {
        let scaled = |weight: &Param<Tensor<2>>| weight.clone().map(|weight| weight * times);
        let mut block = block.clone();
        block.attn.c_attn.weight = scaled(&block.attn.c_attn.weight);
        block.attn.c_proj.weight = scaled(&block.attn.c_proj.weight);
        block.mlp.c_fc.weight = scaled(&block.mlp.c_fc.weight);
        block.mlp.c_proj.weight = scaled(&block.mlp.c_proj.weight);
        let added = length(block.forward(x.clone()) - x.clone());
        let percent = 100.0 * added / length(x.clone());
        percents.push(percent);
        let bar = "█".repeat((percent / 5.0).round().min(36.0) as usize);
        let line = format!("  std {:<12} {percent:>9.1} %  {bar}", 0.02 * times);
        println!("{}", line.trim_end());
    }
    println!();
    let grows = |pair: &[f32]| (3.0..6.0).contains(&(pair[1] / pair[0]));
    if percents[0] < 10.0 && percents.windows(2).all(grows) {
        println!("With GPT-2's std of 0.02, an untrained block nearly returns its input:");
        println!("a stack of them lets values, and gradients, through from end to end.");
        println!("Each half multiplies by two weights: twice the std, four times as much.");
    } else {
        println!("With GPT-2's std of 0.02, an untrained block should nearly return this input,");
        println!("and twice the std should add about four times as much. With your block it is");
        println!("otherwise: `tutor run s09` says more.");
    }
}

fn length(x: Tensor<3>) -> f32 {
    x.square().sum().sqrt().into_scalar()
}
