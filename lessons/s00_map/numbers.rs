//! The numbers of the map: the course's trained model reads `the mo`, stage by stage.
//!
//! Compiled with the last step, which stands on all of these.

use crate::s01_config::GptConfig;
use crate::s09_block::Block;
use crate::s11_lm_head::Gpt;
use crate::s12_generation::sample;
use kit::tensor::{Int, Tensor, activation::softmax};
use kit::{Observer, Stored};

const TEXT: &str = "the mo";

/// What the text goes on with, in "the model".
const NEXT: char = 'd';

/// Follows the last character's vector through the model.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        let device = o.device();
        let letters: String = serde_json::from_reader(o.asset("model/characters.json"))
            .expect("the file is one string of JSON");
        let letters: Vec<char> = letters.chars().collect();
        let id = |wanted| {
            let found = letters.iter().position(|&letter| letter == wanted);
            found.expect("it is known") as i64
        };
        let ids: Vec<i64> = TEXT.chars().map(id).collect();
        o.text("ids", format!("{ids:?}"));
        o.text("vocab_size", letters.len());

        let config = GptConfig {
            vocab_size: letters.len(),
            n_positions: 64,
            n_embd: 64,
            n_head: 4,
            n_layer: 4,
            n_inner: 256,
            ..GptConfig::gpt2()
        };
        o.text("n_inner", config.n_inner);
        o.text("n_embd of GPT-2", GptConfig::gpt2().n_embd);
        o.text("parameters", parameters(&config));
        let path = o.asset_path("model/model.safetensors");
        let model = Stored::open(&path, &device).filled("", Gpt::new(&config, &device));
        let input = Tensor::<1, Int>::from_data(ids.as_slice(), &device).reshape([1, ids.len()]);

        let token = model.transformer.token_embeddings().forward(input.clone());
        channels(o, "token's row", &token);
        let x = model.transformer.embed(input.clone());
        channels(o, "position's row", &(x.clone() - token));
        stages(o, &model, x);

        let logits = model.forward(input).expect("it fits"); // [1, seq, vocab_size]
        choice(o, logits, &letters);
    });
}

/// From the sum of both rows to the last norm.
fn stages(o: &mut Observer, model: &Gpt, x: Tensor<3>) {
    channels(o, "sum", &x);
    let first = &model.transformer.h[0];
    let normed = first.ln_1.forward(x.clone());
    channels(o, "normed", &normed);
    weights(o, first, normed.clone());
    let attended = first.attn.forward(normed);
    channels(o, "attention's answer", &attended);
    let x_1 = x.clone() + attended;
    channels(o, "with attention", &x_1);
    let answer = first.mlp.forward(first.ln_2.forward(x_1));
    channels(o, "the MLP's answer", &answer);

    let mut x = x;
    for (block, layer) in model.transformer.h.iter().zip(1..) {
        x = block.forward(x);
        channels(o, &format!("after block {layer}"), &x);
    }
    channels(o, "last norm", &model.transformer.ln_f.forward(x));
}

/// The last character's attention weights in the first block's first head.
fn weights(o: &mut Observer, block: &Block, normed: Tensor<3>) {
    let qkv = block.attn.c_attn.forward(normed); // [1, seq, 3 * n_embd]
    let [_, seq, width] = qkv.dims();
    let n_embd = width / 3;
    let heads = |from| block.attn.split_heads(qkv.clone().narrow(2, from, n_embd));
    let weights = block.attn.attention_weights(heads(0), heads(n_embd)); // [1, n_head, seq, seq]
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

/// The first three channels of the last character.
fn channels(o: &mut Observer, what: &str, x: &Tensor<3>) {
    let [_, seq, _] = x.dims();
    let last = x.clone().narrow(1, seq - 1, 1).narrow(2, 0, 3);
    for (channel, value) in last.into_data().iter::<f32>().enumerate() {
        o.text(&format!("{what}, channel {channel}"), format!("{value:.2}"));
    }
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
