//! Observes step 08.

use crate::s03_layer_norm::LayerNorm;
use crate::s08_residual::residual;
use kit::Observer;
use kit::tensor::Tensor;

/// Records what the sublayer is given, and what is made of its answer.
pub fn observe(o: &mut Observer) {
    o.group("what the sublayer is given", |o| {
        let (x, norm) = inputs(o);
        residual(x, &norm, |given| {
            o.tensor("input of the sublayer [batch, seq, n_embd]", given.clone());
            given
        });
    });
    o.group("a sublayer with nothing to say", |o| {
        let (x, norm) = inputs(o);
        let output = residual(x, &norm, |given| given * 0.0);
        o.tensor("output [batch, seq, n_embd]", output);
    });
    o.group("a sublayer with something to say", |o| {
        let (x, norm) = inputs(o);
        let says = o.floats("what the sublayer says", [2, 5, 12]);
        let output = residual(x, &norm, |given| given.square() + says);
        o.tensor("output [batch, seq, n_embd]", output);
    });
}

fn inputs(o: &Observer) -> (Tensor<3>, LayerNorm) {
    let norm = o.filled(LayerNorm::new(12, 0.1, &o.device()));
    (o.floats("x", [2, 5, 12]), norm)
}
