//! The numbers of the map: the course's trained model reads `the mo`, stage by stage.
//!
//! Compiled with the last step, which stands on all of these. It also holds that the running example,
//! written without any step, gives what the steps give.

#[path = "../running.rs"]
mod running;
#[path = "../small_model.rs"]
mod small_model;

use crate::s01_config::GptConfig;
use crate::s04_mlp::gelu;
use crate::s09_block::Block;
use crate::s11_lm_head::Gpt;
use crate::s12_generation::sample;
use kit::Observer;
use kit::tensor::{Int, Tensor, activation::softmax};
use running::{BlockStages, NEXT, Running, Stages, TEXT, channels};
use small_model::config;

/// Follows the last character's vector through the model.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        let device = o.device();
        let running = Running::open(o);
        let stages = running.read(TEXT);
        let (ids, letters) = (&stages.ids, &running.letters);
        o.text("ids", format!("{ids:?}"));
        o.text("vocab_size", letters.len());

        let config = config();
        o.text("n_inner", config.n_inner);
        o.text("n_embd of GPT-2", GptConfig::gpt2().n_embd);
        o.text("parameters", parameters(&config));
        let model = running.stored.filled("", Gpt::new(&config, &device));
        let input = Tensor::<1, Int>::from_data(ids.as_slice(), &device).reshape([1, ids.len()]);

        let token = model.transformer.token_embeddings().forward(input.clone());
        stage(o, "token's row", &token, &stages.tokens);
        let x = model.transformer.embed(input.clone());
        let position = x.clone() - token;
        stage(o, "position's row", &position, &stages.positions);
        blocks(o, &model, x, &stages);

        let logits = model.forward(input).expect("it fits"); // [1, seq, vocab_size]
        agree("logits", logits.clone(), &stages.logits);
        choice(o, logits, letters);
    });
}

/// From the sum of both rows to the last norm.
fn blocks(o: &mut Observer, model: &Gpt, x: Tensor<3>, stages: &Stages) {
    stage(o, "sum", &x, &stages.sum);
    let (first, expected) = (&model.transformer.h[0], &stages.blocks[0]);
    let normed = first.ln_1.forward(x.clone());
    stage(o, "normed", &normed, &expected.normed);
    weights(o, first, normed.clone(), expected);
    let attended = first.attn.forward(normed);
    stage(o, "attention's answer", &attended, &expected.attended);
    let x_1 = x.clone() + attended;
    stage(o, "with attention", &x_1, &expected.with_attention);
    let normed = first.ln_2.forward(x_1);
    agree("normed again", normed.clone(), &expected.normed_again);
    let hidden = first.mlp.c_fc.forward(normed.clone());
    agree("hidden", hidden.clone(), &expected.hidden);
    agree("activated", gelu(hidden), &expected.activated);
    let answer = first.mlp.forward(normed);
    stage(o, "the MLP's answer", &answer, &expected.answer);

    let mut x = x;
    for (number, (block, expected)) in (1..).zip(model.transformer.h.iter().zip(&stages.blocks)) {
        x = block.forward(x);
        stage(o, &format!("after block {number}"), &x, &expected.after);
    }
    let normed = model.transformer.ln_f.forward(x);
    stage(o, "last norm", &normed, &stages.last_norm);
}

/// The last character's attention weights in the first block's first head.
fn weights(o: &mut Observer, block: &Block, normed: Tensor<3>, expected: &BlockStages) {
    let qkv = block.attn.c_attn.forward(normed); // [1, seq, 3 * n_embd]
    let [_, seq, width] = qkv.dims();
    let n_embd = width / 3;
    let heads = |from| block.attn.split_heads(qkv.clone().narrow(2, from, n_embd));
    let [q, k, v] = [0, 1, 2].map(|part| heads(part * n_embd));
    for (what, heads, expected) in [
        ("queries", &q, &expected.queries),
        ("keys", &k, &expected.keys),
        ("values", &v, &expected.values),
    ] {
        agree(what, heads.clone().squeeze_dim(0), expected);
    }
    let weights = block.attn.attention_weights(q, k); // [1, n_head, seq, seq]
    let shared = weights.clone().squeeze_dim(0);
    agree("weights", shared, &expected.weights);
    let found = weights.clone().matmul(v).squeeze_dim(0);
    agree("found", found, &expected.found);
    for (head, row) in (weights.narrow(2, seq - 1, 1).into_data())
        .iter::<f32>()
        .collect::<Vec<_>>()
        .chunks(seq)
        .enumerate()
    {
        for (key, weight) in row.iter().enumerate() {
            o.text(&format!("head {head}, key {key}"), format!("{weight:.2}"));
        }
    }
}

/// Records the first three channels of the last character, if the running example has the same.
fn stage(o: &mut Observer, what: &str, x: &Tensor<3>, expected: &Tensor<2>) {
    let x: Tensor<2> = x.clone().squeeze_dim(0);
    agree(what, x.clone().unsqueeze(), expected);
    channels(o, what, &x);
}

/// The running example is true only as long as it gives what the steps give.
fn agree<const D: usize>(what: &str, steps: Tensor<3>, running: &Tensor<D>) {
    let running = running.clone().unsqueeze();
    let apart: f32 = (steps - running).abs().max().into_scalar();
    assert!(
        apart < 1e-4,
        "{what}: the running example is {apart} apart from the steps"
    );
}

/// The likeliest characters, the one that is drawn, and what the right one costs.
fn choice(o: &mut Observer, logits: Tensor<3>, letters: &[char]) {
    let [_, seq, vocab_size] = logits.dims();
    let device = logits.device();
    let logits = logits.narrow(1, seq - 1, 1).reshape([1, vocab_size]);
    let probabilities = softmax(logits.clone(), 1);
    let scores: Vec<f32> = logits.into_data().iter().collect();
    let shares: Vec<f32> = probabilities.to_data().iter().collect();
    let mut order: Vec<usize> = (0..vocab_size).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    for &id in order.iter().take(4) {
        o.text(
            &format!("logit of {}", letters[id]),
            format!("{:.2}", scores[id]),
        );
        o.text(
            &format!("share of {}", letters[id]),
            format!("{:.3}", shares[id]),
        );
    }
    let next = letters.iter().position(|&letter| letter == NEXT);
    let next = next.expect("it is known");
    let before: f32 = shares[..next].iter().sum();
    o.text("before it on the line", format!("{before:.3}"));
    o.text("up to it", format!("{:.3}", before + shares[next]));
    let at = 0.5;
    o.text("random number", at);
    let drawn = sample(probabilities, Tensor::from_data([[at]], &device));
    let drawn = drawn.into_data().iter::<i64>().next().expect("it is one");
    o.text("drawn", letters[drawn as usize]);
    o.text("loss", format!("{:.3}", -shares[next].ln()));
    o.text("gradient", format!("{:.3}", shares[next] - 1.0));
    o.text("nothing known", format!("{:.2}", (vocab_size as f64).ln()));
}

fn parameters(config: &GptConfig) -> String {
    let digits = config.num_params().to_string();
    let (thousands, rest) = digits.split_at(digits.len() - 3);
    format!("{thousands},{rest}")
}
