//! Observes step 03.

use crate::s03_layer_norm::LayerNorm;
use kit::tensor::{Gradients, Int, Tensor};
use kit::{Observer, Sizes, Tolerance};

/// GPT-2's own.
const SMALL: f64 = 1e-5;

/// A mean of equal numbers near 30 may be off by 4e-6, and is then divided by the root of
/// [`SMALL`], 0.003.
const EQUAL: Tolerance = Tolerance { relative: 0.0, absolute: 2e-3 };

/// A mean of numbers near 20 may be off by 2e-6, and is then divided by a spread of 0.03. A
/// variance made of squares near 400 is off by 5 % and more.
const NEARLY_EQUAL: Tolerance = Tolerance { relative: 3e-3, absolute: 1e-4 };

/// Of sums over rows, with cancellation on the way. A gradient that is kept from passing somewhere
/// is off by far more.
const LEARNED: Tolerance = Tolerance { relative: 1e-3, absolute: 1e-4 };

/// Records what a norm holds, and what it makes of tensors of one to four axes.
///
/// Most epsilons are far larger than GPT-2's and most inputs small, so that epsilon's place in the
/// formula shows.
pub fn observe(o: &mut Observer) {
    let sizes = o.sizes();
    group(o, sizes, "the parameters and what they start from", |o, [first, second]| {
        start(o, ["parameters", "weight", "bias", "epsilon"], &new(o, first));
        let names = ["parameters of a second norm", "its weight", "its bias", "its epsilon"];
        start(o, names, &new(o, second));
    });
    group(o, sizes, "normalising alone", |o, [first, second]| {
        rows(o, "output [row, channel]", &new(o, first), first.n_head);
        rows(o, "a second width [row, channel]", &new(o, second), second.n_head);
    });
    group(o, sizes, "scaling and shifting too", |o, [first, second]| {
        let norm = filled(o, first, first.layer_norm_epsilon);
        rows(o, "output [row, channel]", &norm, first.n_head);
        let wide = filled(o, second, second.layer_norm_epsilon);
        rows(o, "a second width [row, channel]", &wide, second.n_head);
        // Of the first one's width: what was kept of that one fits.
        let other = o.filled_with("other", filled(o, first, second.layer_norm_epsilon));
        rows(o, "other parameters and another epsilon [row, channel]", &other, first.n_layer);
        rows(o, "the first norm again, on other rows [row, channel]", &norm, first.n_head);
    });
    group(o, sizes, "a batch of sequences", |o, [first, second]| {
        let norm = filled(o, first, first.layer_norm_epsilon);
        batch(o, "output [batch, seq, n_embd]", &norm, [first.n_layer, first.n_head]);
        batch(o, "a single token [batch, seq, n_embd]", &norm, [1, 1]);
        batch(o, "a single sequence [batch, seq, n_embd]", &norm, [1, first.n_layer]);
        let norm = filled(o, second, second.layer_norm_epsilon);
        batch(o, "a second width [batch, seq, n_embd]", &norm, [second.n_layer, second.n_head]);
        batch(o, "three sequences of one token [batch, seq, n_embd]", &norm, [3, 1]);
    });
    group(o, sizes, "four axes", |o, [first, second]| {
        let shape = [first.n_layer, first.n_head, second.n_layer, first.n_embd];
        let norm = filled(o, first, first.layer_norm_epsilon);
        o.tensor("output [batch, head, seq, n_embd]", norm.forward(o.floats("heads", shape)));
    });
    group(o, sizes, "a single vector", |o, [first, mut second]| {
        let norm = filled(o, first, first.layer_norm_epsilon);
        o.tensor("output [n_embd]", norm.forward(o.floats("vector", [first.n_embd])));
        second.n_embd = second.n_head;
        let norm = filled(o, second, second.layer_norm_epsilon);
        o.tensor("a few channels [n_embd]", norm.forward(o.floats("vector", [second.n_embd])));
    });
    group(o, sizes, "channels that are all the same", |o, [first, _]| {
        // Multiples of 1/64, whose sums are exact in any order: what is left of them is exactly 0.
        // Their squares are not, so that a variance made of those goes below 0.
        let levels: Tensor<2, Int> = o.ids("levels", 1000, [8, 1]);
        let x = (levels.float() / 64.0 + 20.0).repeat_dim(1, first.n_embd);
        let norm = filled(o, first, SMALL);
        o.tensor_within("output [row, channel]", norm.forward(x), EQUAL);
    });
    group(o, sizes, "channels that are nearly the same", |o, [_, second]| {
        let levels = o.floats_between("levels", 16.0, 24.0, [6, 1]);
        let x = o.floats_between("differences", -0.05, 0.05, [6, second.n_embd]);
        let norm = filled(o, second, SMALL);
        o.tensor_within("output [row, channel]", norm.forward(x + levels), NEARLY_EQUAL);
    });
    group(o, sizes, "what can be learned", |o, [first, _]| {
        let norm = LayerNorm::new(first.n_embd, first.layer_norm_epsilon, &o.device().autodiff());
        let x: Tensor<2> = o.floats("rows", [first.n_head, first.n_embd]).autodiff().require_grad();
        // Cubed, since the sum of a row is the same whatever x is.
        let gradients = norm.forward(x.clone()).powi_scalar(3).sum().backward();
        learned(o, "gradient of weight", norm.weight.val(), &gradients);
        learned(o, "gradient of bias", norm.bias.val(), &gradients);
        let gradient = x.grad(&gradients).unwrap_or(x.zeros_like());
        o.tensor_within("gradient of x [row, channel]", gradient, LEARNED);
    });
}

// Not a closure for each group: what is generic is compiled for each.
fn group(o: &mut Observer, sizes: [Sizes; 2], name: &str, body: fn(&mut Observer, [Sizes; 2])) {
    o.group(name, |o| body(o, sizes));
}

fn start(o: &mut Observer, names: [&str; 4], norm: &LayerNorm) {
    o.parameters(names[0], norm);
    o.tensor_within(names[1], norm.weight.val(), Tolerance::EXACT);
    o.tensor_within(names[2], norm.bias.val(), Tolerance::EXACT);
    o.number_within(names[3], norm.epsilon, Tolerance::EXACT);
}

// What has no gradient learns nothing, as with one of 0.
fn learned(o: &mut Observer, name: &str, of: Tensor<1>, gradients: &Gradients) {
    let gradient = of.grad(gradients).unwrap_or(of.zeros_like());
    o.tensor_within(name, gradient, LEARNED);
    o.text(&format!("{name} is asked for"), of.is_require_grad());
}

fn rows(o: &mut Observer, name: &str, norm: &LayerNorm, rows: usize) {
    let x = o.floats_between(name, 0.5, 2.0, [rows, norm.weight.dims()[0]]);
    o.tensor(name, norm.forward(x));
}

fn batch(o: &mut Observer, name: &str, norm: &LayerNorm, [batch, seq]: [usize; 2]) {
    let x = o.floats_between(name, -1.0, 2.0, [batch, seq, norm.weight.dims()[0]]);
    o.tensor(name, norm.forward(x));
}

fn filled(o: &Observer, sizes: Sizes, epsilon: f64) -> LayerNorm {
    o.filled_with("", LayerNorm::new(sizes.n_embd, epsilon, &o.device()))
}

fn new(o: &Observer, sizes: Sizes) -> LayerNorm {
    LayerNorm::new(sizes.n_embd, sizes.layer_norm_epsilon, &o.device())
}
