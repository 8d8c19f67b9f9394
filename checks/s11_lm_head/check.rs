//! Observes step 11.

#[path = "../common.rs"]
mod common;

use crate::s11_lm_head::Gpt;
use common::config;
use kit::tensor::{Device, Tensor};
use kit::{Observer, Sizes};

/// Records the logits, what the model consists of, and how the shared table learns.
pub fn observe(o: &mut Observer) {
    let [first, second] = o.sizes();
    // Depth takes time and shows little here: the stack of blocks is step 10.
    let shallow = Sizes {
        n_layer: 1,
        ..second
    };
    o.group("the parameters", |o| {
        for &(name, sizes) in &[("parameters", first), ("parameters, another size", second)] {
            let model = Gpt::new(&config(sizes), &o.device());
            o.parameters(name, &model);
            let probability = model.transformer.drop.prob;
            o.number(&format!("{name}: probability of dropout"), probability);
        }
    });
    o.group("the starting values", |o| {
        let config = config(Sizes {
            vocab_size: 70,
            n_positions: 20,
            n_embd: 24,
            n_head: 3,
            n_inner: 28,
            n_layer: 2,
            ..shallow
        });
        let model = Gpt::new(&config, &o.device()).transformer;
        let next = Gpt::new(&config, &o.device()).transformer;
        for &(name, weight) in &[
            ("wte.weight", &model.wte.weight),
            ("wpe.weight", &model.wpe.weight),
            ("h.0.attn.c_proj.weight", &model.h[0].attn.c_proj.weight),
            ("h.0.mlp.c_fc.weight", &model.h[0].mlp.c_fc.weight),
        ] {
            o.start_tensor(name, weight.val());
        }
        o.start_tensor("ln_f.weight", model.ln_f.weight.val());
        o.start_tensor("ln_f.bias", model.ln_f.bias.val());
        o.alike("equal in the wte of two models", &model.wte, &next.wte);
        let (block, above) = (&model.h[0].mlp, &model.h[1].mlp);
        o.alike(
            "equal in the mlp.c_fc of two blocks",
            &block.c_fc,
            &above.c_fc,
        );
    });
    o.group("the table of parts", |o| {
        for &(depth, sizes) in &[
            ("", first),
            (", another depth", second),
            (", one block", shallow),
        ] {
            let table = Gpt::new(&config(sizes), &o.device()).parameter_table();
            let mut sum = 0;
            for entry in &table {
                sum += entry.parameters;
            }
            // Before the parts: one too many moves all behind it.
            o.integer(&format!("number of parts{depth}"), table.len());
            o.integer(&format!("sum of all parts{depth}"), sum);
            for entry in &table {
                o.integer(&format!("{}{depth}", entry.part), entry.parameters);
            }
        }
    });
    o.group("the logits", |o| {
        let model = filled(o, "", first, &o.device());
        let larger = filled(o, "", shallow, &o.device());
        let other = filled(o, "other values", shallow, &o.device());
        let longest = second.n_positions;
        logits(o, "logits", &model, first, [2, 5]);
        logits(o, "another size", &larger, second, [3, 4]);
        logits(o, "other parameters", &other, second, [2, 5]);
        logits(o, "the longest sequence", &larger, second, [3, longest]);
        logits(o, "the first model again", &model, first, [2, 5]);
    });
    o.group("as many tokens as channels", |o| {
        for &(name, sizes, more) in &[
            ("logits", first, 0),
            ("another size", second, 0),
            // Tells a factor of the table's one side from one of the other.
            ("one token more than channels", second, 1),
        ] {
            let sizes = Sizes {
                vocab_size: sizes.n_embd + more,
                n_layer: 1,
                ..sizes
            };
            let model = filled(o, "", sizes, &o.device());
            logits(o, name, &model, sizes, [2, 5]);
        }
    });
    o.group("a single row and a single token", |o| {
        let model = filled(o, "", shallow, &o.device());
        for &(name, shape) in &[
            ("one row of one token", [1, 1]),
            ("three rows of one token", [3, 1]),
            ("one row of the longest sequence", [1, second.n_positions]),
        ] {
            logits(o, name, &model, second, shape);
        }
    });
    o.group("a sequence that is too long", |o| {
        for &(name, sizes, [batch, more]) in &[
            ("one token too many", first, [2, 1]),
            ("many tokens too many", first, [1, 13]),
            ("many tokens too many, another size", shallow, [1, 14]),
        ] {
            let model = filled(o, "", sizes, &o.device());
            let ids = o.ids("long", sizes.vocab_size, [batch, sizes.n_positions + more]);
            let mut said = String::new();
            o.fallible_call(name, || {
                let refused = model.forward(ids);
                if let Err(error) = &refused {
                    said = format!("seq {}, n_positions {}", error.seq, error.n_positions);
                }
                refused
            });
            o.text(&format!("{name}: the error"), said);
        }
    });
    o.group("dropout in training", |o| {
        // The same random numbers twice: what the model drops, and nothing else, shows in the logits.
        let device = o.device();
        let model = filled(o, "", shallow, &device.clone().autodiff());
        let ids = o.ids("ids", shallow.vocab_size, [2, 4]).autodiff();
        device.seed(5);
        let Ok(hidden) = model.transformer.forward(ids.clone()) else {
            return;
        };
        let table = model.transformer.wte.weight.val().transpose();
        let expected = hidden.matmul(table.unsqueeze());
        device.seed(5);
        let far = |logits: Tensor<3>| (logits - expected).abs().max().into_scalar::<f32>();
        let far = model.forward(ids).map_or(1.0, far);
        o.text("the logits are those of the model, once", far < 1e-3);
    });
    o.group("what the shared table learns from", |o| {
        for &(name, sizes, [batch, seq]) in &[
            ("gradient of wte.", first, [2, 5]),
            ("another size: gradient of wte.", second, [3, 2]),
        ] {
            let vocab_size = sizes.vocab_size;
            // No dropout: the gradient is to be the same for everyone.
            let sizes = Sizes {
                n_layer: 1,
                dropout: 0.0,
                ..sizes
            };
            let model = filled(o, "", sizes, &o.device().autodiff());
            let ids = o.ids("ids", vocab_size, [batch, seq]).autodiff();
            let importance = o.floats("importance of each logit", [batch, seq, vocab_size]);
            if let Ok(logits) = model.forward(ids) {
                let loss = (logits * importance.autodiff()).sum();
                o.gradients(name, &model.transformer.wte, &loss);
            }
        }
    });
}

fn logits(o: &mut Observer, name: &str, model: &Gpt, sizes: Sizes, shape: [usize; 2]) {
    let ids = o.ids("ids", sizes.vocab_size, shape);
    o.attempt(&format!("{name} [batch, seq, vocab_size]"), || {
        model.forward(ids)
    });
}

fn filled(o: &Observer, values: &str, sizes: Sizes, device: &Device) -> Gpt {
    o.filled_with(values, Gpt::new(&config(sizes), device))
}
