//! Observes step 16.

#[path = "../common.rs"]
mod common;

#[path = "inputs.rs"]
mod inputs;

use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::{
    AdamW, AdamWConfig, Moments, adamw_update, clip, global_norm, gpt2_start, gradients,
};
use common::config;
use inputs::{LEARNT, Map, PATHS, drawn, filled, learner, loss, moments, narrow, set, some, walk};
use kit::tensor::Tensor;
use kit::{Observer, Sizes, Tolerance};

/// Records single steps, norms, where training starts, and what updates make of a model.
pub fn observe(o: &mut Observer) {
    let [first, second] = o.sizes();
    let (one_block, two_blocks) = (narrow(first, 1), narrow(second, 2));
    o.group("the defaults", |o| settings(o, &AdamWConfig::default()));
    o.group("a first step", |o| {
        for &(name, n, highest, settings) in &[
            ("a step", 7, 3.0, [0.1, 0.0, 0.8, 0.7, 1e-8]),
            (
                "another length, another rate",
                12,
                3.0,
                [0.03, 0.0, 0.8, 0.7, 1e-8],
            ),
            ("with decay", 7, 3.0, [0.1, 0.5, 0.8, 0.7, 1e-8]),
            ("with another decay", 12, 3.0, [0.4, 0.9, 0.8, 0.7, 1e-8]),
            ("a large epsilon", 9, 3.0, [0.1, 0.0, 0.8, 0.7, 0.5]),
            ("a single value", 1, 3.0, [0.2, 0.3, 0.8, 0.7, 1e-8]),
            ("large gradients", 6, 400.0, [0.1, 0.0, 0.8, 0.7, 1e-8]),
            ("gradients of zero", 4, 0.0, [0.2, 0.3, 0.8, 0.7, 1e-8]),
        ] {
            let before = moments(o, name, [0.0; 4], n);
            step(o, name, before, 1, highest, settings);
        }
    });
    o.group("later steps", |o| {
        let usual = [0.5, 2.0, 0.25, 4.0];
        for &(name, n, at, bounds, highest, settings) in &[
            ("step 2", 8, 2, usual, 3.0, [0.1, 0.0, 0.9, 0.95, 1e-8]),
            (
                "step 3, other betas",
                5,
                3,
                usual,
                3.0,
                [0.2, 0.0, 0.6, 0.8, 1e-8],
            ),
            ("step 40", 8, 40, usual, 3.0, [0.1, 0.3, 0.9, 0.95, 1e-8]),
            (
                "step 5, a large epsilon",
                6,
                5,
                usual,
                3.0,
                [0.1, 0.1, 0.7, 0.9, 0.4],
            ),
            (
                "step 66000",
                3,
                66_000,
                usual,
                3.0,
                [0.1, 0.9, 0.9, 0.999_95, 1e-8],
            ),
            (
                "large after small ones",
                6,
                90,
                [20.0, 60.0, 1e-4, 1e-3],
                0.01,
                [1e-3, 0.1, 0.9, 0.99, 1e-8],
            ),
            (
                "large gradients",
                5,
                7,
                [-900.0, -100.0, 1e4, 1e6],
                500.0,
                [0.3, 0.1, 0.9, 0.95, 1e-8],
            ),
            (
                "small gradients",
                5,
                4,
                [-1e-8, 1e-8, 1e-17, 1e-16],
                1e-8,
                [0.2, 0.1, 0.9, 0.95, 3e-9],
            ),
        ] {
            let before = moments(o, name, bounds, n);
            let after = step(o, name, before, at, highest, settings);
            let name = format!("{name}, and the one after it");
            step(o, &name, after, at + 1, highest, settings);
        }
    });
    o.group("the norm of all gradients", |o| {
        for &(name, highest, lengths) in &[
            ("three gradients", 2.0, &[5, 7, 3][..]),
            ("two others", 0.3, &[6, 11]),
            ("a single one", 2.0, &[8]),
            ("a single value", 2.0, &[1]),
            ("large and small", 4e4, &[4, 9]),
            ("many", 2.0, &[3, 4, 5, 9, 16, 25, 2, 6, 1]),
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
            ("to more than 1", 4e4, &[4, 9], 2.5),
            ("a single one", 2.0, &[8], 0.7),
            // Together they are too long, and each of them is not.
            ("none long by itself", 0.8, &[3, 4, 5, 9, 16, 25], 0.9),
            ("many", 2.0, &[3, 4, 5, 9, 16, 25, 2, 6, 1], 0.3),
            ("short enough", 0.1, &[4, 6], 1.0),
            ("just short enough", 1.0, &[5], 2.5),
            ("to nothing", 2.0, &[4, 3], 0.0),
            ("none", 2.0, &[], 1.0),
            ("three gradients again", 2.0, &[5, 7, 3], 1.0),
        ] {
            let mut found = some(o, highest, lengths);
            let norm = clip(&mut found, max_norm);
            o.number(&format!("{name}: the norm before"), norm);
            for &path in &PATHS[..lengths.len()] {
                one_of(o, &format!("{name}: {path}"), found.get(path), USUAL);
            }
        }
    });
    o.group("where training starts", |o| {
        for &(name, n_layer, [vocab_size, n_embd, n_inner]) in
            &[("", 1, [60, 24, 52]), ("another depth: ", 3, [50, 28, 72])]
        {
            let sizes = Sizes {
                vocab_size,
                n_positions: 30,
                n_embd,
                n_layer,
                n_head: 4,
                n_inner,
                ..first
            };
            let model = gpt2_start(filled(o, sizes, &o.device()), &config(sizes), 3);
            started(o, name, &model);
        }
    });
    o.group("starts from a seed", |o| {
        let config = config(one_block);
        let seed = 5 + o.below("seed", 1000) as u64;
        let old = filled(o, one_block, &o.device());
        let fresh = Gpt::new(&config, &o.device());
        let mut started = Vec::new();
        let model = gpt2_start(old.clone(), &config, seed);
        walk(&model, &mut |_, _, values| started.push(values));
        for &(name, old, seed) in &[
            ("with the same seed", &old, seed),
            ("with the next seed", &old, seed + 1),
            ("with the seed before", &old, seed - 1),
            ("with a seed far off", &old, seed + (1 << 63)),
            ("with the same seed, a fresh model", &fresh, seed),
        ] {
            let (mut i, mut equal) = (0, String::new());
            walk(
                &gpt2_start(old.clone(), &config, seed),
                &mut |path, _, values| {
                    let apart: f32 = (values - started[i].clone()).abs().sum().into_scalar();
                    if apart == 0.0 {
                        equal += path;
                        equal += " ";
                    }
                    i += 1;
                },
            );
            o.text(&format!("equal {name}"), equal);
        }
    });
    o.group("gradients by path", |o| {
        let model = filled(o, two_blocks, &o.device().autodiff());
        let found = gradients(&model, loss(o, &model, two_blocks, [2, 3]));
        // What collects them is given: this is what one has to write to get here.
        o.number("global norm", global_norm(&found));
        record(o, "", &model, &found);
        let x = o.floats("x", [2, 3, two_blocks.n_embd]).autodiff();
        let loss = model.transformer.ln_f.forward(x).mean();
        let found = gradients(&model, loss);
        record(o, "of the last norm alone: ", &model, &found);
    });
    o.group("before the first update", |o| {
        let optimizer = AdamW::new(set([0.7, 0.6, 0.2, 0.4]));
        o.integer("step", optimizer.step);
        o.integer("moments", optimizer.moments.len());
        settings(o, &optimizer.config);
    });
    o.group("updates of a model", |o| {
        for &(name, sizes, settings, rate, before) in &[
            ("", one_block, [0.9, 0.95, 1e-8, 0.1], 0.1, 0),
            ("from step 9 on: ", two_blocks, [0.7, 0.8, 0.3, 0.5], 0.2, 9),
        ] {
            let mut model = filled(o, sizes, &o.device());
            let mut optimizer = AdamW::new(set(settings));
            // As if it had been saved, and read again.
            optimizer.step = before;
            for at in 1..4 {
                let name = format!("{name}update {at}: ");
                let found = drawn(o, &name, &model, f64::from(10 * at), "");
                model = optimizer.update(model, &found, rate / f64::from(at));
                values(o, &name, &model, &optimizer);
            }
            remembered(o, name, &model, &optimizer);
        }
    });
    o.group("what decays", |o| {
        for &(name, sizes, decay, rate) in &[
            ("", one_block, 0.5, 0.2),
            ("another size: ", two_blocks, 0.8, 0.6),
        ] {
            let model = filled(o, sizes, &o.device());
            let mut optimizer = AdamW::new(set([0.9, 0.95, 1e-8, decay]));
            // Gradients of zero: nothing but decay is left.
            let found = drawn(o, name, &model, 0.0, "");
            let model = optimizer.update(model, &found, rate);
            values(o, name, &model, &optimizer);
        }
    });
    o.group("parameters without a gradient", |o| {
        let (table, norm) = ("transformer.wpe.weight", "transformer.ln_f.bias");
        let mut model = filled(o, one_block, &o.device());
        let mut optimizer = AdamW::new(set([0.8, 0.9, 1e-8, 0.4]));
        // A rate of zero, as warming up may begin with, is a step like any other.
        for &(name, without, rate) in &[
            ("update 1: ", table, 0.1),
            ("update 2, a rate of 0: ", norm, 0.0),
            ("update 3: ", table, 0.2),
            ("update 4: ", "", 0.1),
            ("update 5: ", norm, 0.1),
        ] {
            let found = drawn(o, name, &model, 1.0, without);
            model = optimizer.update(model, &found, rate);
            values(o, name, &model, &optimizer);
        }
        model = optimizer.update(model, &Map::new(), 0.1);
        values(o, "no gradients at all: ", &model, &optimizer);
        remembered(o, "", &model, &optimizer);
    });
    o.group("two models that learn from texts", |o| {
        let mut one = learner(o, one_block, [0.9, 0.95, 1e-6, 0.1]);
        let mut other = learner(o, narrow(second, 1), [0.6, 0.7, 1e-3, 0.3]);
        for at in 1..4 {
            learn(o, &format!("model 1, step {at}"), &mut one, at);
            learn(o, &format!("model 2, step {at}"), &mut other, at);
        }
    });
}

const USUAL: Tolerance = Tolerance::DEFAULT;

/// Records what an optimiser can be told.
fn settings(o: &mut Observer, config: &AdamWConfig) {
    for &(name, value) in &[
        ("beta_1", config.beta_1),
        ("beta_2", config.beta_2),
        // In units of 1e-8: as it is, every small number is close enough.
        ("epsilon, times 100,000,000", config.epsilon * 1e8),
        ("weight_decay", config.weight_decay),
    ] {
        o.number(name, value);
    }
}

/// Records one step on values that the name decides: learning rate, decay, betas, epsilon.
fn step(
    o: &mut Observer,
    name: &str,
    before: Moments,
    at: usize,
    highest: f64,
    [rate, decay, beta_1, beta_2, epsilon]: [f64; 5],
) -> Moments {
    let shape = before.first.dims();
    let parameter = o.floats(&format!("{name}: parameter"), shape);
    let gradient = o.floats_between(&format!("{name}: gradient"), -highest, highest, shape);
    // Another decay than the one that is to be applied.
    let config = set([beta_1, beta_2, epsilon, 0.77]);
    let (after, moments) = adamw_update(parameter, gradient, before, at, rate, decay, &config);
    o.tensor(&format!("{name}: first moment"), moments.first.clone());
    o.tensor(&format!("{name}: second moment"), moments.second.clone());
    o.tensor(&format!("{name}: parameter"), after);
    moments
}

/// Records what every parameter starts from; and of all that are drawn alike together, since so many
/// draws say more of their deviation.
fn started(o: &mut Observer, name: &str, model: &Gpt) {
    let (mut wide, mut narrow) = (Vec::new(), Vec::new());
    let (mut seen, mut again) = (Vec::new(), 0);
    walk(model, &mut |path, shape, values| {
        o.start_tensor(&format!("{name}{path}"), values.clone());
        if shape.len() < 2 {
            return;
        }
        // Signs tell draws apart, however wide these are.
        for at in [0, shape[1], shape[0] / 2 * shape[1]] {
            let draws = values.clone().narrow(0, at, 48).into_data();
            let draws: Vec<f32> = draws.iter::<f32>().collect();
            let mut signs = 0_u64;
            for draw in draws {
                signs = 2 * signs + u64::from(draw > 0.0);
            }
            for &other in &seen {
                again += usize::from(other == signs);
            }
            seen.push(signs);
        }
        if path.contains("c_proj") {
            narrow.push(values);
        } else {
            wide.push(values);
        }
    });
    o.start_tensor(&format!("{name}each c_proj"), Tensor::cat(narrow, 0));
    o.start_tensor(&format!("{name}all others"), Tensor::cat(wide, 0));
    o.integer(&format!("{name}rows that begin like another"), again);
}

/// Records every parameter, and what the optimiser counts.
fn values(o: &mut Observer, name: &str, model: &Gpt, optimizer: &AdamW) {
    o.integer(&format!("{name}steps in all"), optimizer.step);
    o.integer(
        &format!("{name}parameters with moments"),
        optimizer.moments.len(),
    );
    walk(model, &mut |path, _, values| {
        o.tensor(&format!("{name}{path}"), values)
    });
}

/// Records what an optimiser remembers of every parameter.
fn remembered(o: &mut Observer, name: &str, model: &Gpt, optimizer: &AdamW) {
    walk(model, &mut |path, _, _| {
        let moments = optimizer.moments.get(path);
        let first = moments.map(|both| &both.first);
        one_of(o, &format!("{name}first moment of {path}"), first, USUAL);
        let second = moments.map(|both| &both.second);
        one_of(o, &format!("{name}second moment of {path}"), second, USUAL);
    });
}

/// Records a loss, and lets the model learn from it but for the last time.
fn learn(
    o: &mut Observer,
    name: &str,
    (sizes, model, optimizer): &mut (Sizes, Gpt, AdamW),
    at: usize,
) {
    let loss = loss(o, model, *sizes, [2, 3]);
    o.tensor_within(&format!("{name}: loss"), loss.clone().inner(), LEARNT);
    if at < 3 {
        let mut found = gradients(model, loss);
        o.integer(&format!("{name}: parameters that learn"), found.len());
        o.number_within(
            &format!("{name}: norm"),
            clip(&mut found, 0.5 / at as f64),
            LEARNT,
        );
        *model = optimizer.update(model.clone(), &found, 0.05);
    }
}

/// Records what a map has under a path, or that it has none: a list of names would say less.
fn one_of(o: &mut Observer, name: &str, found: Option<&Tensor<1>>, within: Tolerance) {
    match found {
        Some(values) => o.tensor_within(name, values.clone(), within),
        None => o.text(name, "none"),
    }
}

/// Records gradients, and what has none.
fn record(o: &mut Observer, name: &str, model: &Gpt, found: &Map) {
    o.integer(&format!("{name}gradients"), found.len());
    walk(model, &mut |path, _, _| {
        let name = format!("{name}gradient of {path}");
        one_of(o, &name, found.get(path), LEARNT);
    });
}
