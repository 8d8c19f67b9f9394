//! Observes step 08.

use crate::s03_layer_norm::LayerNorm;
use crate::s08_residual::residual;
use kit::{Observer, Sizes, Tolerance};

/// What a sublayer answers: so many times what it is given, plus so many times its square, plus so
/// many times numbers of its own.
type Answer = [f32; 3];

const NOTHING: Answer = [0.0, 0.0, 0.0];
const ITS_INPUT: Answer = [1.0, 0.0, 0.0];
const A_MULTIPLE: Answer = [-400.0, 0.0, 0.0];
const A_CONSTANT: Answer = [0.0, 0.0, 1.0];
const A_MIXTURE: Answer = [0.5, 1.0, 1.0];
const A_LITTLE: Answer = [0.0, 0.0, 0.01];

/// A call to observe: its name, which of two widths x has, the norm's name, batch and sequence, and
/// what the sublayer answers. A batch of 0 is one drawn from the seed, with its sequence.
type Case = (&'static str, usize, &'static str, [usize; 2], Answer);

const DRAWN: [usize; 2] = [0, 0];

const GIVEN: &[Case] = &[
    (
        "input of the sublayer [batch, seq, n_embd]",
        0,
        "",
        DRAWN,
        ITS_INPUT,
    ),
    (
        "at a second width [batch, seq, n_embd]",
        1,
        "",
        DRAWN,
        NOTHING,
    ),
    (
        "with another norm [batch, seq, n_embd]",
        0,
        "another",
        DRAWN,
        A_MIXTURE,
    ),
    (
        "a single token [batch, seq, n_embd]",
        1,
        "",
        [1, 1],
        A_CONSTANT,
    ),
    (
        "the first one again [batch, seq, n_embd]",
        0,
        "",
        DRAWN,
        A_MULTIPLE,
    ),
];

const SILENT: &[Case] = &[
    ("output [batch, seq, n_embd]", 0, "", DRAWN, NOTHING),
    (
        "at a second width [batch, seq, n_embd]",
        1,
        "",
        DRAWN,
        NOTHING,
    ),
    // What a product of x and the answer would hide.
    (
        "next to nothing [batch, seq, n_embd]",
        0,
        "",
        DRAWN,
        A_LITTLE,
    ),
];

const TALKING: &[Case] = &[
    ("output [batch, seq, n_embd]", 0, "", DRAWN, A_MIXTURE),
    (
        "a constant answer at a second width [batch, seq, n_embd]",
        1,
        "",
        DRAWN,
        A_CONSTANT,
    ),
    (
        "its own input as answer, with another norm [batch, seq, n_embd]",
        0,
        "another",
        DRAWN,
        ITS_INPUT,
    ),
    (
        "a single token [batch, seq, n_embd]",
        1,
        "",
        [1, 1],
        A_MIXTURE,
    ),
    (
        "a single row [batch, seq, n_embd]",
        0,
        "",
        [1, 20],
        A_MULTIPLE,
    ),
    (
        "six rows of one token [batch, seq, n_embd]",
        1,
        "",
        [6, 1],
        A_MIXTURE,
    ),
    (
        "the first one again [batch, seq, n_embd]",
        0,
        "",
        DRAWN,
        A_MIXTURE,
    ),
];

const LEARNING: &[Case] = &[
    (
        "gradient of x [batch, seq, n_embd]",
        0,
        "",
        DRAWN,
        A_MIXTURE,
    ),
    (
        "gradient of x, a single row [batch, seq, n_embd]",
        1,
        "",
        [1, 5],
        A_MIXTURE,
    ),
    (
        "gradient of x, rows of one token [batch, seq, n_embd]",
        0,
        "another",
        [3, 1],
        A_MIXTURE,
    ),
];

/// What to record of a call.
#[derive(Clone, Copy)]
enum Part {
    Input,
    Output,
    Gradient,
}

/// Records what a sublayer is given, and what is made of its answer.
pub fn observe(o: &mut Observer) {
    let sizes = o.sizes();
    for (group, cases, part) in [
        ("what the sublayer is given", GIVEN, Part::Input),
        ("a sublayer with nothing to say", SILENT, Part::Output),
        ("a sublayer with something to say", TALKING, Part::Output),
        ("the way back for a gradient", LEARNING, Part::Gradient),
    ] {
        o.group(group, |o| {
            for case in cases {
                run(o, &sizes, case, part);
            }
        });
    }
}

fn run(o: &mut Observer, sizes: &[Sizes; 2], case: &Case, part: Part) {
    let &(name, width, norm, [batch, seq], [multiple, square, own]) = case;
    let sizes = &sizes[width];
    // The sizes are all different, so no two axes are equal.
    let shape = if batch == 0 {
        [sizes.n_layer, sizes.n_head, sizes.n_embd]
    } else {
        [batch, seq, sizes.n_embd]
    };
    let own = o.floats("what the sublayer says", shape) * own;
    // At the second width, x is larger than anything that is added to it.
    let most = [3.0, 12.0][width];
    let (mut x, mut device) = (o.floats_between("x", -most, most, shape), o.device());
    if matches!(part, Part::Gradient) {
        (x, device) = (x.autodiff().require_grad(), device.autodiff());
    }
    let new = LayerNorm::new(sizes.n_embd, sizes.layer_norm_epsilon, &device);
    let norm = o.filled_with(norm, new);
    let mut given = None;
    let output = residual(x.clone(), &norm, |input| {
        given = Some(input.clone());
        input.clone() * multiple + input.square() * square + own
    });
    let recorded = match part {
        Part::Input => given,
        Part::Output => Some(output),
        // Not the same for an output and its opposite.
        Part::Gradient => {
            let gradients = (output.clone() + output.square()).mean().backward();
            for &(name, parameter) in &[
                ("gradient of the norm's weight", &norm.weight),
                ("gradient of the norm's bias", &norm.bias),
            ] {
                // Once is enough.
                match parameter.val().grad(&gradients) {
                    Some(gradient) if batch == 0 => o.tensor(name, gradient),
                    None if batch == 0 => o.text(name, "there is none"),
                    _ => {}
                }
            }
            x.grad(&gradients)
        }
    };
    // A large multiple and x may nearly cancel out: what is left is as exact as the multiple is.
    let within = Tolerance {
        absolute: Tolerance::DEFAULT
            .absolute
            .max(f64::from(multiple).abs() * 5e-7),
        ..Tolerance::DEFAULT
    };
    match recorded {
        Some(tensor) => o.tensor_within(name, tensor, within),
        None => o.text(name, "there is none"),
    }
}
