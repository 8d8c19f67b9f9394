//! Generic code as in [`instances`](crate::instances), for the steps of part II.

use std::collections::BTreeMap;

use burn::module::Param;
use burn::tensor::{Distribution, Gradients, Int, Tensor};

use crate::Observer;

/// What a loss does with logits.
pub fn loss(o: &mut Observer, logits: &Tensor<2>, targets: Tensor<1, Int>, ids: Tensor<3, Int>) {
    let largest = logits.clone().max_dim(1).detach();
    let sums = (logits.clone() - largest.clone()).exp().sum_dim(1).log() + largest;
    let chosen = logits.clone().gather(1, targets.unsqueeze_dim(1));
    let losses: Tensor<1> = (sums - chosen).squeeze_dim(1);
    o.tensor("", losses.clone().autodiff().require_grad().mean());
    o.attempt("", || Ok::<Tensor<1>, String>(losses));
    let targets: Tensor<2, Int> = ids.clone().squeeze_dim(0);
    let targets: Tensor<1, Int> = targets.narrow(1, 0, 1).autodiff().reshape([0]);
    let rows: Tensor<2> = logits.clone().unsqueeze::<3>().reshape([0, 0]);
    let logits = rows.autodiff().require_grad();
    drop(logits.grad(&logits.clone().mean().backward()));
    drop((targets, logits.slice_fill([0..1, 0..1], 0.0_f64)));
}

/// What an optimiser does with parameters of one and two axes, and gradients by path.
pub fn optimizer(
    o: &mut Observer,
    params: (Param<Tensor<1>>, Param<Tensor<2>>),
    gradients: &mut Gradients,
) {
    let mut map = BTreeMap::<String, Tensor<1>>::new();
    if let Some(gradient) = params.0.val().grad_remove(gradients) {
        map.insert(String::new(), gradient.reshape([-1]));
    }
    if let Some(gradient) = params.1.val().grad_remove(gradients) {
        map.insert(String::new(), gradient.reshape([-1]));
    }
    let (row, matrix) = (changed_1(params.0), changed_2(params.1));
    drop((row.val().device(), matrix.val().device().inner()));
    for gradient in map.values_mut() {
        *gradient = gradient.clone() * 1.0_f64;
    }
    let sums: f64 = (map.values())
        .map(|gradient| f64::from(gradient.clone().square().sum().into_scalar::<f32>()))
        .sum();
    o.number("", sums);
    if let Some(row) = map.get("").cloned() {
        let normal = Distribution::Normal(0.0, 1.0);
        let drawn = Tensor::random(row.shape(), normal, &row.device());
        let sum = row.zeros_like() + row.ones_like() * 1.0_f64 + drawn.sqrt() / 1.0_f64;
        map.insert(String::new(), sum.square() + 1.0_f64 - row);
    }
    drop(map.remove(""));
    for (path, gradient) in map {
        o.tensor(&path, gradient);
    }
}

/// What a mapper does with a parameter. `Module::map` asks for it at every rank there can be.
macro_rules! changes {
    ($($name:ident, $rank:literal;)*) => {
        $(
            /// What a mapper does with a parameter of this rank.
            pub fn $name(param: Param<Tensor<$rank>>) -> Param<Tensor<$rank>> {
                param.map(|old| {
                let (shape, learns) = (old.dims(), old.is_require_grad());
                let strategy = old.gradient_checkpointing_strategy();
                let row: Tensor<1> = old.inner().reshape([-1]);
                let new: Tensor<$rank> = row.reshape(shape);
                match strategy {
                    Some(strategy) => (new.autodiff())
                        .with_gradient_checkpointing_strategy(strategy)
                        .set_require_grad(learns),
                    None => new,
                }
                })
            }
        )*
    };
}

changes! {
    changed_0, 0;
    changed_1, 1;
    changed_2, 2;
    changed_3, 3;
    changed_4, 4;
    changed_5, 5;
    changed_6, 6;
    changed_7, 7;
    changed_8, 8;
}

/// What a visitor does with a parameter of each rank.
pub fn visited(
    low: (Tensor<0>, Tensor<3>, Tensor<4>, Tensor<5>),
    high: (Tensor<6>, Tensor<7>, Tensor<8>),
    gradients: &mut Gradients,
) {
    drop((low.0.grad_remove(gradients), low.1.grad_remove(gradients)));
    drop((low.2.grad_remove(gradients), low.3.grad_remove(gradients)));
    drop(high.0.grad_remove(gradients));
    drop((high.1.grad_remove(gradients), high.2.grad_remove(gradients)));
}

/// What an evaluation does with a loss, and a check with ids.
#[must_use]
pub fn evaluated(loss: Tensor<1>, ids: &Tensor<2, Int>) -> f64 {
    let next = (ids.clone() + 1_i64) % 2_i64;
    drop((ids.zeros_like(), next.to_device(&loss.device())));
    loss.into_scalar()
}
