//! Observes step 11.

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use kit::tensor::{Device, Int, Tensor};
use kit::{Observer, Tolerance};

/// Records the logits, what the model consists of, and how the shared table learns.
pub fn observe(o: &mut Observer) {
    o.group("the parameters", |o| {
        let model = Gpt::new(&config(11), &o.device());
        o.parameters("parameters", &model);
    });
    o.group("the table of parts", |o| {
        let model = Gpt::new(&config(11), &o.device());
        let table = model.parameter_table();
        let total: usize = table.iter().map(|entry| entry.parameters).sum();
        for entry in table {
            o.text(&entry.part, entry.parameters);
        }
        o.text("total", total);
    });
    o.group("the logits", |o| {
        let (model, ids) = (filled(o, 11, &o.device()), o.ids("ids", 11, [2, 5]));
        logits(o, "logits [batch, seq, vocab_size]", &model, ids);
    });
    o.group("as many tokens as channels", |o| {
        let (model, ids) = (filled(o, 12, &o.device()), o.ids("ids", 12, [2, 5]));
        logits(o, "logits [batch, seq, vocab_size]", &model, ids);
    });
    o.group("a sequence that is too long", |o| {
        let (model, ids) = (filled(o, 11, &o.device()), o.ids("long", 11, [2, 9]));
        o.fallible_call("9 of 8 positions", || model.forward(ids.clone()));
        logits(o, "what is said of it", &model, ids);
    });
    o.group("what the shared table learns from", |o| {
        let model = filled(o, 11, &o.device().autodiff());
        let ids = o.ids("ids", 11, [2, 5]).autodiff();
        let importance = o.floats("importance of each logit", [2, 5, 11]).autodiff();
        if let Ok(logits) = model.forward(ids) {
            let gradients = (logits * importance).sum().backward();
            // Sums over all tokens and logits, with cancellation on the way.
            let rounding = Tolerance {
                relative: 1e-3,
                absolute: 1e-3,
            };
            match model.transformer.wte.weight.grad(&gradients) {
                Some(gradient) => o.tensor_within("gradient of wte.weight [token, channel]", gradient, rounding),
                None => o.text("gradient of wte.weight [token, channel]", "none"),
            }
        }
    });
}

fn logits(o: &mut Observer, name: &str, model: &Gpt, ids: Tensor<2, Int>) {
    match model.forward(ids) {
        Ok(logits) => o.tensor(name, logits),
        Err(error) => o.text(name, error),
    }
}

fn filled(o: &Observer, vocab_size: usize, device: &Device) -> Gpt {
    o.filled(Gpt::new(&config(vocab_size), device))
}

/// No dropout: the gradient is to be the same for everyone.
fn config(vocab_size: usize) -> GptConfig {
    GptConfig {
        vocab_size,
        n_positions: 8,
        n_embd: 12,
        n_layer: 2,
        n_head: 3,
        n_inner: 20,
        layer_norm_epsilon: 0.1,
        dropout: 0.0,
    }
}
