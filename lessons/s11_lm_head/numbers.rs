//! The numbers of lesson 11.

#[path = "../common.rs"]
mod common;
#[path = "../running.rs"]
mod running;
#[path = "../small_model.rs"]
mod small_model;

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use common::thousands;
use kit::Observer;
use kit::module::Param;
use kit::tensor::activation::{log_softmax, softmax};
use kit::tensor::{Int, Tensor};
use running::{LAST, Running, TEXT, channels, floats, written};

/// Recomputes the example, the parameter account and the answers.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        example(o);
        running_example(o);
        account(o);
        small(o);
        answers(o);
        learns(o);
        rare(o);
        logarithms(o);
    });
}

fn example(o: &mut Observer) {
    let device = o.device();
    let config = GptConfig {
        vocab_size: 3,
        n_positions: 3,
        n_embd: 4,
        n_layer: 2,
        n_head: 2,
        n_inner: 16,
        ..GptConfig::gpt2()
    };
    let mut gpt = Gpt::new(&config, &device);
    let model = &mut gpt.transformer;
    let table = |rows: [[f32; 4]; 3]| Param::from_tensor(Tensor::from_data(rows, &device));
    model.wte.weight = table([
        [1.0, 0.0, 2.0, 1.0],
        [2.0, 1.0, 0.0, 0.0],
        [0.0, 3.0, 1.0, 0.0],
    ]);
    model.wpe.weight = table([
        [1.0, -1.0, 2.0, 4.0],
        [0.0, 1.0, 0.0, 1.0],
        [2.0, 0.0, 0.0, 1.0],
    ]);
    for block in &mut model.h {
        for projection in [&mut block.attn.c_proj, &mut block.mlp.c_proj] {
            let weight = projection.weight.clone();
            projection.weight = weight.map(|weight| weight.zeros_like());
        }
    }

    let ids = Tensor::<2, Int>::from_data([[2, 0, 2]], &device);
    if let Ok(hidden) = gpt.transformer.forward(ids.clone()) {
        record(o, "first hidden vector", hidden.narrow(1, 0, 1));
    }
    if let Ok(logits) = gpt.forward(ids) {
        record(o, "logits", logits.clone());
        record(o, "probabilities", softmax(logits, 2).narrow(1, 0, 1));
    }
}

/// The logits of the small model, and the rows that they come from.
fn running_example(o: &mut Observer) {
    let running = Running::open(o);
    let stages = running.read(TEXT);
    let ids = Tensor::<1, Int>::from_data(stages.ids.as_slice(), &o.device());
    let model = Gpt::new(&small_model::config(), &o.device());
    let model = running.stored.filled("", model);
    let logits = match model.forward(ids.unsqueeze()) {
        Ok(logits) => logits.squeeze_dim::<2>(0), // [seq, vocab_size]
        Err(error) => return o.text("refused", error),
    };
    channels(o, "the vector", &stages.last_norm);
    let table = model.transformer.wte.weight.val(); // [vocab_size, n_embd]
    let first = floats(stages.last_norm.clone().narrow(0, LAST, 1));
    let mut best = Vec::new();
    for place in 0..=LAST {
        let scores = floats(logits.clone().narrow(0, place, 1));
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        best.push(running.letters[order[0]]);
        if place < LAST {
            continue;
        }
        for &id in order.iter().take(4).chain(order.last()) {
            let letter = running.letters[id];
            let row = table.clone().narrow(0, id, 1);
            channels(o, &format!("row of {letter}"), &row);
            o.text(&format!("logit of {letter}"), written(scores[id]));
            let terms = floats(row).into_iter().zip(&first).take(3);
            for (weight, value) in terms {
                o.text(&format!("a term of {letter}"), written(weight * value));
            }
        }
    }
    o.text("best at each place", best.iter().collect::<String>());
    o.text("vocabulary of the small model", running.letters.len());
}

fn account(o: &mut Observer) {
    let device = o.device();
    for config in [
        GptConfig::gpt2(),
        GptConfig::gpt2_medium(),
        GptConfig::gpt2_large(),
        GptConfig::gpt2_xl(),
    ] {
        // Nothing is drawn: counting does not touch the values.
        let table = Gpt::new(&config, &device).parameter_table();
        let size = |start: &str| -> usize {
            let parts = table.iter().filter(|entry| entry.part.starts_with(start));
            parts.map(|entry| entry.parameters).sum()
        };
        let (tied, head) = (size(""), size("wte"));
        o.text("agrees with step 01", tied == config.num_params());
        for (name, count) in [
            ("wte", head),
            ("wpe", size("wpe")),
            ("blocks", size("h.")),
            ("ln_f", size("ln_f")),
            ("tied", tied),
            ("untied", tied + head),
        ] {
            o.text(name, thousands(count));
        }
        o.text("saved", percent(head, tied + head));
        o.text("share of the blocks", percent(size("h."), tied));
    }
    let config = GptConfig::gpt2();
    let head = config.vocab_size * config.n_embd;
    let untied = config.num_params() + head;
    o.text("saved, millions", format!("{:.1}", head as f64 / 1e6));
    o.text("of, millions", format!("{:.0}", untied as f64 / 1e6));
    for (size, said) in [
        ("small", 117),
        ("medium", 345),
        ("large", 762),
        ("xl", 1542),
    ] {
        o.text(&format!("{size}, as the paper's table 2 says"), said);
    }
    let (c, n) = (config.n_embd, config.n_layer);
    let rows = config.vocab_size + config.n_positions;
    for (biases, of_block) in [
        ("no biases in attention", 9),
        ("no biases on queries, keys and values", 10),
        ("all biases", 13),
    ] {
        let count = rows * c + n * (12 * c * c + of_block * c) + 2 * c;
        o.text(biases, thousands(count));
    }
}

fn small(o: &mut Observer) {
    let device = o.device();
    for (c, n, t) in [(4, 2, 64), (8, 2, 64), (4, 4, 64), (4, 2, 8)] {
        let config = GptConfig {
            vocab_size: 4,
            n_positions: t,
            n_embd: c,
            n_layer: n,
            n_head: 2,
            n_inner: 4 * c,
            ..GptConfig::gpt2()
        };
        let gpt = Gpt::new(&config, &device);
        let table = gpt.parameter_table();
        let count: usize = table.iter().map(|entry| entry.parameters).sum();
        let attention_biases = n * (3 * c + c);
        o.text("GPT-2", thousands(count));
        o.text("no attention biases", thousands(count - attention_biases));
    }
}

fn answers(o: &mut Observer) {
    let config = GptConfig::gpt2();
    let (vocab_size, width) = (config.vocab_size as f64, config.n_embd as f64);
    o.text("vocab_size", config.vocab_size);
    o.text("n_embd", config.n_embd);
    o.text("n_positions", config.n_positions);
    o.text("ln of the vocabulary", format!("{:.3}", vocab_size.ln()));
    o.text("log2 of it", format!("{:.3}", vocab_size.log2()));
    o.text("log10 of it", format!("{:.3}", vocab_size.log10()));
    o.text(
        "length of a normalised vector",
        format!("{:.2}", width.sqrt()),
    );
    o.text("std", 0.02);
    o.text("std of a logit", format!("{:.2}", 0.02 * width.sqrt()));
    let logits = config.n_positions * config.vocab_size;
    o.text("logits", thousands(logits));
    o.text("their bytes", thousands(4 * logits));
    o.text(
        "bytes, millions",
        format!("{:.0}", 4.0 * logits as f64 / 1e6),
    );
}

/// Exercise 2: which rows of the table get a gradient.
fn learns(o: &mut Observer) {
    let device = o.device().autodiff();
    let config = GptConfig {
        vocab_size: 11,
        n_positions: 8,
        n_embd: 12,
        n_layer: 2,
        n_head: 3,
        n_inner: 20,
        dropout: 0.0,
        ..GptConfig::gpt2()
    };
    let gpt = o.filled(Gpt::new(&config, &device));
    let ids = Tensor::<2, Int>::from_data([[3, 1, 4, 1, 5]], &device);
    let importance = o.floats("importance", [1, 5, 11]).autodiff();
    let table = gpt.transformer.wte.weight.val();
    let Ok(hidden) = gpt.transformer.forward(ids.clone()) else {
        return;
    };
    let untied = hidden.matmul(table.detach().transpose().unsqueeze());
    for (name, logits) in [("tied", gpt.forward(ids).ok()), ("untied", Some(untied))] {
        let Some(logits) = logits else { return };
        let gradients = (logits * importance.clone()).sum().backward();
        let Some(gradient) = gpt.transformer.wte.weight.grad(&gradients) else {
            return;
        };
        let rows = gradient.abs().sum_dim(1).into_data();
        let rows: Vec<usize> = (rows.iter::<f32>().enumerate())
            .filter(|&(_, size)| size > 0.0)
            .map(|(row, _)| row)
            .collect();
        o.text(
            &format!("{name}: rows with a gradient"),
            format!("{rows:?}"),
        );
    }
}

/// The gradient of the logits of position 0 in the example, if token 0 follows.
fn rare(o: &mut Observer) {
    let device = o.device().autodiff();
    let logits = Tensor::<2>::from_data([[0.8944, -3.1305, -0.8944]], &device).require_grad();
    let loss = -log_softmax(logits.clone(), 1).narrow(1, 0, 1).sum();
    let Some(gradient) = logits.grad(&loss.backward()) else {
        return;
    };
    for value in gradient.into_data().iter::<f32>() {
        o.text("gradient of a logit", format!("{value:.4}"));
    }
}

/// The logarithm of a probability, by way of the probability and from the logits.
fn logarithms(o: &mut Observer) {
    let logits = Tensor::<2>::from_data([[0.0, -200.0]], &o.device());
    let by_way_of_it = softmax(logits.clone(), 1).log();
    let from_logits = log_softmax(logits, 1);
    for (name, values) in [
        ("by way of it", by_way_of_it),
        ("from the logits", from_logits),
    ] {
        for value in values.into_data().iter::<f32>() {
            o.text(name, value);
        }
    }
}

fn record(o: &mut Observer, name: &str, tensor: Tensor<3>) {
    for value in tensor.into_data().iter::<f32>() {
        o.text(name, format!("{value:.4}"));
    }
}

fn percent(part: usize, whole: usize) -> String {
    format!("{:.1}", 100.0 * part as f64 / whole as f64)
}
