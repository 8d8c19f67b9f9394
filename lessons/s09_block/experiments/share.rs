//! How much a block adds to its input.
//!
//! Ask: GPT-2 begins with vectors whose elements have a standard deviation of 0.028, the sum of a
//! token's and a position's. How large is what its first, untrained block adds, in percent of that:
//! 1, 100, or more than 1000?

use crate::s01_config::GptConfig;
use crate::s09_block::Block;
use kit::Observer;
use kit::module::Param;
use kit::tensor::{Device, Distribution, Tensor};

/// Compares the length of what is added with the length of the input, changing one thing at a time.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    device.seed(9);
    let small = block(64, 4, &device);
    let wide = block(768, 12, &device);
    let mut narrower = wide.clone();
    for projection in [&mut narrower.attn.c_proj, &mut narrower.mlp.c_proj] {
        projection.weight = divided(&projection.weight, 24_f64.sqrt());
    }

    println!("  channels   deviation of the input     added");
    let mut added = Vec::new();
    for (block, n_embd, deviation, note) in [
        (&small, 64, 1.0, ""),
        (&wide, 768, 1.0, ""),
        (&wide, 768, 0.028, ""),
        (&narrower, 768, 0.028, "   with the c_proj of step 16"),
    ] {
        let normal = Distribution::Normal(0.0, deviation);
        let x = Tensor::<3>::random([1, 48, n_embd], normal, &device);
        let percent = 100.0 * length(block.forward(x.clone()) - x.clone()) / length(x);
        println!("  {n_embd:8}   {deviation:22}   {percent:5.0} %{note}");
        added.push(percent);
    }
    println!();
    let is_as_expected = (1.0..10.0).contains(&added[0])
        && (10.0..100.0).contains(&added[1])
        && (900.0..2000.0).contains(&added[2])
        && (150.0..500.0).contains(&added[3]);
    if is_as_expected {
        println!(
            "Each part reads through a norm, so what a block adds does not depend on the size"
        );
        println!("of its input. Beside large vectors of few channels it is little. Beside GPT-2's");
        println!("small ones it is many times as large: the first block all but replaces them.");
    } else {
        println!(
            "A fresh block should add about 3, 37, 1270 and 273 percent. Yours does otherwise:"
        );
        println!("`tutor run s09` says more.");
    }
}

fn block(n_embd: usize, n_head: usize, device: &Device) -> Block {
    let config = GptConfig {
        n_embd,
        n_head,
        n_inner: 4 * n_embd,
        ..GptConfig::gpt2()
    };
    Block::new(&config, device)
}

fn divided(weight: &Param<Tensor<2>>, by: f64) -> Param<Tensor<2>> {
    weight.clone().map(|weight| weight / by)
}

fn length(x: Tensor<3>) -> f32 {
    x.square().sum().sqrt().into_scalar()
}
