//! Observes step 16.

#[path = "../common.rs"]
mod common;

#[path = "inputs.rs"]
mod inputs;

use std::collections::BTreeMap;

use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::{
    AdamW, AdamWConfig, Moments, adamw_update, clip, global_norm, gpt2_start, gradients,
};
use common::config;
use inputs::{Map, drawn, moments, set, some};
use kit::tensor::{Device, Tensor};
use kit::{Observer, Sizes, Tolerance};

/// Records single steps, norms, where training starts, and what updates make of a model.
pub fn observe(o: &mut Observer) {
    let [first, second] = o.sizes();
    o.group("the defaults", |o| {
        let config = AdamWConfig::default();
        o.number("beta_1", config.beta_1);
        o.number("beta_2", config.beta_2);
        // In units of 1e-8: as it is, every small number is close enough.
        o.number("epsilon, times 100,000,000", config.epsilon * 1e8);
        o.number("weight_decay", config.weight_decay);
    });
    o.group("a first step", |o| {
        for &(name, n, epsilon, rate, decay) in &[
            ("a step", 7, 1e-8, 0.1, 0.0),
            ("another length, another rate", 12, 1e-8, 0.03, 0.0),
            ("with decay", 7, 1e-8, 0.1, 0.5),
            ("with another decay", 12, 1e-8, 0.4, 0.2),
            ("a large epsilon", 9, 0.5, 0.1, 0.0),
            ("a single value", 1, 1e-8, 0.2, 0.3),
        ] {
            let before = moments(o, name, [0.0, 0.0], n);
            step(o, name, before, 1, [rate, decay, 0.8, 0.7, epsilon]);
        }
    });
    o.group("later steps", |o| {
        for &(name, n, at, settings) in &[
            ("step 2", 8, 2, [0.1, 0.0, 0.9, 0.95, 1e-8]),
            ("step 3, other betas", 5, 3, [0.2, 0.0, 0.6, 0.8, 1e-8]),
            ("step 40", 8, 40, [0.1, 0.3, 0.9, 0.95, 1e-8]),
            ("step 5, a large epsilon", 6, 5, [0.1, 0.1, 0.7, 0.9, 0.4]),
            ("step 100000", 3, 100_000, [0.1, 0.1, 0.9, 0.999, 1e-8]),
        ] {
            let before = moments(o, name, [0.5, 2.0], n);
            let after = step(o, name, before, at, settings);
            let name = format!("{name}, and the one after it");
            step(o, &name, after, at + 1, settings);
        }
    });
    o.group("the norm of all gradients", |o| {
        for &(name, highest, lengths) in &[
            ("three gradients", 2.0, &[5, 7, 3][..]),
            ("two others", 0.3, &[6, 11]),
            ("a single one", 2.0, &[8]),
            ("a single value", 2.0, &[1]),
            ("large and small", 400.0, &[4, 9]),
            ("none", 2.0, &[]),
        ] {
            let norm = global_norm(&some(o, highest, lengths));
            o.number(name, norm);
        }
    });
    o.group("clipping", |o| {
        for &(name, highest, lengths, max_norm) in &[
            ("three gradients to 1", 2.0, &[5, 7, 3][..], 1.0),
            ("two to 0.5", 3.0, &[6, 11], 0.5),
            ("to more than 1", 40.0, &[4, 9], 2.5),
            ("a single one", 2.0, &[8], 0.7),
            // Together they are too long, and each of them is not.
            ("none long by itself", 0.8, &[3, 4, 5, 9, 16, 25], 0.9),
            ("short enough", 0.1, &[4, 6], 1.0),
            ("just short enough", 1.0, &[5], 2.5),
            ("none", 2.0, &[], 1.0),
            ("three gradients again", 2.0, &[5, 7, 3], 1.0),
        ] {
            let mut found = some(o, highest, lengths);
            let norm = clip(&mut found, max_norm);
            o.number(&format!("{name}: the norm before"), norm);
            for (path, gradient) in found {
                o.tensor(&format!("{name}: {path}"), gradient);
            }
        }
    });
    o.group("where training starts", |o| {
        let sizes = |n_layer, [vocab_size, n_embd, n_inner]: [usize; 3]| Sizes {
            vocab_size,
            n_embd,
            n_inner,
            n_layer,
            n_positions: 30,
            n_head: 4,
            ..first
        };
        for &(name, sizes) in &[
            ("", sizes(2, [70, 32, 60])),
            ("another depth: ", sizes(5, [50, 24, 80])),
        ] {
            let config = config(sizes);
            let model = gpt2_start(filled(o, sizes, &o.device()), &config, 3);
            let body = &model.transformer;
            o.start(&format!("{name}wte."), &body.wte);
            o.start(&format!("{name}wpe."), &body.wpe);
            o.start(&format!("{name}h.0.attn.c_attn."), &body.h[0].attn.c_attn);
            let last = &body.h[sizes.n_layer - 1];
            o.start(&format!("{name}last attn.c_proj."), &last.attn.c_proj);
            o.start(&format!("{name}last mlp.c_fc."), &last.mlp.c_fc);
            o.start(&format!("{name}last mlp.c_proj."), &last.mlp.c_proj);
            for &(path, values) in &[
                ("last ln_1.weight", &last.ln_1.weight),
                ("last ln_2.bias", &last.ln_2.bias),
                ("ln_f.weight", &body.ln_f.weight),
                ("ln_f.bias", &body.ln_f.bias),
            ] {
                o.start_tensor(&format!("{name}{path}"), values.val());
            }
            o.alike(
                &format!("{name}equal in the c_fc of two blocks"),
                &body.h[0].mlp.c_fc,
                &last.mlp.c_fc,
            );
        }
    });
    o.group("starts from a seed", |o| {
        let sizes = shallow(first);
        let config = config(sizes);
        let seed = 5 + o.below("seed", 1000) as u64;
        let old = filled(o, sizes, &o.device());
        let fresh = Gpt::new(&config, &o.device());
        let model = gpt2_start(old.clone(), &config, seed);
        for &(name, old, seed) in &[
            ("with the same seed", &old, seed),
            ("with the next seed", &old, seed + 1),
            ("with the seed before", &old, seed - 1),
            ("with a seed far off", &old, seed + (1 << 40)),
            ("with the same seed, a fresh model", &fresh, seed),
        ] {
            let other = gpt2_start(old.clone(), &config, seed);
            // Of three that differ in kind: to go over a whole model is much code.
            let (one, other) = (&model.transformer, &other.transformer);
            o.alike(&format!("wte, equal {name}"), &one.wte, &other.wte);
            let (one, other) = (&one.h[0], &other.h[0]);
            let (attn, mlp) = (&one.attn.c_attn, &one.mlp.c_proj);
            o.alike(&format!("c_attn, equal {name}"), attn, &other.attn.c_attn);
            o.alike(&format!("mlp.c_proj, equal {name}"), mlp, &other.mlp.c_proj);
        }
    });
    o.group("gradients by path", |o| {
        for &(name, sizes, shape) in &[("", first, [2, 3]), ("another size: ", second, [3, 4])] {
            let model = filled(o, shallow(sizes), &o.device().autodiff());
            let found = gradients(&model, loss(o, &model, sizes, shape));
            // What collects them is given: this is what one has to write to get here.
            o.number(&format!("{name}global norm"), global_norm(&found));
            record(o, name, found);
        }
        let model = filled(o, shallow(first), &o.device().autodiff());
        let x = o.floats("x", [2, 3, first.n_embd]).autodiff();
        let loss = model.transformer.ln_f.forward(x).mean();
        record(o, "of the last norm alone: ", gradients(&model, loss));
    });
    o.group("before the first update", |o| {
        let optimizer = AdamW::new(set([0.7, 0.6, 0.2, 0.4]));
        o.integer("step", optimizer.step);
        o.text("moments of", paths(&optimizer.moments));
        o.text(
            "configuration",
            optimizer.config == set([0.7, 0.6, 0.2, 0.4]),
        );
    });
    o.group("updates of a model", |o| {
        for &(name, sizes, settings, rate) in &[
            ("", first, [0.9, 0.95, 1e-8, 0.1], 0.1),
            ("another size: ", second, [0.7, 0.8, 0.3, 0.5], 0.2),
        ] {
            let mut model = filled(o, shallow(sizes), &o.device());
            let mut optimizer = AdamW::new(set(settings));
            for at in 1..4 {
                let found = drawn(o, at, sizes, 1.0);
                model = optimizer.update(model, &found, rate / at as f64);
                o.integer(&format!("{name}step after update {at}"), optimizer.step);
                values(o, &format!("{name}update {at}: "), &model);
            }
            remembered(o, name, optimizer);
        }
    });
    o.group("what decays", |o| {
        for &(name, sizes, decay, rate) in
            &[("", first, 0.5, 0.2), ("another size: ", second, 0.3, 0.6)]
        {
            let model = filled(o, shallow(sizes), &o.device());
            let mut optimizer = AdamW::new(set([0.9, 0.95, 1e-8, decay]));
            // Gradients of zero: nothing but decay is left.
            let model = optimizer.update(model, &drawn(o, 1, sizes, 0.0), rate);
            values(o, name, &model);
        }
    });
    o.group("parameters without a gradient", |o| {
        for &(name, sizes, path) in &[
            ("", first, "transformer.wpe.weight"),
            ("a norm: ", second, "transformer.ln_f.bias"),
        ] {
            let mut model = filled(o, shallow(sizes), &o.device());
            let mut optimizer = AdamW::new(set([0.8, 0.9, 1e-8, 0.4]));
            for &(at, is_missing) in &[(1, true), (2, false), (3, true), (4, false)] {
                let mut found = drawn(o, at, sizes, 1.0);
                if is_missing {
                    found.remove(path);
                }
                model = optimizer.update(model, &found, 0.1);
                values(o, &format!("{name}update {at}: "), &model);
                if at == 1 {
                    o.text(&format!("{name}moments of"), paths(&optimizer.moments));
                }
            }
            model = optimizer.update(model, &Map::new(), 0.1);
            values(o, &format!("{name}no gradients at all: "), &model);
            remembered(o, name, optimizer);
        }
    });
    o.group("two models that learn from texts", |o| {
        let device = o.device().autodiff();
        let mut learners = Vec::new();
        for &(sizes, settings) in &[
            (first, [0.9, 0.95, 1e-6, 0.1]),
            (second, [0.6, 0.7, 1e-3, 0.3]),
        ] {
            let model = filled(o, shallow(sizes), &device);
            learners.push((sizes, model, AdamW::new(set(settings))));
        }
        for at in 1..4 {
            for (i, (sizes, model, optimizer)) in learners.iter_mut().enumerate() {
                let name = format!("model {}, step {at}", i + 1);
                let loss = loss(o, model, *sizes, [2, 3 + i]);
                o.tensor_within(&format!("{name}: loss"), loss.clone().inner(), LEARNT);
                let mut found = gradients(model, loss);
                o.integer(&format!("{name}: parameters that learn"), found.len());
                o.number_within(&format!("{name}: norm"), clip(&mut found, 0.5), LEARNT);
                *model = optimizer.update(model.clone(), &found, 0.05);
            }
        }
        let config = config(shallow(first));
        let model = gpt2_start(Gpt::new(&config, &device), &config, 4);
        let found = gradients(&model, loss(o, &model, first, [2, 3]));
        o.integer("parameters that learn after a start", found.len());
    });
}

/// Sums over many tokens, with cancellation, and steps that hang on them.
const LEARNT: Tolerance = Tolerance {
    relative: 1e-3,
    absolute: 1e-3,
};

/// Records one step on values that the name decides: learning rate, decay, betas, epsilon.
fn step(
    o: &mut Observer,
    name: &str,
    before: Moments,
    at: usize,
    [rate, decay, beta_1, beta_2, epsilon]: [f64; 5],
) -> Moments {
    let shape = before.first.dims();
    let parameter = o.floats(&format!("{name}: parameter"), shape);
    let gradient = o.floats(&format!("{name}: gradient"), shape);
    // Another decay than the one that is to be applied.
    let config = set([beta_1, beta_2, epsilon, 0.77]);
    let (after, moments) = adamw_update(parameter, gradient, before, at, rate, decay, &config);
    o.tensor(&format!("{name}: first moment"), moments.first.clone());
    o.tensor(&format!("{name}: second moment"), moments.second.clone());
    o.tensor(&format!("{name}: parameter"), after);
    moments
}

/// Records one parameter of each kind.
fn values(o: &mut Observer, name: &str, model: &Gpt) {
    let body = &model.transformer;
    let block = &body.h[0];
    for &(path, weight) in &[
        ("wte.weight", &body.wte.weight),
        ("wpe.weight", &body.wpe.weight),
        ("h.0.attn.c_attn.weight", &block.attn.c_attn.weight),
        ("h.0.mlp.c_proj.weight", &block.mlp.c_proj.weight),
    ] {
        o.tensor(&format!("{name}{path}"), weight.val());
    }
    for &(path, values) in &[
        ("h.0.ln_1.weight", &block.ln_1.weight),
        ("ln_f.bias", &body.ln_f.bias),
    ] {
        o.tensor(&format!("{name}{path}"), values.val());
    }
    if let Some(bias) = &block.attn.c_attn.bias {
        o.tensor(&format!("{name}h.0.attn.c_attn.bias"), bias.val());
    }
}

/// Records what an optimiser remembers.
fn remembered(o: &mut Observer, name: &str, optimizer: AdamW) {
    o.integer(&format!("{name}steps in all"), optimizer.step);
    o.text(
        &format!("{name}moments in the end"),
        paths(&optimizer.moments),
    );
    for &path in &["transformer.wpe.weight", "transformer.ln_f.bias"] {
        if let Some(moments) = optimizer.moments.get(path) {
            let (first, second) = (moments.first.clone(), moments.second.clone());
            o.tensor(&format!("{name}first moment of {path}"), first);
            o.tensor(&format!("{name}second moment of {path}"), second);
        }
    }
}

/// The keys of a map, in their order.
fn paths<V>(map: &BTreeMap<String, V>) -> String {
    let mut paths = String::new();
    for path in map.keys() {
        paths += path;
        paths += " ";
    }
    paths
}

/// Records gradients, and of what they are.
fn record(o: &mut Observer, name: &str, found: Map) {
    o.text(&format!("{name}gradients of"), paths(&found));
    for (path, gradient) in found {
        o.tensor_within(&format!("{name}gradient of {path}"), gradient, LEARNT);
    }
}

/// A loss that depends on all parameters: the logits, of which each has an importance of its own.
fn loss(o: &Observer, model: &Gpt, sizes: Sizes, [batch, seq]: [usize; 2]) -> Tensor<1> {
    let ids = o.ids("ids", sizes.vocab_size, [batch, seq]).autodiff();
    let importance = o.floats("importance", [batch, seq, sizes.vocab_size]);
    let logits = model
        .forward(ids)
        .expect("shorter than the shortest window");
    (logits * importance.autodiff()).mean()
}

fn filled(o: &Observer, sizes: Sizes, device: &Device) -> Gpt {
    o.filled(Gpt::new(&config(sizes), device))
}

/// A single block, since depth takes time; and no dropout, so that gradients are the same for
/// everyone.
fn shallow(sizes: Sizes) -> Sizes {
    Sizes {
        n_layer: 1,
        dropout: 0.0,
        ..sizes
    }
}
