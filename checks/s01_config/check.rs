//! Observes step 01.

use crate::s01_config::GptConfig;
use kit::{Observer, Tolerance};

/// Records what configurations say of themselves.
///
/// Sizes are recorded as text: each digit counts, however large the number.
pub fn observe(o: &mut Observer) {
    o.group("the sizes of GPT-2", |o| {
        preset(o, "gpt2", GptConfig::gpt2())
    });
    o.group("the sizes of its larger siblings", |o| {
        preset(o, "gpt2_medium", GptConfig::gpt2_medium());
        preset(o, "gpt2_large", GptConfig::gpt2_large());
        preset(o, "gpt2_xl", GptConfig::gpt2_xl());
    });
    o.group("the width of a head", |o| {
        o.text("12 wide, 3 heads", small().head_dim());
        let n_head = 2 + o.below("heads", 5);
        let n_embd = n_head * (7 + o.below("width of a head", 9));
        let config = GptConfig {
            n_head,
            n_embd,
            ..small()
        };
        o.text("another width", config.head_dim());
    });
    o.group("what is accepted and what is refused", |o| {
        validated(o, "a sound configuration", &small());
        let n_head = 5 + 2 * o.below("heads that do not divide", 3);
        validated(o, "heads do not divide", &GptConfig { n_head, ..small() });
        for zeroed in 0..6 {
            let mut config = small();
            let (field, size) = match zeroed {
                0 => ("vocab_size", &mut config.vocab_size),
                1 => ("n_positions", &mut config.n_positions),
                2 => ("n_embd", &mut config.n_embd),
                3 => ("n_layer", &mut config.n_layer),
                4 => ("n_head", &mut config.n_head),
                _ => ("n_inner", &mut config.n_inner),
            };
            *size = 0;
            validated(o, &format!("{field} is zero"), &config);
        }
    });
    o.group("the number of parameters", |o| {
        o.text("a small model", small().num_params());
        let n_layer = 3 + o.below("layers", 6);
        let config = GptConfig { n_layer, ..small() };
        o.text("a deeper one", config.num_params());
        o.text("gpt2", GptConfig::gpt2().num_params());
    });
}

fn preset(o: &mut Observer, name: &str, config: GptConfig) {
    for (field, size) in [
        ("vocab_size", config.vocab_size),
        ("n_positions", config.n_positions),
        ("n_embd", config.n_embd),
        ("n_layer", config.n_layer),
        ("n_head", config.n_head),
        ("n_inner", config.n_inner),
    ] {
        o.text(&format!("{name}: {field}"), size);
    }
    // The default's absolute part is as large as epsilon itself.
    let exact = Tolerance {
        relative: 1e-9,
        absolute: 0.0,
    };
    for (field, value) in [
        ("layer_norm_epsilon", config.layer_norm_epsilon),
        ("dropout", config.dropout),
    ] {
        o.number_within(&format!("{name}: {field}"), value, exact);
    }
}

fn validated(o: &mut Observer, name: &str, config: &GptConfig) {
    o.text(name, format!("{:?}", config.validate()));
}

/// Not the usual four times as wide an MLP, so that `n_inner` counts.
fn small() -> GptConfig {
    GptConfig {
        vocab_size: 11,
        n_positions: 8,
        n_embd: 12,
        n_layer: 2,
        n_head: 3,
        n_inner: 20,
        layer_norm_epsilon: 0.1,
        dropout: 0.1,
    }
}
