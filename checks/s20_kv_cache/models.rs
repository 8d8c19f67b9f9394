//! Models that texts are read and written with.

use super::config;
use crate::s11_lm_head::Gpt;
use crate::s19_sampling::SamplingConfig;
use kit::module::Param;
use kit::tensor::{Device, Tensor};
use kit::{Observer, Sizes};

/// How to choose tokens, without top-p.
pub fn sampling(temperature: f64, top_k: Option<usize>, penalty: f64, seed: u64) -> SamplingConfig {
    SamplingConfig {
        temperature,
        top_k,
        top_p: None,
        repetition_penalty: penalty,
        seed,
    }
}

/// Heads of this width: more takes time and shows nothing here.
pub fn small(sizes: Sizes, head_dim: usize) -> Sizes {
    Sizes {
        n_embd: head_dim * sizes.n_head,
        n_inner: 3,
        ..sizes
    }
}

/// A model that makes much of what attention finds, and little of the biases on its way: its texts show
/// what attention sees.
pub fn attentive(o: &Observer, sizes: Sizes) -> Gpt {
    let mut model = model(o, "", sizes);
    let body = &mut model.transformer;
    for block in &mut body.h {
        let attn = &mut block.attn;
        larger(&mut attn.c_attn.weight, 4.0);
        larger(&mut attn.c_proj.weight, 20.0);
    }
    larger(&mut body.ln_f.weight, 20.0);
    model
}

fn larger<const D: usize>(weight: &mut Param<Tensor<D>>, factor: f64) {
    *weight = weight.clone().map(|weight| weight * factor);
}

/// A model with these values.
pub fn model(o: &Observer, values: &str, sizes: Sizes) -> Gpt {
    model_on(o, values, sizes, &o.device())
}

/// The same on a device of its own.
pub fn model_on(o: &Observer, values: &str, sizes: Sizes, device: &Device) -> Gpt {
    o.filled_with(values, Gpt::new(&config(sizes), device))
}
