//! What the check of step 16 gives to the step.

use std::collections::BTreeMap;

use super::common::config;
use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::{AdamW, AdamWConfig, Moments, gpt2_start, map_parameters};
use kit::tensor::{Device, Tensor};
use kit::{Observer, Sizes, Tolerance};

/// Gradients by path.
pub type Map = BTreeMap<String, Tensor<1>>;

/// Sums over many tokens, with cancellation, and steps that hang on them.
pub const LEARNT: Tolerance = Tolerance {
    relative: 1e-3,
    absolute: 1e-3,
};

/// Means and mean squares of gradients, each between two bounds.
pub fn moments(o: &Observer, name: &str, [low, high, least, most]: [f64; 4], n: usize) -> Moments {
    Moments {
        first: o.floats_between(&format!("{name}: first"), low, high, [n]),
        second: o.floats_between(&format!("{name}: second"), least, most, [n]),
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

/// What gradients are of, where only their lengths matter.
pub const PATHS: [&str; 9] = [
    "transformer.wte.weight",
    "transformer.h.0.ln_1.bias",
    "transformer.h.0.attn.c_attn.weight",
    "transformer.ln_f.weight",
    "transformer.h.1.mlp.c_proj.bias",
    "transformer.h.1.attn.c_proj.weight",
    "transformer.ln_f.bias",
    "transformer.wpe.weight",
    "transformer.h.2.mlp.c_fc.weight",
];

/// Gradients of these lengths.
pub fn some(o: &Observer, highest: f64, lengths: &[usize]) -> Map {
    let mut map = Map::new();
    for (i, &n) in lengths.iter().enumerate() {
        // Each of another size: no two norms are alike.
        let highest = highest / (1 + i) as f64;
        let gradient = o.floats_between(PATHS[i], -highest, highest, [n]);
        map.insert(PATHS[i].to_owned(), gradient);
    }
    map
}

/// Gradients for every parameter of the model but the one under the path `without`.
pub fn drawn(o: &Observer, name: &str, model: &Gpt, highest: f64, without: &str) -> Map {
    let mut map = Map::new();
    walk(model, &mut |path, _, values| {
        if path != without {
            let name = format!("{name}{path}");
            let gradient = o.floats_between(&name, -highest, highest, values.dims());
            map.insert(path.to_owned(), gradient);
        }
    });
    map
}

/// Shows each parameter: its path, its shape, its values in a row.
pub fn walk(model: &Gpt, look: &mut dyn FnMut(&str, &[usize], Tensor<1>)) {
    map_parameters(model.clone(), &mut |path, shape, values| {
        look(path, shape, values.clone());
        values
    });
}

/// A model that holds other values than any start.
pub fn filled(o: &Observer, sizes: Sizes, device: &Device) -> Gpt {
    o.filled(Gpt::new(&config(sizes), device))
}

/// A model with its optimiser, on a device with autodiff. It was started, and has to learn none the
/// less; but it has the same values for everyone.
pub fn learner(o: &Observer, sizes: Sizes, settings: [f64; 4]) -> (Sizes, Gpt, AdamW) {
    let config = config(sizes);
    let model = gpt2_start(Gpt::new(&config, &o.device().autodiff()), &config, 4);
    (sizes, o.filled(model), AdamW::new(set(settings)))
}

/// A narrow model of so many blocks, since width and depth take time; and no dropout, so that
/// gradients are the same for everyone.
pub fn narrow(sizes: Sizes, n_layer: usize) -> Sizes {
    Sizes {
        n_embd: 2 * sizes.n_head,
        n_layer,
        dropout: 0.0,
        ..sizes
    }
}

/// A loss that depends on all parameters: the logits, of which each has an importance of its own.
pub fn loss(o: &Observer, model: &Gpt, sizes: Sizes, [batch, seq]: [usize; 2]) -> Tensor<1> {
    let ids = o.ids("ids", sizes.vocab_size, [batch, seq]).autodiff();
    let importance = o.floats("importance", [batch, seq, sizes.vocab_size]);
    let logits = model
        .forward(ids)
        .expect("shorter than the shortest window");
    (logits * importance.autodiff()).mean()
}
