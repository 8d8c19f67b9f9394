//! Observes step 01.

use crate::s01_config::{ConfigError, GptConfig};
use kit::{Observer, Sizes, Tolerance};

/// The six sizes, in the order of the fields.
const FIELDS: [&str; 6] = [
    "vocab_size",
    "n_positions",
    "n_embd",
    "n_layer",
    "n_head",
    "n_inner",
];
const N_EMBD: usize = 2;
const N_LAYER: usize = 3;
const N_HEAD: usize = 4;
const N_INNER: usize = 5;

/// Records what configurations say of themselves.
///
/// Sizes are recorded as text: each digit counts, however large the number.
pub fn observe(o: &mut Observer) {
    let mut first = [0; 4];
    o.group("the sizes of GPT-2", |o| {
        first[0] = preset(o, "gpt2", &GptConfig::gpt2());
    });
    o.group("the sizes of its larger siblings", |o| {
        first[1] = preset(o, "gpt2_medium", &GptConfig::gpt2_medium());
        first[2] = preset(o, "gpt2_large", &GptConfig::gpt2_large());
        first[3] = preset(o, "gpt2_xl", &GptConfig::gpt2_xl());
    });
    // No two of their numbers are equal, so that one taken for another shows.
    let [small, other] = o.sizes();
    o.group("the width of a head", |o| heads(o, small, other));
    o.group("what is accepted and what is refused", |o| {
        sound(o, small, other);
        unsound(o, small, other);
        let again = config(small, &[(N_HEAD, 0)]);
        for _ in 0..1000 {
            drop(again.validate());
        }
        validated(o, "the first sound configuration again", small, &[]);
    });
    o.group("more than one thing wrong at once", |o| both(o, small));
    o.group("the number of parameters", |o| counts(o, small, other));
    // After all the calls in between.
    o.group("the presets once more", |o| {
        for _ in 0..1000 {
            GptConfig::gpt2();
        }
        same(o, "gpt2 is as before", first[0], &GptConfig::gpt2());
        same(
            o,
            "gpt2_medium is as before",
            first[1],
            &GptConfig::gpt2_medium(),
        );
        same(
            o,
            "gpt2_large is as before",
            first[2],
            &GptConfig::gpt2_large(),
        );
        same(o, "gpt2_xl is as before", first[3], &GptConfig::gpt2_xl());
    });
}

fn preset(o: &mut Observer, name: &str, config: &GptConfig) -> usize {
    o.text(&format!("{name}: vocab_size"), config.vocab_size);
    o.text(&format!("{name}: n_positions"), config.n_positions);
    o.text(&format!("{name}: n_embd"), config.n_embd);
    o.text(&format!("{name}: n_layer"), config.n_layer);
    o.text(&format!("{name}: n_head"), config.n_head);
    o.text(&format!("{name}: n_inner"), config.n_inner);
    // The default's absolute part is as large as epsilon itself. A number that has been an `f32`
    // in between is off by less than a millionth.
    let close = Tolerance {
        relative: 1e-6,
        absolute: 0.0,
    };
    let epsilon = config.layer_norm_epsilon;
    o.number_within(&format!("{name}: layer_norm_epsilon"), epsilon, close);
    o.number_within(&format!("{name}: dropout"), config.dropout, close);
    digest(config)
}

/// A number that changes with any one of the fields.
fn digest(config: &GptConfig) -> usize {
    let widths = config.vocab_size + 2 * config.n_positions + 3 * config.n_embd;
    let others = 5 * config.n_layer + 7 * config.n_head + 11 * config.n_inner;
    let rates = config.layer_norm_epsilon * 1e9 + config.dropout * 1e7;
    widths + others + rates as usize
}

fn same(o: &mut Observer, name: &str, before: usize, config: &GptConfig) {
    o.text(name, before == digest(config));
}

fn head(o: &mut Observer, name: &str, sizes: Sizes, changes: &[(usize, usize)]) {
    o.text(name, config(sizes, changes).head_dim());
}

fn heads(o: &mut Observer, small: Sizes, other: Sizes) {
    head(o, "a small model", small, &[(N_LAYER, 1)]);
    // What else is wrong with a model does not matter to its heads.
    head(o, "another width, without tokens", other, &[(0, 0)]);
    head(o, "a single head", small, &[(N_HEAD, 1)]);
    head(
        o,
        "as many heads as channels",
        small,
        &[(N_HEAD, small.n_embd)],
    );
    let many = 300 + o.below("heads of a wide model", 200);
    let wide = [(N_EMBD, many * very_wide(o)), (N_HEAD, many)];
    head(o, "a very wide model of many heads", other, &wide);
    head(o, "no channels", small, &[(N_EMBD, 0)]);
    let again = config(small, &[]);
    for _ in 0..1000 {
        again.head_dim();
    }
    head(o, "the small model again", small, &[(N_LAYER, 1)]);
    let headless = config(small, &[(N_HEAD, 0)]);
    o.call("no head at all", || headless.head_dim());
}

fn sound(o: &mut Observer, small: Sizes, other: Sizes) {
    validated(o, "a sound configuration", small, &[]);
    validated(o, "another one", other, &[]);
    for field in [0, 1, N_LAYER, N_HEAD, N_INNER] {
        validated(o, &format!("{} is 1", FIELDS[field]), other, &[(field, 1)]);
    }
    let as_many = [(N_HEAD, small.n_embd)];
    validated(o, "as many heads as channels", small, &as_many);
    let ones = [(0, 1), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1)];
    validated(o, "every size is 1", other, &ones);
    let many = 297 + o.below("many heads", 30);
    // All that a size can be, and a number whose lower half is zero.
    let (most, half) = (usize::MAX, usize::MAX / 2 + 1);
    let large = [
        (0, half),
        (1, most),
        (N_EMBD, most / many * many),
        (N_LAYER, half),
        (N_HEAD, many),
    ];
    validated(o, "large sizes", other, &large);
    // What is looked at are the sizes.
    let mut rates = small;
    for &(epsilon, dropout) in &[
        (0.0, 0.0),
        (-1e9, 1.5),
        (f64::NAN, f64::INFINITY),
        (f64::INFINITY, f64::NAN),
    ] {
        (rates.layer_norm_epsilon, rates.dropout) = (epsilon, dropout);
        let name = format!("an epsilon of {epsilon} and a dropout of {dropout}");
        validated(o, &name, rates, &[]);
    }
}

fn unsound(o: &mut Observer, small: Sizes, other: Sizes) {
    // One channel left over, and then more than one.
    let uneven = [(N_EMBD, small.n_embd + 1)];
    validated(o, "heads do not divide", small, &uneven);
    let missing = 1 + o.below("missing channels", other.n_head - 2);
    let uneven = [(N_EMBD, 2 * other.n_embd - missing)];
    validated(o, "heads do not divide another width", other, &uneven);
    let many = 300 + o.below("heads that do not divide", 200);
    let uneven = [(N_EMBD, many * very_wide(o) + 1), (N_HEAD, many)];
    validated(o, "many heads do not divide a large width", other, &uneven);
    let more = small.n_embd + 1;
    validated(o, "one head more than channels", small, &[(N_HEAD, more)]);
    let twice = 2 * other.n_embd;
    validated(
        o,
        "twice as many heads as channels",
        other,
        &[(N_HEAD, twice)],
    );
    // n_head last: who divides by it ends the group here.
    for field in [0, 1, N_EMBD, N_LAYER, N_INNER, N_HEAD] {
        validated(
            o,
            &format!("{} is zero", FIELDS[field]),
            small,
            &[(field, 0)],
        );
    }
}

fn both(o: &mut Observer, small: Sizes) {
    for one in 0..6 {
        for two in one + 1..6 {
            let name = format!("{} and {} are zero", FIELDS[one], FIELDS[two]);
            validated(o, &name, small, &[(one, 0), (two, 0)]);
        }
    }
    let all = [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0)];
    validated(o, "every size is zero", small, &all);
    for field in [0, 1, N_LAYER, N_INNER] {
        let name = format!("{} is zero, and the heads do not divide", FIELDS[field]);
        validated(o, &name, small, &[(field, 0), (N_EMBD, small.n_embd + 1)]);
    }
}

fn count(o: &mut Observer, name: &str, sizes: Sizes, changes: &[(usize, usize)]) {
    o.text(name, config(sizes, changes).num_params());
}

fn counts(o: &mut Observer, small: Sizes, other: Sizes) {
    count(o, "a small model", small, &[]);
    count(o, "another one", other, &[]);
    let narrow = 1 + o.below("a narrow MLP", small.n_embd - 1);
    let shallow = [(N_LAYER, 1), (N_INNER, narrow)];
    count(
        o,
        "one layer, and an MLP narrower than the model",
        small,
        &shallow,
    );
    let deep = [
        (N_LAYER, 13 + o.below("layers", 30)),
        (N_HEAD, 1),
        (N_INNER, 7 * other.n_embd + 1),
    ];
    count(
        o,
        "many layers of a single head, and a wide MLP",
        other,
        &deep,
    );
    // One size after the other, the rest as before.
    for field in 0..6 {
        let size = 70_001 + o.below(FIELDS[field], 1000);
        count(
            o,
            &format!("another {}", FIELDS[field]),
            small,
            &[(field, size)],
        );
    }
    // More than 32 bits can count, and more digits than an `f32` has.
    let wide = 12_001 + o.below("a wide model", 500);
    let large = [(N_EMBD, wide), (N_LAYER, 95), (N_INNER, 4 * wide - 1)];
    count(o, "a model of many billions", other, &large);
    let again = config(small, &[]);
    for _ in 0..1000 {
        again.num_params();
    }
    count(o, "the small model again", small, &[]);
    let mut shallow = GptConfig::gpt2();
    shallow.n_layer = 1 + o.below("layers of a shallow GPT-2", 11);
    o.text("gpt2", GptConfig::gpt2().num_params());
    o.text("gpt2 of fewer layers", shallow.num_params());
}

/// A width for which 32 bits are too few, and the digits of an `f32`.
fn very_wide(o: &Observer) -> usize {
    (usize::MAX >> 22) - o.below("a very wide head", 1000)
}

fn validated(o: &mut Observer, name: &str, sizes: Sizes, changes: &[(usize, usize)]) {
    o.text(name, said(&config(sizes, changes)));
}

/// Kind and fields of the error, if there is one. Its words do not matter, nor does the order in
/// which it keeps its fields.
fn said(config: &GptConfig) -> String {
    match config.validate() {
        Ok(()) => "Ok(())".to_owned(),
        Err(ConfigError::Zero { field }) => format!("Err(Zero {{ field: {field:?} }})"),
        Err(ConfigError::HeadsDoNotDivide { n_embd, n_head }) => {
            format!("Err(HeadsDoNotDivide {{ n_embd: {n_embd}, n_head: {n_head} }})")
        }
        #[allow(unreachable_patterns, reason = "a learner may add kinds of errors")]
        Err(_) => "another error".to_owned(),
    }
}

/// A configuration of these sizes, with other ones in some fields.
fn config(sizes: Sizes, changes: &[(usize, usize)]) -> GptConfig {
    let mut config = GptConfig {
        vocab_size: sizes.vocab_size,
        n_positions: sizes.n_positions,
        n_embd: sizes.n_embd,
        n_layer: sizes.n_layer,
        n_head: sizes.n_head,
        n_inner: sizes.n_inner,
        layer_norm_epsilon: sizes.layer_norm_epsilon,
        dropout: sizes.dropout,
    };
    for &(field, size) in changes {
        *match field {
            0 => &mut config.vocab_size,
            1 => &mut config.n_positions,
            N_EMBD => &mut config.n_embd,
            N_LAYER => &mut config.n_layer,
            N_HEAD => &mut config.n_head,
            _ => &mut config.n_inner,
        } = size;
    }
    config
}
