//! Observes step 07.

use crate::s01_config::GptConfig;
use crate::s07_attention::CausalSelfAttention;
use kit::tensor::{Device, Tensor};
use kit::{Observer, Sizes, Tolerance};

/// A part of attention, and how its results are named.
#[derive(Clone, Copy)]
enum Part {
    Split,
    Merge,
    Weights,
    /// Weights of queries that are four times as large, where all keys have the same number added to
    /// them. That number changes no weight, but with it the exponentials of the scores overflow.
    Large,
    Whole,
}

/// A call: what its result is of, which [`module`], batch and sequence. A zero stands for a size
/// that is drawn from the seed.
type Case = (&'static str, usize, [usize; 2]);

const CASES: &[Case] = &[
    ("", 0, [0, 0]),
    (" at a second width", 1, [0, 0]),
    (" with one head", 2, [3, 2]),
    (" with heads of one channel", 3, [1, 4]),
    (" of a single token", 0, [1, 1]),
    (" of six rows of one token", 1, [6, 1]),
    (" of the full window", 1, [1, 0]),
    (" with other parameters", 4, [0, 0]),
];

/// The [`module`] for statistics.
const WIDE: usize = 5;

const AGAIN: Case = (" of the first one again", 0, [0, 0]);

/// A group of calls: its name, what is called, how many of the cases, and how results are named.
type Group = (&'static str, Part, usize, [&'static str; 2]);

const GROUPS: &[Group] = &[
    (
        "the attention weights",
        Part::Weights,
        7,
        ["weights", "[batch, head, query, key]"],
    ),
    (
        "splitting into heads",
        Part::Split,
        5,
        ["heads", "[batch, head, seq, head_dim]"],
    ),
    (
        "merging the heads",
        Part::Merge,
        5,
        ["merged", "[batch, seq, n_embd]"],
    ),
    (
        "attention as a whole",
        Part::Whole,
        8,
        ["output", "[batch, seq, n_embd]"],
    ),
];

/// Records the parts of attention, attention as a whole, and what may influence what.
pub fn observe(o: &mut Observer) {
    let sizes = o.sizes();
    o.group("the parameters", |o| {
        for (of, which, _) in &CASES[..4] {
            o.parameters(
                &format!("parameters{of}"),
                &module(&sizes, *which, &o.device()),
            );
        }
    });
    for group in GROUPS {
        o.group(group.0, |o| calls(o, &sizes, group));
    }
    o.group("what a change reaches", |o| {
        // Two widths of a head: at one of them, a wrong scale may look like another.
        reach(o, &sizes, &CASES[0]);
        reach(o, &sizes, &CASES[2]);
    });
    o.group("the values to start from", |o| {
        let device = o.device();
        // Few draws are enough to tell whether two are equal; their spread takes thousands.
        let (first, second) = (module(&sizes, 0, &device), module(&sizes, 0, &device));
        o.alike(
            "c_attn: equal in two made in a row",
            &first.c_attn,
            &second.c_attn,
        );
        o.alike(
            "c_proj: equal in two made in a row",
            &first.c_proj,
            &second.c_proj,
        );
        let wide = module(&sizes, WIDE, &device);
        o.start("c_attn.", &wide.c_attn);
        o.start("c_proj.", &wide.c_proj);
        // Each part is drawn for itself: of so many numbers, no two largest ones are equal.
        let (c_attn, c_proj) = (wide.c_attn.weight.val(), wide.c_proj.weight.val());
        let [width, _] = c_proj.dims();
        let mut largest = vec![c_proj.max().into_scalar::<f32>()];
        for part in 0..3 {
            let part = c_attn.clone().narrow(1, part * width, width);
            largest.push(part.max().into_scalar::<f32>());
        }
        largest.sort_by(f32::total_cmp);
        let alike = largest.windows(2).any(|two| two[0] == two[1]);
        o.text("two parts start from the same numbers", alike);
    });
}

fn calls(o: &mut Observer, sizes: &[Sizes; 2], &(_, part, count, ref names): &Group) {
    let module = |which| {
        let module = module(sizes, which, &o.device());
        // The other parts have no parameters.
        if let Part::Whole = part {
            fill(o, which, module)
        } else {
            module
        }
    };
    // All side by side, each called several times.
    let modules = [module(0), module(1), module(2), module(3), module(4)];
    for case in &CASES[..count] {
        call(o, sizes, &modules[case.1], part, names, case);
    }
    call(o, sizes, &modules[0], part, names, &AGAIN);
    if let Part::Weights = part {
        let case = (" of large scores", 0, [0, 0]);
        call(o, sizes, &modules[0], Part::Large, names, &case);
    }
}

fn call(
    o: &mut Observer,
    sizes: &[Sizes; 2],
    attention: &CausalSelfAttention,
    part: Part,
    [result, axes]: &[&str; 2],
    &(of, which, [batch, seq]): &Case,
) {
    let GptConfig {
        n_embd,
        n_head,
        n_layer,
        n_positions,
        ..
    } = config(sizes, which);
    // Sizes of the two transformers are all different, so no two axes are equal.
    let [batch, seq] = match [batch, seq] {
        [0, 0] => [n_layer, sizes[1 - which % 2].n_head],
        [batch, 0] => [batch, n_positions],
        drawn => drawn,
    };
    let name = format!("{result}{of} {axes}");
    let x = || o.floats("x", [batch, seq, n_embd]);
    let heads = |name| o.floats(name, [batch, n_head, seq, n_embd / n_head]);
    match part {
        Part::Split => o.tensor(&name, attention.split_heads(x())),
        Part::Merge => o.tensor(&name, attention.merge_heads(heads("heads"))),
        Part::Weights => o.tensor(&name, attention.attention_weights(heads("q"), heads("k"))),
        Part::Large => {
            let (q, k) = (heads("q") * 4.0_f32, heads("k") + 40.0_f32);
            let weights = attention.attention_weights(q, k);
            // Scores of several hundred are exact to some 1e-4 in f32.
            let tolerance = Tolerance {
                relative: 2e-3,
                absolute: 1e-3,
            };
            o.tensor_within(&name, weights, tolerance);
        }
        Part::Whole => o.tensor(&name, attention.forward(x())),
    }
}

/// Records what a change of each token reaches, and what a small change of parameters and input
/// would do to the output.
fn reach(o: &mut Observer, sizes: &[Sizes; 2], &(of, which, _): &Case) {
    let device = o.device().autodiff();
    let attention = fill(o, which, module(sizes, which, &device));
    let shape = [1, 4, config(sizes, which).n_embd];
    let x = o.floats("x", shape).autodiff().require_grad();
    let other = o.floats("other tokens", shape).autodiff();
    let alone = attention.forward(x.clone());
    // One row for each token, in which this token alone is changed. That the rows before it stay as
    // they were says, too, that the rows do not mix.
    let changed = Tensor::<2>::eye(4, &device).unsqueeze_dim::<3>(2) * other + x.clone();
    let changed = attention.forward(changed) - alone.clone();
    let name = format!("of each token{of}, by position [changed token, position]");
    o.tensor(&name, changed.abs().mean_dim(2).squeeze_dim::<2>(2));
    // Not the same for an output and its opposite.
    let loss = (alone.clone() + alone.square()).mean();
    let gradients = loss.backward();
    gradient(
        o,
        &format!("gradient of c_attn.weight{of}"),
        attention.c_attn.weight.grad(&gradients),
    );
    gradient(
        o,
        &format!("gradient of c_proj.weight{of}"),
        attention.c_proj.weight.grad(&gradients),
    );
    gradient(
        o,
        &format!("gradient of x{of}"),
        x.grad(&gradients).map(|x| x.squeeze_dim(0)),
    );
}

fn gradient(o: &mut Observer, name: &str, gradient: Option<Tensor<2>>) {
    match gradient {
        // Sums over many channels, with cancellation on the way.
        Some(gradient) => o.tensor_within(
            name,
            gradient.mean_dim(0),
            Tolerance {
                relative: 1e-3,
                absolute: 1e-4,
            },
        ),
        None => o.text(name, "no gradient"),
    }
}

fn module(sizes: &[Sizes; 2], which: usize, device: &Device) -> CausalSelfAttention {
    CausalSelfAttention::new(&config(sizes, which), device)
}

fn fill(o: &Observer, which: usize, attention: CausalSelfAttention) -> CausalSelfAttention {
    o.filled_with(["", "", "", "", "other"][which], attention)
}

/// Two transformers; then one of a single head, one in which each channel is a head, the first one
/// again, and one of a width that is large enough for statistics.
fn config(sizes: &[Sizes; 2], which: usize) -> GptConfig {
    let sizes = &sizes[which % 2];
    let (n_embd, n_head) = match which {
        2 => (sizes.n_embd, 1),
        3 => (sizes.n_embd, sizes.n_embd),
        WIDE => (44 + 2 * sizes.n_head, 2),
        _ => (sizes.n_embd, sizes.n_head),
    };
    GptConfig {
        vocab_size: sizes.vocab_size,
        n_positions: sizes.n_positions,
        n_embd,
        n_layer: sizes.n_layer,
        n_head,
        n_inner: sizes.n_inner,
        layer_norm_epsilon: sizes.layer_norm_epsilon,
        dropout: sizes.dropout,
    }
}
