//! Observes step 03.

use crate::s03_layer_norm::LayerNorm;
use kit::Observer;
use kit::tensor::Tensor;

/// Records what a norm holds, and what it makes of tensors of one, two and three axes.
///
/// Epsilon is far larger than GPT-2's and the inputs small, so that its place in the formula shows.
pub fn observe(o: &mut Observer) {
    o.group("the parameters and what they start from", |o| {
        let norm = LayerNorm::new(12, 0.1, &o.device());
        o.parameters("parameters", &norm);
        o.tensor("weight", norm.weight.val());
        o.tensor("bias", norm.bias.val());
        o.number("epsilon", norm.epsilon);
    });
    o.group("normalising alone", |o| {
        let norm = LayerNorm::new(12, 0.1, &o.device());
        let x = o.floats_between("rows", 0.5, 2.0, [5, 12]);
        o.tensor("output [row, channel]", norm.forward(x));
    });
    o.group("scaling and shifting too", |o| {
        let norm = filled(o);
        let x = o.floats_between("rows", 0.5, 2.0, [5, 12]);
        o.tensor("output [row, channel]", norm.forward(x));
    });
    o.group("a batch of sequences", |o| {
        let norm = filled(o);
        let x = o.floats_between("batch", -1.0, 2.0, [2, 5, 12]);
        o.tensor("output [batch, seq, n_embd]", norm.forward(x));
    });
    o.group("channels that are all the same", |o| {
        let norm = filled(o);
        let x: Tensor<2> = o.floats("levels", [5, 1]);
        o.tensor("output [row, channel]", norm.forward(x.repeat_dim(1, 12)));
    });
}

fn filled(o: &Observer) -> LayerNorm {
    o.filled(LayerNorm::new(12, 0.1, &o.device()))
}
