//! What one changed token reaches.
//!
//! Ask: six tokens go through a block, and then again with another fourth token. Which of the six
//! outputs change: with the whole block, without its MLP, without its attention?

use crate::s01_config::GptConfig;
use crate::s09_block::Block;
use kit::Observer;
use kit::nn::Linear;
use kit::tensor::{Distribution, Tensor};

/// Shows the outputs that change, for the block and for each of its halves.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    device.seed(9);
    let config = GptConfig {
        n_embd: 12,
        n_head: 3,
        n_inner: 48,
        ..GptConfig::gpt2()
    };
    let block = Block::new(&config, &device);
    let normal = Distribution::Normal(0.0, 1.0);
    let x = Tensor::<3>::random([1, 6, 12], normal, &device);
    let other = Tensor::random([1, 1, 12], normal, &device);
    let changed = x.clone().slice_assign([0..1, 3..4, 0..12], other);

    let mut no_mlp = block.clone();
    silence(&mut no_mlp.mlp.c_proj);
    let mut no_attention = block.clone();
    silence(&mut no_attention.attn.c_proj);

    let mut all_marks = Vec::new();
    println!("The fourth token was changed. █ marks an output that changed, too.");
    println!();
    println!("  token                1  2  3  4  5  6");
    for (name, block) in [
        ("the whole block", block),
        ("without the MLP", no_mlp),
        ("without attention", no_attention),
    ] {
        let difference = block.forward(changed.clone()) - block.forward(x.clone());
        let sizes = difference.abs().sum_dim(2).into_data();
        let marks: Vec<&str> = sizes
            .iter::<f32>()
            .map(|size| {
                if size > 1e-6 || size.is_nan() {
                    "█"
                } else {
                    "·"
                }
            })
            .collect();
        println!("  {name:<19}  {}", marks.join("  "));
        all_marks.push(marks.concat());
    }
    println!();
    if all_marks == ["···███", "···███", "···█··"] {
        println!("Attention alone carries a change to other tokens, and only forwards.");
        println!("The MLP works on each token by itself.");
    } else {
        println!("Attention alone should carry a change to other tokens, and only forwards; the");
        println!("MLP works on each token by itself. With your block that is not what is marked:");
        println!("`tutor run s09` says more.");
    }
}

/// Makes a projection return zeros.
fn silence(projection: &mut Linear) {
    projection.weight = (projection.weight.clone()).map(|weight| weight.zeros_like());
    projection.bias = None;
}
