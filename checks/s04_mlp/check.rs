//! Observes step 04.

use crate::s01_config::GptConfig;
use crate::s04_mlp::{Mlp, gelu, linear};
use kit::nn::Linear;
use kit::{Observer, Tolerance};

/// Records the activation, a projection, and the MLP made of them.
pub fn observe(o: &mut Observer) {
    o.group("the activation", |o| {
        o.tensor("around zero [batch, seq, n_embd]", gelu(o.floats::<3>("x", [2, 5, 12])));
        let far = o.floats_between::<3>("far x", -60.0, 60.0, [2, 3, 4]);
        o.tensor("far from zero", gelu(far));
    });
    o.group("a projection to start from", |o| {
        let projection = linear(64, 96, &o.device());
        o.parameters("parameters", &projection);
        start(o, "", projection);
    });
    o.group("the parameters of the MLP", |o| {
        let mlp = Mlp::new(&config(), &o.device());
        o.parameters("parameters", &mlp);
    });
    o.group("the MLP", |o| {
        let mlp = o.filled(Mlp::new(&config(), &o.device()));
        o.tensor("output [batch, seq, n_embd]", mlp.forward(o.floats("x", [2, 5, 12])));
    });
    o.group("the values the MLP starts from", |o| {
        let config = GptConfig {
            n_embd: 64,
            n_inner: 96,
            ..config()
        };
        let mlp = Mlp::new(&config, &o.device());
        start(o, "c_fc: ", mlp.c_fc);
        start(o, "c_proj: ", mlp.c_proj);
    });
}

fn start(o: &mut Observer, of: &str, projection: Linear) {
    let weight = projection.weight.val();
    let deviation = weight.clone().square().mean().sqrt();
    let mean = weight.mean() / (deviation.clone() + 1e-6);
    // 64 * 96 draws: the deviations of two of them differ by 1.3 % or so, their means by 0.018
    // deviations. Everything is in proportion, so that a start that is wrong is recognised, too,
    // although it is drawn anew with each run.
    let (near_zero, close) = (spread(0.0, 0.15), spread(0.15, 0.0));
    o.tensor_within(
        &format!("{of}mean of the weights, in deviations"),
        mean,
        near_zero,
    );
    o.tensor_within(
        &format!("{of}standard deviation of the weights"),
        deviation,
        close,
    );
    if let Some(bias) = projection.bias {
        // Not the biases themselves: wrong ones may be other numbers with each run.
        let all_zero: bool = bias.val().equal_elem(0).all().into_scalar();
        o.text(&format!("{of}biases are all zero"), all_zero);
    }
}

fn spread(relative: f64, absolute: f64) -> Tolerance {
    Tolerance { relative, absolute }
}

fn config() -> GptConfig {
    GptConfig {
        vocab_size: 11,
        n_positions: 8,
        n_embd: 12,
        n_layer: 2,
        n_head: 3,
        n_inner: 20,
        layer_norm_epsilon: 0.1,
        dropout: 0.1,
    }
}
