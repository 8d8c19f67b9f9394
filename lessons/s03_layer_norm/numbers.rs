//! Every number of lesson 03.

#[path = "../common.rs"]
mod common;
#[path = "../running.rs"]
mod running;

use crate::s03_layer_norm::LayerNorm;
use common::thousands;
use kit::Observer;
use kit::module::Param;
use kit::tensor::activation::softmax;
use kit::tensor::{Device, Tensor};
use running::{LAST, Running, TEXT, channels, deviations, written};

/// Records them as they are written.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        let device = o.device();
        sizes(o, &device);
        by_hand(o, &device);
        running_example(o);
        slips(o, &device);
        exercises(o, &device);
    });
}

/// What becomes of scores that grow, and of numbers that each layer scales.
fn sizes(o: &mut Observer, device: &Device) {
    for scale in [1.0, 10.0] {
        let scores = Tensor::<1>::from_data([1.0, 2.0, 3.0], device) * scale;
        for weight in values(softmax(scores, 0)) {
            o.text(&format!("weight, scale {scale}"), format!("{weight:.4}"));
        }
    }
    let layers = 12;
    o.text("doubled each time", thousands(2_usize.pow(layers)));
    let halved = 0.5_f64.powi(layers as i32);
    o.text("halved each time", format!("{halved:.4}"));
}

fn by_hand(o: &mut Observer, device: &Device) {
    let x = Tensor::<1>::from_data([1.0, 2.0, 3.0, 4.0], device);
    let mean = x.clone().mean_dim(0);
    let centred = x.clone() - mean.clone();
    o.text("mean", values(mean)[0]);
    for (i, (less, square)) in values(centred.clone())
        .into_iter()
        .zip(values(centred.square()))
        .enumerate()
    {
        o.text(&format!("less the mean: {i}"), less);
        o.text(&format!("squared: {i}"), square);
    }
    let variance = values(x.clone().var_bias(0))[0];
    o.text("variance", variance);
    o.text("its root", format!("{:.4}", variance.sqrt()));
    let norm = LayerNorm::new(4, 1e-5, device);
    for (i, value) in values(norm.forward(x.clone())).into_iter().enumerate() {
        o.text(&format!("normalised: {i}"), format!("{value:.4}"));
    }
    let moved = LayerNorm {
        weight: Param::from_tensor(Tensor::full([4], 2.0, device)),
        bias: Param::from_tensor(Tensor::full([4], 0.5, device)),
        epsilon: 1e-5,
    };
    let second = values(moved.forward(x.clone()))[1];
    o.text("scaled and shifted", format!("{second:.4}"));
    let unbiased = values(x.clone().var(0))[0];
    o.text("unbiased variance", format!("{unbiased:.4}"));
    o.text("last by it", format!("{:.4}", 1.5 / unbiased.sqrt()));
    let same = [x.clone() * 10.0, x + 100.0].map(|x| format!("{:.4}", values(norm.forward(x))[3]));
    o.text("times ten", &same[0]);
    o.text("plus a hundred", &same[1]);
}

/// The first norm of the small model, without and with its weight and bias.
fn running_example(o: &mut Observer) {
    let running = Running::open(o);
    let x = running.read(TEXT).sum; // [seq, n_embd]
    let [_, n_embd] = x.dims();
    let fresh = LayerNorm::new(n_embd, 1e-5, &o.device());
    let path = Running::path(0, "ln_1");
    let trained = running.stored.filled(&path, fresh.clone());
    channels(o, "the stream", &x);
    let divided = fresh.forward(x.clone());
    channels(o, "divided", &divided);
    channels(o, "weight", &trained.weight.val().unsqueeze());
    channels(o, "bias", &trained.bias.val().unsqueeze());
    channels(o, "normed", &trained.forward(x.clone()));
    for (what, x) in [("before", x), ("after", divided)] {
        let [mean, deviation] = [values(x.clone().mean_dim(1).squeeze()), deviations(&x)];
        o.text(&format!("mean {what}"), written(mean[LAST]));
        for deviation in deviation {
            o.text(&format!("deviation {what}"), written(deviation));
        }
    }
}

fn slips(o: &mut Observer, device: &Device) {
    o.text("a large epsilon", 0.1);
    let x = Tensor::<1>::from_data([1.0, 2.0, 3.0, 4.0], device);
    let inside = values(LayerNorm::new(4, 0.1, device).forward(x))[3];
    o.text("epsilon inside", format!("{inside:.4}"));
    let outside = 1.5 / (1.25_f64.sqrt() + 0.1);
    o.text("epsilon outside", format!("{outside:.4}"));
}

fn exercises(o: &mut Observer, device: &Device) {
    let small = [0.001, 0.002, 0.003, 0.004];
    for value in small {
        o.text(&format!("input {value}"), value);
    }
    let x = Tensor::<1>::from_data(small, device);
    let last = values(LayerNorm::new(4, 1e-5, device).forward(x))[3];
    o.text("last of the small ones", format!("{last:.4}"));
    let mean = small.iter().sum::<f64>() / 4.0;
    let variance = small.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 4.0;
    o.text("their variance", format!("{variance:.8}"));
    o.text("with epsilon", format!("{:.8}", variance + 1e-5));
    let unbiased = (0.004 - mean) / (variance * 4.0 / 3.0 + 1e-5).sqrt();
    o.text("by the unbiased variance", format!("{unbiased:.4}"));
    let outside = (0.004 - mean) / (variance.sqrt() + 1e-5);
    o.text("epsilon added to the deviation", format!("{outside:.4}"));

    // GPT-2's n_embd and n_layer, which step 01 holds.
    let (n_embd, n_layer) = (768, 12);
    o.text("width", n_embd);
    o.text("length", format!("{:.4}", (n_embd as f64).sqrt()));
    let (one, norms) = (2 * n_embd, 2 * n_layer + 1);
    o.text("norms", norms);
    o.text("one norm", thousands(one));
    o.text("all norms", thousands(norms * one));
    o.text("weights alone", thousands(norms * n_embd));
    o.text("without the last norm", thousands((norms - 1) * one));
    o.text("both slips", thousands((norms - 1) * n_embd));
}

fn values(tensor: Tensor<1>) -> Vec<f32> {
    tensor.into_data().iter().collect()
}
