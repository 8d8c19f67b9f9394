//! Generic code of Burn's, instantiated here so that it need not be in every step.
//!
//! rustc takes an instance from the kit if the kit has it. Nothing in here is ever called.

use burn::module::Module;
use burn::nn::{Dropout, Embedding, Linear};
use burn::tensor::activation::softmax;
use burn::tensor::{Bool, Device, Distribution, Int, Tensor};

use crate::Observer;

/// Everything that a check does with modules, for the layers that steps are made of.
pub fn modules(o: &mut Observer, linear: Linear, embedding: Embedding, dropout: Dropout) {
    module(o, linear.clone());
    module(o, Some(linear.clone()));
    module(o, vec![linear]);
    module(o, embedding);
    module(o, dropout);
}

fn module<M: Module>(o: &mut Observer, module: M) {
    o.parameters("", &module);
    o.start("", &module);
    o.alike("", &module, &module);
    o.gradients("", &module, &o.floats("", [0]));
    drop(o.filled_with("", o.filled(module)));
}

/// Operations on tensors that steps use, for the ranks that occur.
macro_rules! operations {
    ($name:ident, $rank:literal) => {
        /// Operations of one rank.
        pub fn $name(x: Tensor<$rank>, i: Tensor<$rank, Int>, device: &Device) {
            let y = x.clone() + x.clone() * x.clone() - x.clone() / x.clone();
            let y = ((y + 1.0_f32) * 2.0_f32 - 3.0_f32) / 4.0_f32;
            let y = ((y + 1.0_f64) * 2.0_f64 - 3.0_f64) / 4.0_f64;
            let y = y.clone().mean_dim($rank - 1) + y.sum_dim($rank - 1);
            let y = y.clone().var_bias($rank - 1) + y.var($rank - 1).sqrt();
            let y = y.powf_scalar(3.0_f32).powi_scalar(3).tanh().exp().square();
            let y = softmax(y, $rank - 1);
            let [..] = y.dims();
            let y = y.reshape(x.dims()).expand(x.dims());
            let y = Tensor::cat(vec![y.clone(), y], 0).mean();
            drop((
                y.into_data(),
                x.to_data(),
                i.to_data(),
                i.clone().argmax($rank - 1),
            ));
            drop(Tensor::<$rank>::zeros(x.dims(), device));
            drop(Tensor::<$rank>::from_data(x.to_data(), device));
            drop(Tensor::<$rank, Int>::from_data(i.to_data(), device));
            drop((i.into_data(), x.argmax($rank - 1).into_data()));
        }
    };
}

operations!(rank_1, 1);
operations!(rank_2, 2);
operations!(rank_3, 3);
operations!(rank_4, 4);

/// What a check does with tensors.
pub fn observed(o: &mut Observer, x: (Tensor<1>, Tensor<2>, Tensor<3>, Tensor<4>)) {
    o.tensor("", x.0);
    o.tensor("", x.1);
    o.tensor("", x.2);
    o.tensor("", x.3);
    o.tensor("", o.floats("", [0]).int());
    o.tensor("", o.floats("", [0, 0]).int());
    o.tensor("", o.floats("", [0, 0, 0]));
    o.tensor("", o.floats("", [0, 0, 0, 0]));
    o.start_tensor("", o.floats("", [0]));
    o.start_tensor("", o.floats("", [0, 0]));
    o.tensor("", o.ids("", 0, [0]));
    o.tensor("", o.ids("", 0, [0, 0]));
}

/// What a check does with numbers, words and gradients.
pub fn said(o: &mut Observer, x: (Tensor<1>, Tensor<2>, Tensor<3>, Tensor<4>), device: &Device) {
    let within = observation::Tolerance::EXACT;
    o.text("", 0_usize);
    o.text("", true);
    o.text("", "");
    o.text("", String::new());
    let [_, _] = o.distinct("", 0, 1);
    let [_, _, _] = o.distinct("", 0, 2);
    let device = device.clone().autodiff();
    let y = x.0.clone().autodiff().require_grad();
    let loss = y.clone().sum() + x.1.clone().autodiff().require_grad().sum();
    let loss = loss + x.2.clone().autodiff().require_grad().sum();
    let gradients = loss.backward();
    drop((
        y.grad(&gradients),
        x.1.grad(&gradients),
        x.2.grad(&gradients),
    ));
    drop((
        x.3.clone().autodiff(),
        o.ids("", 1, [0, 0]).autodiff(),
        device,
    ));
    o.tensor_within("", x.0.clone().abs().log().mean(), within);
    o.tensor_within("", x.1.abs().sum_dim(1), within);
    o.tensor_within("", x.2.clone().abs(), within);
    o.tensor_within("", x.3, within);
    o.attempt("", || Ok::<Tensor<3>, String>(x.2));
    o.call("", || x.0);
}

/// Operations between ranks, and the layers.
#[expect(clippy::many_single_char_names, reason = "four axes and a tensor")]
pub fn between(x: Tensor<4>, mask: Tensor<2, Bool>, linear: &Linear, embedding: &Embedding) {
    let [a, b, c, d] = x.dims();
    let y = x.clone().matmul(x.transpose()).swap_dims(1, 2);
    let y = y.mask_fill(mask.clone().unsqueeze(), f32::NEG_INFINITY);
    let y: Tensor<3> = y.reshape([a, b, c * d]);
    let y = linear
        .forward(y.clone().slice([0..a, 0..b, 0..c]))
        .narrow(0, 0, 1);
    let y = y.chunk(3, 2).remove(0).split(1, 2).remove(0);
    let y: Tensor<4> = y.reshape([a, b, c, d]).permute([0, 2, 1, 3]);
    let y: Tensor<2> = y.squeeze_dim::<3>(0).squeeze_dim(0);
    let y = y
        .transpose()
        .matmul(embedding.weight.val())
        .mask_fill(mask, 0.0);
    let y = y.clone().unsqueeze::<3>() + y.unsqueeze_dim::<3>(0);
    drop(embedding.forward(y.squeeze_dim::<2>(0).argmax(1)));
}

/// What a model does with token ids and positions, and a check with a model.
#[expect(clippy::single_range_in_vec_init, reason = "a slice of a tensor")]
pub fn generation(ids: &Tensor<2, Int>, positions: &Tensor<1, Int>, logits: &Tensor<2>) {
    let [batch, seq] = ids.dims();
    let positions = positions.clone() + positions.clone().slice([0..1]);
    let seen = ids.clone().narrow(1, seq - 1, 1) + positions.unsqueeze_dim(0);
    let seen = Tensor::cat(vec![seen, ids.clone().slice([0..batch, 0..seq])], 1);
    let seen = seen
        .slice_assign([0..1, 0..1], ids.clone())
        .repeat_dim(0, 2);
    let seen = seen.roll_dim(1, 1).slice_dim(1, 1..).slice_dim(1, ..seq) + 1;
    let passed = logits
        .clone()
        .cumsum(1)
        .lower_equal(logits.clone() / 2.0_f64);
    let next = passed.int().sum_dim(1).clamp_max(1_i64);
    let _: bool = seen.equal(next).all().into_scalar();
    let uniform = Tensor::<2>::random([batch, 1], Distribution::Default, &logits.device());
    let changed = uniform.clone().slice([0..1, 0..1]);
    drop(uniform.slice_assign([0..1, 0..1], changed));
}

/// How a check changes a part of a tensor, and how a step brings ranks together.
#[expect(clippy::single_range_in_vec_init, reason = "a slice of a tensor")]
pub fn parts(x: (Tensor<1>, Tensor<2>, Tensor<3>), mask: Tensor<2, Bool>) {
    let (row, matrix, batch) = x;
    let row = row.slice_fill([0..1], 1.0_f64).slice([0..1]);
    let matrix = matrix.mask_fill(mask, f32::NEG_INFINITY);
    let matrix = matrix + row.clone().unsqueeze_dim::<2>(0) + row.unsqueeze::<2>();
    let part = batch.clone().slice([0..1, 0..1, 0..1]);
    let batch = batch.slice_assign([0..1, 0..1, 0..1], part);
    drop((matrix.unsqueeze::<4>(), batch));
}
