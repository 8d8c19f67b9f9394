//! Observes step 04.

#[path = "../common.rs"]
mod common;

use std::mem::swap;

use crate::s04_mlp::{Mlp, gelu, linear};
use common::config;
use kit::tensor::Tensor;
use kit::{Observer, Sizes, Tolerance};

/// Right ones differ by 5e-7 at most, in whatever order they compute. With 0.0447 for 0.044715, the
/// difference is 9e-6.
const FINE: Tolerance = Tolerance { relative: 1e-6, absolute: 1e-6 };

/// For results of 0.0005 and less.
const TINY: Tolerance = Tolerance { relative: 1e-5, absolute: 1e-9 };

/// Of sums over tokens, with cancellation on the way. A gradient that is kept from passing
/// somewhere is off by far more.
const LEARNED: Tolerance = Tolerance { relative: 1e-3, absolute: 1e-3 };

/// Records the activation, a projection, and the MLP made of them.
pub fn observe(o: &mut Observer) {
    let [first, mut second] = o.sizes();
    // An MLP may be narrower inside than outside.
    if second.n_embd < second.n_inner {
        swap(&mut second.n_embd, &mut second.n_inner);
    }
    let sizes = [first, second];
    group(o, sizes, "the activation", |o, [first, second]| {
        let shape = [first.n_layer, first.n_head, first.n_embd];
        let x = o.floats_between::<3>("x", -5.0, 5.0, shape);
        o.tensor_within("around zero [batch, seq, n_embd]", gelu(x), FINE);
        let points = [0.0, 1.0, -1.0, 30.0, -30.0, 1e4, -1e4];
        let x = Tensor::<1>::from_data(points, &o.device());
        o.tensor_within("at 0, 1, -1, 30, -30, 10000 and -10000", gelu(x), FINE);
        let x = o.floats_between::<2>("far", -60.0, 60.0, [5 * second.n_head, 1]);
        o.tensor_within("far from zero [row, channel]", gelu(x), FINE);
        let x = o.floats_between::<2>("near", -1e-3, 1e-3, [second.n_layer, 5]);
        o.tensor_within("close to zero [row, channel]", gelu(x), TINY);
        let x = o.floats::<4>("heads", [1, second.n_head, second.n_layer, 3]);
        o.tensor_within("four axes [batch, head, seq, head_dim]", gelu(x), FINE);
    });
    group(o, sizes, "a projection to start from", |o, [first, second]| {
        let (d_in, d_out) = (46 + first.n_layer, 46 + first.n_positions);
        let projection = linear(d_in, d_out, &o.device());
        o.parameters("parameters", &projection);
        o.start("", &projection);
        let another = linear(d_in, d_out, &o.device());
        o.alike("the same in two of them", &projection, &another);
        let narrow = linear(second.n_inner, first.n_inner, &o.device());
        o.parameters("parameters of another size", &narrow);
        o.start("of another size: ", &narrow);
    });
    group(o, sizes, "the parameters of the MLP", |o, [first, second]| {
        o.parameters("parameters", &new(o, first));
        o.parameters("parameters of another size", &new(o, second));
    });
    group(o, sizes, "the MLP", |o, [first, second]| {
        let (mlp, n_embd) = (o.filled_with("", new(o, first)), first.n_embd);
        forward(o, "output [batch, seq, n_embd]", &mlp, [first.n_layer, first.n_head, n_embd]);
        forward(o, "a single token [batch, seq, n_embd]", &mlp, [1, 1, n_embd]);
        let narrow = o.filled_with("", new(o, second));
        let shape = [3, second.n_head, second.n_embd];
        forward(o, "another size [batch, seq, n_embd]", &narrow, shape);
        let other = o.filled_with("other", mlp.clone());
        forward(o, "other parameters [batch, seq, n_embd]", &other, [3, 1, n_embd]);
        let shape = [first.n_layer, first.n_head, n_embd];
        forward(o, "the first MLP again, on other numbers [batch, seq, n_embd]", &mlp, shape);
        let shape = [1, 20 + second.n_layer, n_embd];
        forward(o, "a single sequence [batch, seq, n_embd]", &mlp, shape);
    });
    group(o, sizes, "what can be learned", |o, [first, _]| {
        let mlp = o.filled_with("", Mlp::new(&config(first), &o.device().autodiff()));
        for &(part, [batch, seq]) in &[(0, [2, 3]), (1, [1, 4]), (2, [3, 1])] {
            // So small that no exponential overflows: the gradient of a quotient of those is NaN.
            let x: Tensor<3> = o.floats_between("x", -1.0, 1.0, [batch, seq, first.n_embd]);
            let x = x.autodiff().require_grad();
            // A sum: of a mean, gradients are too small to be told from those that are kept back.
            let loss = mlp.forward(x.clone()).powi_scalar(2).sum();
            match part {
                0 => o.gradients("gradient of c_proj.", &mlp.c_proj, &loss),
                1 => o.gradients("gradient of c_fc.", &mlp.c_fc, &loss),
                _ => {
                    // What has no gradient learns nothing, as with one of 0.
                    let gradient = x.grad(&loss.backward()).unwrap_or(x.zeros_like());
                    o.tensor_within("gradient of x [batch, seq, n_embd]", gradient, LEARNED);
                }
            }
        }
    });
    group(o, sizes, "the values the MLP starts from", |o, [mut first, _]| {
        (first.n_embd, first.n_inner) = (38 + first.n_layer, 46 + first.n_positions);
        let (mlp, another) = (new(o, first), new(o, first));
        o.start("c_fc.", &mlp.c_fc);
        o.start("c_proj.", &mlp.c_proj);
        o.alike("the same in c_proj of two MLPs", &mlp.c_proj, &another.c_proj);
    });
}

// Not a closure for each group: what is generic is compiled for each.
fn group(o: &mut Observer, sizes: [Sizes; 2], name: &str, body: fn(&mut Observer, [Sizes; 2])) {
    o.group(name, |o| body(o, sizes));
}

fn forward(o: &mut Observer, name: &str, mlp: &Mlp, shape: [usize; 3]) {
    // So small that no exponential overflows inside: that is the business of the activation.
    o.tensor(name, mlp.forward(o.floats_between(name, -1.0, 1.0, shape)));
}

fn new(o: &Observer, sizes: Sizes) -> Mlp {
    Mlp::new(&config(sizes), &o.device())
}
