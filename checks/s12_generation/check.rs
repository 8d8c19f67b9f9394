//! Observes step 12.

#[path = "../common.rs"]
mod common;

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s12_generation::{GenerationConfig, generate, next_token_probabilities, sample};
use kit::module::Param;
use kit::tensor::activation::softmax;
use kit::tensor::{Int, Tensor, TensorData};
use kit::{Observer, Sizes, Tolerance};

/// So many that a choice among the likeliest of them shows.
const TOKENS: usize = 200;

/// Records probabilities and draws, exact where they are determined, as statistics where not.
pub fn observe(o: &mut Observer) {
    let [first, second] = o.sizes();
    let [few, more] = [first.vocab_size, second.vocab_size];
    o.group("from logits to probabilities", |o| {
        for &(name, temperature, highest, shape) in &[
            ("temperature 1", 1.0, 3.0, [3, few]),
            ("temperature 0.4", 0.4, 3.0, [2, more]),
            ("temperature 2.5", 2.5, 3.0, [3, few]),
            ("temperature 0.2", 0.2, 3.0, [4, few]),
            ("temperature 40", 40.0, 9.0, [3, more]),
            ("extreme logits", 0.5, 300.0, [3, few]),
            ("many tokens, nearly alike", 1.0, 0.3, [2, TOKENS]),
            ("a single row", 0.7, 3.0, [1, more]),
            ("a single token", 1.5, 3.0, [3, 1]),
        ] {
            let logits = o.floats_between(name, -highest, highest, shape);
            let probabilities = next_token_probabilities(logits, temperature);
            o.tensor(&format!("{name} [batch, vocab_size]"), probabilities);
        }
    });
    o.group("from a uniform number to a token", |o| {
        for &(name, highest, shape) in &[
            ("forty rows", 3.0, [40, few]),
            ("another vocabulary", 3.0, [15, more]),
            ("many tokens, nearly alike", 0.3, [15, TOKENS]),
            ("a single row", 3.0, [1, more]),
        ] {
            let probabilities = softmax(o.floats_between(name, -highest, highest, shape), 1);
            let [batch, _] = shape;
            let uniform = o.floats_between("uniform", 0.0, 1.0, [batch, 1]);
            o.tensor(
                &format!("{name} [batch, 1]"),
                sample(probabilities, uniform),
            );
        }
    });
    o.group("uniform numbers at the edge", |o| {
        edge(
            o,
            "exactly a cumulative probability",
            &[0.25, 0.5, 0.125, 0.125],
            &[0.0, 0.25, 0.75],
        );
        edge(
            o,
            "tokens of probability zero",
            &[0.0, 0.25, 0.0, 0.75],
            &[0.0, 0.25, 0.75],
        );
        let name = "probabilities that miss 1 by rounding";
        edge(o, name, &[0.5, 0.25, 0.125, 0.124_999], &[0.999_999_9; 3]);
        edge(
            o,
            "another vocabulary",
            &[0.5, 0.499_999],
            &[0.25, 0.5, 0.75, 0.999_999_9],
        );
        edge(o, "a single row", &[0.0, 0.0, 0.999_999], &[0.999_999_9]);
    });
    o.group("greedy", |o| {
        let (model, larger) = (decided(o, first, false), decided(o, second, true));
        write(
            o,
            &[
                ("one new token", &model, [5, 4], 1, 0.0),
                ("three new tokens", &model, [3, 4], 3, 0.0),
                ("no new token", &model, [5, 4], 0, 0.0),
                ("another size", &larger, [60, 5], 1, 0.0),
                ("the first model again", &model, [2, 5], 1, 0.0),
            ],
        );
    });
    o.group("a single row and a single token", |o| {
        let model = decided(o, second, false);
        write(
            o,
            &[
                ("one row of one token", &model, [1, 1], 6, 0.0),
                ("three rows of one token", &model, [3, 1], 1, 0.0),
                ("one row of one token, drawn", &model, [1, 1], 1, 0.7),
            ],
        );
        let logits = o.floats_between("extreme logits", -300.0, 300.0, [1, more]);
        let probabilities = next_token_probabilities(logits, 0.7);
        o.tensor(
            "probabilities of one row [batch, vocab_size]",
            probabilities,
        );
    });
    o.group("more tokens than the model has positions", |o| {
        // Two windows that lie apart, 7 to 12 and 12 to 17. With a number between them written in,
        // the larger model is never shown too much; one above both is as bad as no window.
        let [window, other] = [first.n_positions, first.n_positions + 5];
        let second = Sizes {
            n_positions: other,
            ..second
        };
        let (model, larger) = (decided(o, first, false), decided(o, second, false));
        write(
            o,
            &[
                ("a prompt that just fits", &model, [2, window], 1, 0.0),
                ("a long prompt", &model, [3, window + 3], 2, 0.0),
                ("a long answer", &model, [2, window - 1], 3, 0.0),
                ("another window", &larger, [2, other + 1], 1, 0.0),
                // As good as greedy, see `decided`. Of two rows, a softmax over the rows may by chance
                // draw token 0 only, as one that overflows does.
                ("another window, drawn", &larger, [4, other], 2, 1.5),
            ],
        );
    });
    o.group("prompts to refuse", |o| {
        let model = decided(o, first, false);
        let past = o.ids("prompt", few, [2, 3]);
        let past = past.slice_assign([1..2, 1..2], o.ids("", 1, [1, 1]) + few as i64);
        refuse(o, "an empty prompt", &model, o.ids("prompt", few, [2, 0]));
        refuse(o, "an id past the vocabulary", &model, past);
    });
    o.group("random draws", |o| {
        let (model, seed) = (
            indifferent(o, vec![0.0; 100]),
            2 + 2 * o.below("seed", 500) as u64,
        );
        let prompt = o.ids("prompts", 100, [4, 1]);
        let draw = |seed| generate(&model, prompt.clone(), &take(4, 1.0, seed));
        let tokens = draw(seed);
        o.tensor("prompts", tokens.clone().narrow(1, 0, 1));
        let (drawn, again) = (numbers(tokens), numbers(draw(seed)));
        let (next, far) = (numbers(draw(seed + 1)), numbers(draw(seed + (1 << 40))));
        for &(name, same) in &[
            ("the same seed draws the same", drawn == again),
            ("the next seed draws the same", drawn == next),
            ("a seed far off draws the same", drawn == far),
        ] {
            o.text(name, same);
        }
        for &(name, count) in &[
            (
                "rows that repeat an earlier one",
                repeats(&drawn, &drawn, 5, 1),
            ),
            (
                "steps that repeat an earlier one",
                repeats(&drawn, &drawn, 1, 5),
            ),
            (
                "steps that repeat an earlier one of the next seed",
                repeats(&drawn, &next, 1, 5),
            ),
        ] {
            o.integer(name, count);
        }
    });
    o.group("how often each token is drawn", |o| {
        // At temperature 0.1, one token has half of the probability, and thirty-nine share the other
        // half. What is left for the last twenty is 0.0000000001. At 1, they are drawn some twenty
        // times of 400, and at 0.8 some thirteen: which ones tells these two apart.
        let mut logits = vec![0.0];
        for token in 1..60 {
            logits.push(if token < 40 { -0.366 } else { -2.5 });
        }
        let mut unlikely = String::new();
        for token in draws(o, 0.1, logits, 0.212) {
            if token >= 40 {
                unlikely += &format!(" {token}");
            }
        }
        o.text(
            "temperature 0.1: tokens that nearly cannot be drawn",
            unlikely,
        );
        // At temperature 10, one token has a tenth, and the others have nearly the same.
        let mut logits = vec![0.0];
        for token in 1..120 {
            logits.push(-25.2 - 0.01 * token as f32);
        }
        let (mut drawn, mut parts) = ([false; 20], 0);
        for token in draws(o, 10.0, logits, 0.127) {
            let part = token as usize / 6;
            parts += usize::from(!drawn[part]);
            drawn[part] = true;
        }
        // Each has a probability of 0.042 or more: none is missed by chance.
        o.integer(
            "temperature 10: twentieths of the vocabulary that are drawn from",
            parts,
        );
    });
}

/// What a model with these logits draws: four tokens for each of a hundred rows. Records how often
/// it is token 0; the room is six deviations of the difference between two such shares.
fn draws(o: &mut Observer, temperature: f64, logits: Vec<f32>, room: f64) -> Vec<i64> {
    let prompt = o.ids("prompts", logits.len(), [100, 1]);
    let seed = o.below("seed of the draws", 1000) as u64;
    let drawn = generate(&indifferent(o, logits), prompt, &take(4, temperature, seed)).into_data();
    let drawn = drawn.as_slice::<i64>().unwrap_or_default();
    let (mut tokens, mut zeros) = (Vec::new(), 0);
    for (i, &token) in drawn.iter().enumerate() {
        if i % 5 > 0 {
            zeros += usize::from(token == 0);
            tokens.push(token);
        }
    }
    let room = Tolerance {
        relative: 0.0,
        absolute: room,
    };
    let share = zeros as f64 / 400.0;
    o.number_within(
        &format!("temperature {temperature}: share of the likeliest token"),
        share,
        room,
    );
    tokens
}

/// What to generate: a name, the model, batch and length of the prompt, how many tokens, and the
/// temperature.
type Case<'a> = (&'a str, &'a Gpt, [usize; 2], usize, f64);

fn write(o: &mut Observer, cases: &[Case<'_>]) {
    for &(name, model, shape, max_new_tokens, temperature) in cases {
        let [vocab_size, _] = model.transformer.wte.weight.dims();
        let prompt = o.ids("prompt", vocab_size, shape);
        o.attempt(&format!("{name} [batch, seq]"), || {
            let tokens = generate(model, prompt, &take(max_new_tokens, temperature, 1));
            Ok::<_, String>(tokens)
        });
    }
}

fn refuse(o: &mut Observer, name: &str, model: &Gpt, prompt: Tensor<2, Int>) {
    o.call(name, || generate(model, prompt, &take(1, 0.0, 1)));
}

fn take(max_new_tokens: usize, temperature: f64, seed: u64) -> GenerationConfig {
    GenerationConfig {
        max_new_tokens,
        temperature,
        seed,
    }
}

/// Records what is drawn from the probabilities `row` for each of the uniform numbers.
fn edge(o: &mut Observer, name: &str, row: &[f32], uniform: &[f32]) {
    let mut rows = Vec::new();
    for _ in uniform {
        rows.extend_from_slice(row);
    }
    let probabilities = matrix(o, rows, &[uniform.len(), row.len()]);
    let uniform = matrix(o, uniform.to_vec(), &[uniform.len(), 1]);
    o.tensor(name, sample(probabilities, uniform));
}

fn matrix(o: &Observer, values: Vec<f32>, shape: &[usize]) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, shape), &o.device())
}

/// The numbers of four rows with five tokens each; zeros if it is not as many.
fn numbers(tokens: Tensor<2, Int>) -> [i64; 20] {
    let mut numbers = [0; 20];
    if let Ok(tokens) = tokens.into_data().as_slice::<i64>()
        && tokens.len() == numbers.len()
    {
        numbers.copy_from_slice(tokens);
    }
    numbers
}

/// How many of four rows or columns of drawn tokens are equal to an earlier one of `others`. The
/// next row or column is `across` numbers further on, the next number in it `along`.
fn repeats(some: &[i64; 20], others: &[i64; 20], across: usize, along: usize) -> usize {
    let mut count = 0;
    for i in 0..4 {
        let mut found = false;
        for j in 0..i {
            let mut same = true;
            for step in 0..4 {
                let at = 1 + step * along;
                same &= some[at + i * across] == others[at + j * across];
            }
            found |= same;
        }
        count += usize::from(found);
    }
    count
}

/// A model whose logits lie millions apart, so that the likeliest token is the only one at any
/// temperature. Without its blocks, which take time, it looks at the last token and its position.
fn decided(o: &Observer, sizes: Sizes, has_block: bool) -> Gpt {
    let mut model = Gpt::new(&config(sizes), &o.device());
    if !has_block {
        model.transformer.h.clear();
    }
    let mut model = o.filled(model);
    // Such a block makes much of what attention finds: each token of the context counts.
    for block in &mut model.transformer.h {
        let attn = &mut block.attn;
        attn.c_attn.weight = Param::from_tensor(attn.c_attn.weight.val() * 4.0_f32);
        attn.c_proj.weight = Param::from_tensor(attn.c_proj.weight.val() * 20.0_f32);
    }
    let norm = &mut model.transformer.ln_f;
    norm.weight = Param::from_tensor(norm.weight.val() * 1e6_f32);
    model
}

/// A model with these logits, whatever it reads: a vector for the position that is large beyond
/// measure leaves the last norm no choice, and it meets the first column of the token table only.
fn indifferent(o: &Observer, logits: Vec<f32>) -> Gpt {
    let vocab_size = logits.len();
    let config = config(Sizes {
        vocab_size,
        n_positions: 9,
        n_embd: 4,
        n_layer: 1,
        n_head: 2,
        n_inner: 3,
        layer_norm_epsilon: 0.1,
        dropout: 0.3,
    });
    let mut model = Gpt::new(&config, &o.device());
    let body = &mut model.transformer;
    body.h.clear();
    let (mut tokens, mut positions) = (Vec::new(), Vec::new());
    for logit in logits {
        tokens.extend_from_slice(&[logit / 3_f32.sqrt(), 0.0, 0.0, 0.0]);
    }
    for _ in 0..config.n_positions {
        positions.extend_from_slice(&[3e9, -1e9, -1e9, -1e9]);
    }
    body.wte.weight = Param::from_tensor(matrix(o, tokens, &[vocab_size, 4]));
    body.wpe.weight = Param::from_tensor(matrix(o, positions, &[config.n_positions, 4]));
    model
}

/// Depth takes time and shows nothing here.
fn config(sizes: Sizes) -> GptConfig {
    GptConfig {
        n_layer: 1,
        ..common::config(sizes)
    }
}
