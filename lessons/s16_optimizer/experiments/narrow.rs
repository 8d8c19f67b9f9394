//! Why `c_proj` starts narrower.
//!
//! Ask: twelve blocks add to the residual stream, twice each. How much larger is what comes out than
//! what went in, if every weight is drawn with 0.02? And if each `c_proj` is narrower by the root of 24?

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::gpt2_start;
use kit::Observer;
use kit::tensor::{Int, Tensor};

/// Prints the deviation of the residual path, block by block, for both starts.
pub fn observe(o: &mut Observer) {
    let config = GptConfig {
        vocab_size: 50,
        n_positions: 16,
        n_embd: 64,
        n_layer: 12,
        n_head: 4,
        n_inner: 256,
        dropout: 0.0,
        ..GptConfig::gpt2()
    };
    let narrow = gpt2_start(Gpt::new(&config, &o.device()), &config, 16);
    let mut wide = narrow.clone();
    for block in &mut wide.transformer.h {
        for projection in [&mut block.attn.c_proj, &mut block.mlp.c_proj] {
            let weight = projection.weight.clone();
            projection.weight = weight.map(|weight| weight * 24.0_f64.sqrt());
        }
    }
    let ids = Tensor::<1, Int>::arange(0..64, &o.device())
        .remainder_scalar(50)
        .reshape([4, 16]);
    let [wide, narrow] = [wide, narrow].map(|model| deviations(&model, ids.clone()));
    println!("  behind block   all 0.02   c_proj narrower");
    for (block, (wide, narrow)) in wide.iter().zip(&narrow).enumerate() {
        if block % 2 == 0 || block == 1 {
            println!("  {block:>12}   {wide:>8.4}   {narrow:>15.4}");
        }
    }
    println!();
    let growth = |all: &[f32]| all[12] / all[0];
    if growth(&wide) > 2.0 * growth(&narrow) && growth(&narrow) < 3.0 {
        println!(
            "Each of 24 projections adds something, and the deviation of a sum of independent"
        );
        println!("terms grows with the root of their number. Narrower by that root, all of them");
        println!("together add about what one alone would have added.");
    } else {
        println!(
            "With the narrower start, the path should grow much less than with the other. Yours"
        );
        println!(
            "grows {:.2} and {:.2} times: `tutor run s16` says more.",
            growth(&narrow),
            growth(&wide)
        );
    }
}

/// Of the embeddings, and of what each block hands on.
fn deviations(model: &Gpt, ids: Tensor<2, Int>) -> Vec<f32> {
    let mut x = model.transformer.embed(ids);
    let deviation = |x: &Tensor<3>| -> f32 { x.clone().square().mean().sqrt().into_scalar() };
    let mut all = vec![deviation(&x)];
    for block in &model.transformer.h {
        x = block.forward(x);
        all.push(deviation(&x));
    }
    all
}
