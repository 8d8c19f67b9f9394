//! Observes step 13.

#[path = "../common.rs"]
mod common;

use crate::s11_lm_head::Gpt;
use crate::s13_loss::{cross_entropy, log_sum_exp, next_token_loss, perplexity, token_losses};
use common::config;
use kit::tensor::{Device, Int, Tensor};
use kit::{Observer, Sizes, Tolerance};

/// Near 10000, an f32 and the next one are 0.001 apart, and a loss is a difference of two.
const ROUNDED: Tolerance = Tolerance {
    relative: 1e-4,
    absolute: 3e-3,
};

/// Records sums, losses and gradients of given logits, and what a model loses on a text.
pub fn observe(o: &mut Observer) {
    let [first, second] = o.sizes();
    let [few, more] = [first.vocab_size, second.vocab_size];
    let [short, long] = o.distinct("rows", 3, 12);
    o.group("log-sum-exp", |o| {
        for &(name, low, high, shape) in &[
            ("logits", -3.0, 3.0, [short, few]),
            ("another size", -3.0, 3.0, [long, more]),
            ("a single row", -3.0, 3.0, [1, more]),
            ("a single token", -3.0, 3.0, [short, 1]),
            ("a single row of a single token", -3.0, 3.0, [1, 1]),
            ("logits that are alike", 0.5, 0.5, [long, few]),
            ("none above zero", -9.0, -5.0, [short, more]),
            ("none below zero", 5.0, 9.0, [long, few]),
        ] {
            sums(o, name, o.floats_between(name, low, high, shape));
        }
        let logits = o.floats("one token ruled out", [short, few]);
        let rest = logits.slice_fill([0..short, 1..2], f64::NEG_INFINITY);
        sums(o, "one token ruled out", rest.clone());
        sums(o, "one token ruled out, and all far below zero", rest - 9000.0);
    });
    o.group("logits beyond the reach of exponentials", |o| {
        for &(name, low, high, shape) in &[
            ("from -10000 to 10000", -1e4, 1e4, [long, few]),
            ("near 10000", 9996.0, 1e4, [short, more]),
            ("near -10000", -1e4, -9996.0, [short, few]),
        ] {
            let logits = o.floats_between(name, low, high, shape);
            sums(o, name, logits.clone());
            losses(o, &format!("{name}: losses"), logits, ROUNDED);
        }
        // The rows lie far apart: one maximum for all of them leaves nothing of the lower ones.
        let rows = o.floats_between("heights", -200.0, 200.0, [long, 1]);
        let rows = rows + o.floats("rows far apart", [long, more]);
        sums(o, "rows far apart", rows.clone());
        losses(o, "rows far apart: losses", rows, Tolerance::DEFAULT);
    });
    o.group("the loss of each row", |o| {
        for &(name, highest, shape) in &[
            ("losses", 3.0, [long, few]),
            ("another size", 3.0, [short, more]),
            ("a single row", 3.0, [1, few]),
            ("two tokens", 3.0, [short, 2]),
            ("logits that are nearly alike", 0.02, [short, few]),
            // A softmax would round some of these probabilities to 0.
            ("hopeless targets", 120.0, [long, more]),
            ("losses again", 3.0, [long, few]),
        ] {
            let logits = o.floats_between(name, -highest, highest, shape);
            losses(o, name, logits, Tolerance::DEFAULT);
        }
        for &(name, tokens) in &[("each token once", few), ("each of another size", more)] {
            let logits = o.floats(name, [tokens, tokens]);
            let targets = Tensor::arange(0..tokens as i64, &o.device());
            o.tensor(&format!("{name} [n]"), token_losses(logits, targets));
        }
    });
    o.group("the mean of the rows", |o| {
        for &(name, highest, [rows, tokens]) in &[
            ("mean", 3.0, [short, few]),
            ("another size", 3.0, [long, more]),
            ("a single row", 3.0, [1, more]),
            ("logits up to 10000", 1e4, [short, few]),
        ] {
            let logits = o.floats_between(name, -highest, highest, [rows, tokens]);
            let targets = o.ids("targets", tokens, [rows]);
            o.tensor(&format!("{name} [1]"), cross_entropy(logits, targets));
        }
    });
    o.group("the gradient of the logits", |o| {
        for &(name, highest, [rows, tokens]) in &[
            ("gradient", 3.0, [short, few]),
            ("another size", 2.0, [long, more]),
            ("a single row", 3.0, [1, more]),
            ("logits up to 10000", 1e4, [long, few]),
        ] {
            let logits = o.floats_between(name, -highest, highest, [rows, tokens]);
            let logits = logits.autodiff().require_grad();
            let targets = o.ids("targets", tokens, [rows]).autodiff();
            let loss = cross_entropy(logits.clone(), targets);
            match logits.grad(&loss.backward()) {
                Some(gradient) => o.tensor(&format!("{name} [n, vocab_size]"), gradient),
                None => o.text(name, "no gradient"),
            }
        }
    });
    o.group("a target past the vocabulary", |o| {
        for &(name, [rows, tokens]) in &[
            ("one row", [1, few]),
            ("all rows", [short, more]),
            ("many tokens past it", [long, few]),
        ] {
            let logits = o.floats("logits", [rows, tokens]);
            let past = o.ids("past", 3, [rows]) + (tokens + rows - 1) as i64;
            o.call(name, || token_losses(logits, past));
        }
    });
    o.group("what a model loses on a text", |o| {
        let model = filled(o, "", first, &o.device());
        let larger = filled(o, "", second, &o.device());
        let other = filled(o, "other values", second, &o.device());
        loses(o, "loss", &model, first, [3, 5]);
        loses(o, "another size", &larger, second, [2, 6]);
        loses(o, "other parameters", &other, second, [2, 6]);
        // Of so few tokens, each comes up.
        let few = Sizes { vocab_size: 3, ..second };
        loses(o, "five rows of three tokens", &larger, few, [5, 6]);
        loses(o, "one row", &larger, second, [1, 4]);
        loses(o, "two tokens", &model, first, [3, 2]);
        loses(o, "one row of two tokens", &model, first, [1, 2]);
        loses(o, "the first model again", &model, first, [3, 5]);
    });
    o.group("one token more than the model has positions", |o| {
        for &(name, sizes, batch) in &[("loss", first, 2), ("another window", second, 1)] {
            let model = filled(o, "", sizes, &o.device());
            let seq = sizes.n_positions;
            loses(o, &format!("{name}: it fits"), &model, sizes, [batch, seq]);
            loses(o, name, &model, sizes, [batch, seq + 1]);
        }
    });
    o.group("sequences to refuse", |o| {
        // What is not written yet ends the group here, and is not taken for a refusal.
        let model = filled(o, "", first, &o.device());
        let shortest = next_token_loss(&model, o.ids("short", few, [1, 2]));
        o.text("two tokens are enough", shortest.is_ok());
        for &(name, sizes, [batch, more]) in &[
            ("one token too many", first, [2, 2]),
            ("one token too many, another size", second, [1, 2]),
            ("many tokens too many", second, [3, 11]),
        ] {
            let longer = filled(o, "", sizes, &o.device());
            let ids = o.ids("long", sizes.vocab_size, [batch, sizes.n_positions + more]);
            let mut said = String::new();
            o.fallible_call(name, || {
                let refused = next_token_loss(&longer, ids);
                if let Err(error) = &refused {
                    said = format!("seq {}, n_positions {}", error.seq, error.n_positions);
                }
                refused
            });
            o.text(&format!("{name}: the error"), said);
        }
        for &(name, shape) in &[
            ("a single token", [1, 1]),
            ("rows of a single token", [3, 1]),
            ("no token", [2, 0]),
        ] {
            let ids = o.ids("short", few, shape);
            o.call(name, || next_token_loss(&model, ids));
        }
    });
    o.group("what a model learns from a text", |o| {
        for &(name, sizes, shape) in &[
            ("gradient of ln_f.", first, [2, 4]),
            ("another size: gradient of ln_f.", second, [3, 3]),
        ] {
            // No dropout: the gradient is to be the same for everyone.
            let still = Sizes {
                dropout: 0.0,
                ..sizes
            };
            let model = filled(o, "", still, &o.device().autodiff());
            let ids = o.ids("text", sizes.vocab_size, shape).autodiff();
            if let Ok(loss) = next_token_loss(&model, ids) {
                o.gradients(name, &model.transformer.ln_f, &loss);
            }
        }
        let model = filled(o, "", first, &o.device().autodiff());
        let losses = [0, 1].map(|_| {
            let ids = o.ids("text", few, [2, 4]).autodiff();
            next_token_loss(&model, ids).map_or(0.0, |loss| loss.into_scalar::<f64>())
        });
        o.text("with dropout, twice the same", losses[0] == losses[1]);
    });
    o.group("perplexity", |o| {
        for &(name, loss) in &[
            ("of nothing lost", 0.0),
            ("of one nat", 1.0),
            ("of half a nat", 0.5),
            ("of ln 50257", 50257_f64.ln()),
            ("of 3.3 nats", 3.3),
            ("of a hundred nats", 100.0),
        ] {
            o.number(name, perplexity(loss));
        }
        let drawn = o.below("loss", 900) as f64 / 100.0;
        o.number("of a loss of up to 9 nats", perplexity(drawn));
    });
}

fn sums(o: &mut Observer, name: &str, logits: Tensor<2>) {
    o.tensor(&format!("{name} [n, 1]"), log_sum_exp(logits));
}

fn losses(o: &mut Observer, name: &str, logits: Tensor<2>, tolerance: Tolerance) {
    let [rows, tokens] = logits.dims();
    let targets: Tensor<1, Int> = o.ids("targets", tokens, [rows]);
    let losses = token_losses(logits, targets);
    o.tensor_within(&format!("{name} [n]"), losses, tolerance);
}

fn loses(o: &mut Observer, name: &str, model: &Gpt, sizes: Sizes, shape: [usize; 2]) {
    let ids = o.ids("text", sizes.vocab_size, shape);
    o.attempt(&format!("{name} [1]"), || next_token_loss(model, ids));
}

/// A single block: depth takes time, and shows nothing here.
fn filled(o: &Observer, values: &str, sizes: Sizes, device: &Device) -> Gpt {
    let shallow = Sizes {
        n_layer: 1,
        ..sizes
    };
    o.filled_with(values, Gpt::new(&config(shallow), device))
}
