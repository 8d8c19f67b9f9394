//! Shapes through the model.
//!
//! Ask: two rows of five token ids go in; the width is 12, there are 3 heads, and the MLP is 20
//! wide. Which of the stages change the shape, and which is the largest tensor on the way?

use crate::s01_config::GptConfig;
use crate::s10_model::GptModel;
use kit::Observer;
use kit::tensor::{Int, Tensor};

/// Prints the shape at each stage, and what its axes are.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    device.seed(10);
    let config = GptConfig {
        vocab_size: 11,
        n_positions: 8,
        n_embd: 12,
        n_layer: 2,
        n_head: 3,
        n_inner: 20,
        ..GptConfig::gpt2()
    };
    let model = GptModel::new(&config, &device);
    let ids = Tensor::<2, Int>::from_data([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3]], &device);
    line("ids", &ids.dims(), "batch, seq");
    let mut x = model.embed(ids.clone());
    line("embeddings", &x.dims(), "batch, seq, n_embd");
    let start = x.dims();
    let mut stays = start == [2, 5, 12];
    for (i, block) in model.h.iter().enumerate() {
        if i == 0 {
            let (three, heads) = ("batch, seq, 3 n_embd", "batch, n_head, seq, head_dim");
            let normed = block.ln_1.forward(x.clone());
            line("h.0  ln_1", &normed.dims(), "batch, seq, n_embd");
            let qkv = block.attn.c_attn.forward(normed);
            line("     c_attn", &qkv.dims(), three);
            let q = block.attn.split_heads(qkv.narrow(2, 0, 12));
            line("     queries", &q.dims(), heads);
            let weights = block.attn.attention_weights(q.clone(), q.clone());
            line("     weights", &weights.dims(), "batch, n_head, seq, seq");
            let found = weights.matmul(q);
            line("     found", &found.dims(), heads);
            let merged = block.attn.merge_heads(found);
            line("     merged", &merged.dims(), "batch, seq, n_embd");
            let wide = block.mlp.c_fc.forward(block.ln_2.forward(x.clone()));
            line("     c_fc", &wide.dims(), "batch, seq, n_inner");
        }
        x = block.forward(x);
        line(&format!("h.{i}"), &x.dims(), "batch, seq, n_embd");
        stays &= x.dims() == start;
    }
    line("ln_f", &model.ln_f.forward(x).dims(), "batch, seq, n_embd");
    match model.forward(ids) {
        Ok(output) => line("the model", &output.dims(), "batch, seq, n_embd"),
        Err(error) => println!("  the model refuses: {error}"),
    }
    println!();
    if stays {
        println!("Inside a block the shape changes; from block to block it never does.");
    } else {
        println!("From block to block the shape should never change, and be [2, 5, 12]:");
        println!("`tutor run s10` says more.");
    }
}

fn line(stage: &str, shape: &[usize], axes: &str) {
    let values: usize = shape.iter().product();
    let shape = format!("{shape:?}");
    println!("  {stage:<14} {shape:<15} {values:>4} values   {axes}");
}
