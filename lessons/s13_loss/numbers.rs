//! The numbers of lesson 13.

#[path = "../running.rs"]
mod running;
#[path = "../small_model.rs"]
mod small_model;

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s13_loss::{cross_entropy, log_sum_exp, next_token_loss, perplexity, token_losses};
use kit::Observer;
use kit::module::Param;
use kit::tensor::activation::softmax;
use kit::tensor::{Device, Int, Tensor};
use running::{NEXT, Running, TEXT};

/// Recomputes the example and the answers.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        example(o);
        running_example(o);
        facts(o);
        answers(o);
    });
}

fn example(o: &mut Observer) {
    let device = o.device();
    let model = lesson_11(&device);
    let ids = Tensor::<2, Int>::from_data([[2, 0, 2]], &device);
    let Ok(logits) = model.forward(ids.clone()) else {
        return;
    };
    let logits: Tensor<2> = logits.squeeze_dim(0);
    record(o, "logit", logits.clone());
    let logits = logits.narrow(0, 0, 2);
    let targets = Tensor::<1, Int>::from_data([0, 2], &device);
    let largest = logits.clone().max_dim(1);
    let differences = logits.clone() - largest;
    let exponentials = differences.clone().exp();
    let sums = exponentials.clone().sum_dim(1);
    record(o, "difference", differences);
    record(o, "exponential", exponentials);
    record(o, "sum", sums.clone());
    record(o, "logarithm of the sum", sums.log());
    record(o, "log-sum-exp", log_sum_exp(logits.clone()));
    record(o, "probability", softmax(logits.clone(), 1));
    let losses = token_losses(logits.clone(), targets.clone());
    record(o, "loss", losses.unsqueeze_dim(1));
    let loss = number(cross_entropy(logits.clone(), targets.clone()));
    o.text("deviation of a table", 0.02);
    o.text("mean", format!("{loss:.4}"));
    let of_ids = next_token_loss(&model, ids).map(number);
    o.text(
        "as of the ids",
        of_ids.is_ok_and(|of_ids| (of_ids - loss).abs() < 1e-6),
    );
    o.text("perplexity", format!("{:.3}", perplexity(loss)));
    o.text("a blind guess among three", format!("{:.4}", 3_f64.ln()));

    let raised = number(cross_entropy(logits.clone() + 100.0, targets.clone()));
    o.text("grown by 100", 100);
    o.text("the same", (raised - loss).abs() < 1e-4);
    let halved = number(cross_entropy(logits * 0.5, targets));
    o.text("factor", 0.5);
    o.text("multiplied by 0.5", format!("{halved:.4}"));
}

/// The model of lessons 10 and 11: two tables, and blocks that add nothing.
fn lesson_11(device: &Device) -> Gpt {
    let config = GptConfig {
        vocab_size: 3,
        n_positions: 3,
        n_embd: 4,
        n_layer: 2,
        n_head: 2,
        n_inner: 16,
        ..GptConfig::gpt2()
    };
    let mut gpt = Gpt::new(&config, device);
    let model = &mut gpt.transformer;
    let table = |rows: [[f32; 4]; 3]| Param::from_tensor(Tensor::from_data(rows, device));
    model.wte.weight = table([
        [1.0, 0.0, 2.0, 1.0],
        [2.0, 1.0, 0.0, 0.0],
        [0.0, 3.0, 1.0, 0.0],
    ]);
    model.wpe.weight = table([
        [1.0, -1.0, 2.0, 4.0],
        [0.0, 1.0, 0.0, 1.0],
        [2.0, 0.0, 0.0, 1.0],
    ]);
    for block in &mut model.h {
        for projection in [&mut block.attn.c_proj, &mut block.mlp.c_proj] {
            let weight = projection.weight.clone();
            projection.weight = weight.map(|weight| weight.zeros_like());
        }
    }
    gpt
}

/// What the small model loses on `the mod`, and the gradient of its last prediction.
fn running_example(o: &mut Observer) {
    let device = o.device();
    let running = Running::open(o);
    let model = running
        .stored
        .filled("", Gpt::new(&small_model::config(), &device));
    let text = format!("{TEXT}{NEXT}");
    let ids: Vec<i64> = text.chars().map(|letter| running.id(letter)).collect();
    let n = ids.len() - 1;
    let row = |ids: &[i64]| Tensor::<1, Int>::from_data(ids, &device);
    let loss = next_token_loss(&model, row(&ids).unsqueeze()).map(number);
    let loss = loss.expect("it fits");
    o.text("loss of the text", format!("{loss:.3}"));
    o.text("its perplexity", format!("{:.2}", perplexity(loss)));
    let letters = running.letters.len();
    o.text("characters", letters);
    o.text("nothing known", format!("{:.2}", (letters as f64).ln()));

    let logits = model.forward(row(&ids[..n]).unsqueeze());
    let logits: Tensor<2> = logits.expect("it fits").squeeze_dim(0); // [n, vocab_size]
    let shares = softmax(logits.clone(), 1).gather(1, row(&ids[1..]).unsqueeze_dim(1));
    let losses = token_losses(logits.clone(), row(&ids[1..]));
    let (shares, losses) = (shares.into_data(), losses.into_data());
    let mut dearest: Vec<f32> = losses.iter().collect();
    dearest.sort_by(f32::total_cmp);
    assert!(dearest[n - 1] > 2.0 * dearest[n - 2]);
    for (share, loss) in shares.iter::<f32>().zip(losses.iter::<f32>()) {
        o.text("share of what came", format!("{share:.3}"));
        o.text("what it cost", format!("{loss:.3}"));
    }
    let last = logits.narrow(0, n - 1, 1).autodiff().require_grad();
    let gradients = cross_entropy(last.clone(), row(&ids[n..])).backward();
    let gradient = last.grad(&gradients).expect("the loss depends on it");
    let gradient: Vec<f32> = gradient.into_data().iter().collect();
    for letter in ['d', 'r', 'm'] {
        let of_letter = gradient[running.id(letter) as usize];
        o.text("gradient of the last prediction", format!("{of_letter:.3}"));
    }
    let sum: f32 = gradient.iter().sum();
    o.text("they add up to 0", sum.abs() < 1e-6);
}

fn facts(o: &mut Observer) {
    let device = o.device();
    let config = GptConfig::gpt2();
    let tokens = config.vocab_size;
    o.text("vocab_size", tokens);
    o.text("ln of it", format!("{:.3}", (tokens as f64).ln()));
    // 120 below the largest: rounded to 0 by a softmax, and no harm to the difference.
    let apart = Tensor::<2>::from_data([[120.0, 0.0]], &device);
    let rounded = number(softmax(apart.clone(), 1).narrow(1, 1, 1).reshape([1]));
    o.text("rounded to zero", rounded == 0.0);
    let target = Tensor::<1, Int>::from_data([1], &device);
    let lost = number(token_losses(apart, target));
    o.text("distance", format!("{lost:.0}"));
    for (largest, is_finite) in [(88.0_f32, true), (89.0, false)] {
        o.text("held by an f32", largest.exp().is_finite() == is_finite);
    }
    o.text("largest logit of the check", 10000);
    o.text("smallest logit of the check", -10000);
    let nats = 5.0;
    o.text("5 nats in bits", format!("{:.1}", nats / 2_f64.ln()));
}

fn answers(o: &mut Observer) {
    let probabilities = [0.5_f64, 0.25, 0.125];
    let losses = probabilities.map(|p| -p.ln());
    let loss = losses.iter().sum::<f64>() / 3.0;
    for (p, lost) in probabilities.iter().zip(losses) {
        o.text("probability", p);
        o.text("its loss", format!("{lost:.4}"));
    }
    o.text("mean loss", format!("{loss:.4}"));
    o.text("perplexity", format!("{:.0}", perplexity(loss)));
    o.text("inverse", format!("{:.2}", 1.0 / perplexity(loss)));
    let mean = probabilities.iter().sum::<f64>() / 3.0;
    o.text("ordinary mean", format!("{mean:.4}"));
    o.text("its inverse", format!("{:.4}", 1.0 / mean));
    let inverses: f64 = probabilities.iter().map(|p| 1.0 / p).sum();
    o.text("mean of inverses", format!("{:.4}", inverses / 3.0));

    let positions = GptConfig::gpt2().n_positions;
    o.text("positions", positions);
    o.text("tokens", positions + 1);
    let halves = [positions / 2 + 1, positions / 2];
    for half in halves {
        o.text("tokens of a half", half);
        o.text("predictions of a half", half - 1);
    }
    let both: usize = halves.iter().map(|half| half - 1).sum();
    o.text("predictions of both", both);
    o.text("one more lost", both - 1);

    let (loss, tokens) = (3.3, 1.3);
    o.text("loss per token", loss);
    o.text("tokens per word", tokens);
    o.text("perplexity per token", format!("{:.2}", perplexity(loss)));
    let word = loss * tokens;
    o.text("loss per word", format!("{word:.2}"));
    o.text("perplexity per word", format!("{:.2}", perplexity(word)));
}

fn number(tensor: Tensor<1>) -> f64 {
    let number: f32 = tensor.into_scalar();
    f64::from(number)
}

fn record(o: &mut Observer, name: &str, tensor: Tensor<2>) {
    for value in tensor.into_data().iter::<f32>() {
        o.text(name, format!("{value:.4}"));
    }
}
