//! Observes step 12.

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s12_generation::{GenerationConfig, generate, next_token_probabilities, sample};
use kit::tensor::activation::softmax;
use kit::tensor::{Int, Tensor};
use kit::{Observer, Tolerance};

/// Records probabilities and draws, exact where they are determined, as statistics where not.
pub fn observe(o: &mut Observer) {
    o.group("from logits to probabilities", |o| {
        for temperature in [1.0, 0.4, 2.5] {
            let probabilities = next_token_probabilities(o.floats("logits", [3, 11]), temperature);
            o.tensor(&format!("temperature {temperature}"), probabilities);
        }
        let extreme = o.floats_between("extreme logits", -300.0, 300.0, [3, 11]);
        let probabilities = next_token_probabilities(extreme, 0.5);
        o.tensor("extreme logits", probabilities);
    });
    o.group("from a uniform number to a token", |o| {
        let probabilities = softmax(o.floats::<2>("logits of a draw", [40, 11]), 1);
        let uniform = o.floats_between("uniform", 0.0, 1.0, [40, 1]);
        o.tensor("forty rows [batch, 1]", sample(probabilities, uniform));
    });
    o.group("uniform numbers at the edge", |o| {
        let device = o.device();
        let rows = |row: [f32; 4]| Tensor::<2>::from_data([row], &device).repeat_dim(0, 3);
        let edges = Tensor::<2>::from_data([[0.0], [0.25], [0.75]], &device);
        let drawn = sample(rows([0.25, 0.5, 0.125, 0.125]), edges.clone());
        o.tensor("exactly a cumulative probability", drawn);
        let drawn = sample(rows([0.0, 0.25, 0.0, 0.75]), edges);
        o.tensor("tokens of probability zero", drawn);
        let highest = Tensor::<2>::from_data([[0.999_999_9]], &device).repeat_dim(0, 3);
        let drawn = sample(rows([0.5, 0.25, 0.125, 0.124_999]), highest);
        o.tensor("probabilities that miss 1 by rounding", drawn);
    });
    o.group("greedy", |o| {
        let (model, prompt) = (attentive(o), o.ids("prompt", 11, [7, 4]));
        o.tensor(
            "one new token [batch, seq]",
            generate(&model, prompt.clone(), &take(1, 0.0, 1)),
        );
        o.tensor(
            "four new tokens [batch, seq]",
            generate(&model, prompt.clone(), &take(4, 0.0, 1)),
        );
        o.tensor("no new token", generate(&model, prompt, &take(0, 0.0, 1)));
    });
    o.group("more tokens than the model has positions", |o| {
        let (model, prompt) = (attentive(o), o.ids("long prompt", 11, [7, 11]));
        o.tensor(
            "a long prompt [batch, seq]",
            generate(&model, prompt.clone(), &take(3, 0.0, 1)),
        );
        let short = prompt.narrow(1, 0, 6);
        o.tensor("a long answer [batch, seq]", generate(&model, short, &take(5, 0.0, 1)));
    });
    o.group("random draws", |o| {
        let (model, prompt) = (indifferent(o), o.ids("prompt", 11, [1, 2]));
        let prompt = prompt.repeat_dim(0, 16);
        let seed = 1 + o.below("seed", 1000) as u64;
        let drawn = |seed| generate(&model, prompt.clone(), &take(6, 1.0, seed));
        let tokens = drawn(seed);
        let other_seed = drawn(seed + 1).to_data() == tokens.to_data();
        let same_seed = drawn(seed).to_data() == tokens.to_data();
        o.text("the same seed draws the same", same_seed);
        o.text("another seed draws the same", other_seed);
        let new = tokens.clone().narrow(1, 2, 6);
        for (name, axis) in [
            ("all rows draw the same", 0),
            ("all steps draw the same", 1),
        ] {
            o.text(
                name,
                new.clone().roll_dim(1, axis).to_data() == new.to_data(),
            );
        }
        o.tensor("prompts", tokens.narrow(1, 0, 2));
    });
    o.group("how often each token is drawn", |o| {
        let model = indifferent(o);
        let prompt = o.ids("prompt", 11, [1, 1]).repeat_dim(0, 1200);
        let seed = o.below("seed of the draws", 1000) as u64;
        // The fractions in two times 1200 draws differ by 0.017 or so; those of the likeliest token
        // at temperatures 0.3, 1 and 3 differ by 0.2 at least.
        let spread = Tolerance {
            relative: 0.0,
            absolute: 0.085,
        };
        for temperature in [0.3, 3.0] {
            let tokens = generate(&model, prompt.clone(), &take(1, temperature, seed));
            let vocabulary = Tensor::<1, Int>::arange(0..11, &o.device()).unsqueeze();
            let drawn = tokens.narrow(1, 1, 1).equal(vocabulary).float(); // [1200, 11]
            o.tensor_within(
                &format!("temperature {temperature}"),
                drawn.mean_dim(0),
                spread,
            );
        }
    });
}

fn take(max_new_tokens: usize, temperature: f64, seed: u64) -> GenerationConfig {
    GenerationConfig {
        max_new_tokens,
        temperature,
        seed,
    }
}

/// A model whose prediction depends on the last token and its position above all: embeddings are
/// four times as large, and the last norm does not shift.
fn attentive(o: &Observer) -> Gpt {
    let mut model = filled(o);
    let body = &mut model.transformer;
    body.wte.weight = body.wte.weight.clone().map(|table| table * 4.0);
    body.wpe.weight = body.wpe.weight.clone().map(|table| table * 4.0);
    body.ln_f.bias = body.ln_f.bias.clone().map(|bias| bias.zeros_like());
    model
}

/// A model whose logits are 0, 0.5, 1, 1.5, … whatever it reads: its last norm returns the first
/// unit vector, and these are the first column of its token table.
fn indifferent(o: &Observer) -> Gpt {
    let mut model = filled(o);
    let body = &mut model.transformer;
    // Whatever it reads, so the blocks may go; they would only take time.
    body.h.clear();
    let column = Tensor::<1, Int>::arange(0..11, &o.device()).float() * 0.5;
    body.wte.weight = (body.wte.weight.clone())
        .map(|table| table.slice_assign([0..11, 0..1], column.unsqueeze_dim(1)));
    body.ln_f.weight = body.ln_f.weight.clone().map(|weight| weight.zeros_like());
    body.ln_f.bias = (body.ln_f.bias.clone()).map(|bias| bias.zeros_like().slice_fill([0..1], 1.0));
    model
}

fn filled(o: &Observer) -> Gpt {
    let config = GptConfig {
        vocab_size: 11,
        n_positions: 8,
        n_embd: 12,
        n_layer: 1,
        n_head: 3,
        n_inner: 20,
        layer_norm_epsilon: 0.1,
        dropout: 0.1,
    };
    o.filled(Gpt::new(&config, &o.device()))
}
