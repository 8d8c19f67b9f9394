//! What the check of step 16 gives to the step.

use std::collections::BTreeMap;

use crate::s16_optimizer::{AdamWConfig, Moments};
use kit::tensor::Tensor;
use kit::{Observer, Sizes};

/// Gradients by path.
pub type Map = BTreeMap<String, Tensor<1>>;

/// Between these bounds, the second one squared: no mean square is negative.
pub fn moments(o: &Observer, name: &str, [low, high]: [f64; 2], n: usize) -> Moments {
    Moments {
        first: o.floats_between(&format!("{name}: first"), low, high, [n]),
        second: o.floats_between(&format!("{name}: second"), low.powi(2), high.powi(2), [n]),
    }
}

/// Betas, epsilon and decay.
pub fn set([beta_1, beta_2, epsilon, weight_decay]: [f64; 4]) -> AdamWConfig {
    AdamWConfig {
        beta_1,
        beta_2,
        epsilon,
        weight_decay,
    }
}

/// Gradients of these lengths.
pub fn some(o: &Observer, highest: f64, lengths: &[usize]) -> Map {
    let mut map = Map::new();
    for (i, &n) in lengths.iter().enumerate() {
        // Each of another size: no two norms are alike.
        let highest = highest / (1 + i) as f64;
        let path = format!("gradient {i}");
        map.insert(
            path.clone(),
            o.floats_between(&path, -highest, highest, [n]),
        );
    }
    map
}

/// Gradients for every parameter of a model with one block.
pub fn drawn(o: &Observer, at: usize, sizes: Sizes, highest: f64) -> Map {
    let (width, inner) = (sizes.n_embd, sizes.n_inner);
    let mut map = Map::new();
    for &(layer, d_in, d_out) in &[
        ("wte", sizes.vocab_size, width),
        ("wpe", sizes.n_positions, width),
        ("h.0.ln_1", 1, width),
        ("h.0.attn.c_attn", width, 3 * width),
        ("h.0.attn.c_proj", width, width),
        ("h.0.ln_2", 1, width),
        ("h.0.mlp.c_fc", width, inner),
        ("h.0.mlp.c_proj", inner, width),
        ("ln_f", 1, width),
    ] {
        for &(field, n) in &[("weight", d_in * d_out), ("bias", d_out)] {
            // The tables have no bias.
            if field == "weight" || !layer.starts_with('w') {
                let path = format!("transformer.{layer}.{field}");
                let name = format!("update {at}: {path}");
                let gradient = o.floats_between(&name, -highest, highest, [n]);
                map.insert(path, gradient);
            }
        }
    }
    map
}
