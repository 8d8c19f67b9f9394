//! Every number of lesson 01.

#[path = "../common.rs"]
mod common;
#[path = "../small_model.rs"]
mod small_model;

use crate::s01_config::GptConfig;
use common::thousands;
use kit::Observer;

/// Records them as they are written.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        by_hand(o);
        running_example(o);
        models(o);
        slips(o);
        exercises(o);
    });
}

fn by_hand(o: &mut Observer) {
    let tiny = GptConfig {
        vocab_size: 4,
        n_positions: 64,
        n_embd: 4,
        n_layer: 2,
        n_head: 2,
        n_inner: 16,
        ..GptConfig::gpt2()
    };
    o.text("tiny: position table", tiny.n_positions * tiny.n_embd);
    o.text("tiny: one block", block(&tiny));
    o.text("tiny: in all", tiny.num_params());
}

/// The parameters of the small model, part by part.
fn running_example(o: &mut Observer) {
    let small = small_model::config();
    let (c, inner) = (small.n_embd, small.n_inner);
    let norm = 2 * c;
    let parts = [
        norm,
        projection(c, 3 * c),
        projection(c, c),
        norm,
        projection(c, inner),
        projection(inner, c),
    ];
    for count in parts {
        o.text("a part of its blocks", thousands(count));
    }
    let blocks = small.n_layer * parts.iter().sum::<usize>();
    o.text("a block", thousands(block(&small)));
    o.text("its blocks", thousands(blocks));
    let (tokens, positions) = (small.vocab_size * c, small.n_positions * c);
    o.text("its token table", thousands(tokens));
    o.text("its position table", thousands(positions));
    let all = tokens + positions + blocks + norm;
    assert_eq!(all, small.num_params());
    o.text("in all", thousands(all));
    o.text("characters", small.vocab_size);
    o.text("inside its MLPs", inner);
}

fn models(o: &mut Observer) {
    for (name, config) in [
        ("gpt2", GptConfig::gpt2()),
        ("gpt2_medium", GptConfig::gpt2_medium()),
        ("gpt2_large", GptConfig::gpt2_large()),
        ("gpt2_xl", GptConfig::gpt2_xl()),
    ] {
        o.text(&format!("{name}: n_embd"), config.n_embd);
        o.text(&format!("{name}: n_inner"), config.n_inner);
        let count = thousands(config.num_params());
        o.text(&format!("{name}: parameters"), count);
    }
    let small = GptConfig::gpt2();
    o.text("gpt2: tables", thousands(tables(&small)));
    o.text("gpt2: one block", thousands(block(&small)));
    o.text("gpt2: the last norm", thousands(2 * small.n_embd));
    let (bytes, merges, end_of_text) = (256, 50_000, 1);
    o.text("bytes", bytes);
    o.text("merges", thousands(merges));
    o.text("tokens", thousands(bytes + merges + end_of_text));
}

fn slips(o: &mut Observer) {
    let small = GptConfig::gpt2();
    let (v, t, c, n) = (
        small.vocab_size,
        small.n_positions,
        small.n_embd,
        small.n_layer,
    );
    let qkv_biases = n * 3 * c;
    o.text("biases of queries, keys and values", thousands(qkv_biases));
    let quoted = small.num_params() - qkv_biases;
    o.text("without these, as it is quoted", thousands(quoted));
    let without = v * c + t * c + n * (12 * c * c + 9 * c) + 2 * c;
    o.text("without biases in attention", thousands(without));
    o.text(
        "biases of attention",
        thousands(small.num_params() - without),
    );
    o.text("untied", thousands(small.num_params() + v * c));
}

fn exercises(o: &mut Observer) {
    for (name, config) in [
        ("gpt2", GptConfig::gpt2()),
        ("gpt2_xl", GptConfig::gpt2_xl()),
    ] {
        let all = config.num_params();
        let parts = [
            ("tables", tables(&config)),
            ("attention", config.n_layer * attention(&config)),
            ("MLPs", config.n_layer * mlp(&config)),
        ];
        for (part, count) in parts {
            let percent = 100.0 * count as f64 / all as f64;
            o.text(
                &format!("{name}: {part} in percent"),
                format!("{percent:.1}"),
            );
        }
    }
    let small = GptConfig::gpt2();
    o.text("head_dim", small.head_dim());
    o.text("n_embd of XL", GptConfig::gpt2_xl().n_embd);
    let times = GptConfig::gpt2_xl().num_params() as f64 / small.num_params() as f64;
    o.text("XL to small", format!("{times:.1}"));
    o.text("dropout", small.dropout);
    let bytes = 4 * small.num_params();
    o.text("gpt2: bytes", thousands(bytes));
    o.text("gpt2: megabytes", format!("{:.0}", bytes as f64 / 1e6));
    let xl = 4 * GptConfig::gpt2_xl().num_params();
    o.text("gpt2_xl: gigabytes", format!("{:.1}", xl as f64 / 1e9));
    let biases = 3 * small.n_embd + small.n_embd + small.n_inner + small.n_embd;
    o.text("gpt2: biases of a block", thousands(biases));
    for (slip, number) in [
        ("eight bytes each", 2 * bytes),
        ("bits", 8 * bytes),
        (
            "the token table twice",
            bytes + 4 * small.vocab_size * small.n_embd,
        ),
        ("with the norms' biases", biases + 2 * small.n_embd),
        ("the MLP's biases alone", small.n_inner + small.n_embd),
        ("without those of q, k and v", biases - 3 * small.n_embd),
        ("what is left of a block", block(&small) - biases),
    ] {
        o.text(slip, thousands(number));
    }
}

fn tables(c: &GptConfig) -> usize {
    (c.vocab_size + c.n_positions) * c.n_embd
}

fn attention(c: &GptConfig) -> usize {
    projection(c.n_embd, 3 * c.n_embd) + projection(c.n_embd, c.n_embd)
}

fn mlp(c: &GptConfig) -> usize {
    projection(c.n_embd, c.n_inner) + projection(c.n_inner, c.n_embd)
}

fn block(c: &GptConfig) -> usize {
    4 * c.n_embd + attention(c) + mlp(c)
}

fn projection(from: usize, to: usize) -> usize {
    from * to + to
}
