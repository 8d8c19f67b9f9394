//! Observes step 04.

use crate::s01_config::GptConfig;
use crate::s04_mlp::{Mlp, gelu, linear};
use kit::nn::Linear;
use kit::{Observer, Tolerance};

/// Records the activation, a projection, and the MLP made of them.
pub fn observe(o: &mut Observer) {
    o.group("the activation", |o| {
        o.tensor("around zero", gelu(o.floats::<3>("x", [2, 5, 12])));
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
        o.tensor("output", mlp.forward(o.floats("x", [2, 5, 12])));
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
    // 64 * 96 draws of standard deviation 0.02: mean and deviation of two of them differ by
    // 0.0004 and 0.0003 or so.
    let spread = Tolerance {
        relative: 0.0,
        absolute: 0.003,
    };
    let deviation = weight.clone().square().mean().sqrt();
    o.tensor_within(&format!("{of}mean of the weights"), weight.mean(), spread);
    o.tensor_within(
        &format!("{of}standard deviation of the weights"),
        deviation,
        spread,
    );
    if let Some(bias) = projection.bias {
        o.tensor(&format!("{of}biases"), bias.val());
    }
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
