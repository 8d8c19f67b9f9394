//! Plain Rust from the logits on: vectors of numbers, loops, recursion, and a random number
//! generator of its own (SplitMix64) in place of the device's.

use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::s11_lm_head::Gpt;

/// [batch, vocab_size] -> [batch, vocab_size].
pub fn next_token_probabilities(logits: Tensor<2>, temperature: f64) -> Tensor<2> {
    let (shape, device) = (logits.dims(), logits.device());
    let mut all = Vec::new();
    for row in rows(logits) {
        let scaled = row.iter().map(|&logit| f64::from(logit) / temperature);
        let largest = scaled.clone().fold(f64::NEG_INFINITY, f64::max);
        let exponentials: Vec<f64> = scaled.map(|logit| (logit - largest).exp()).collect();
        let total: f64 = exponentials.iter().sum();
        all.extend(exponentials.iter().map(|e| (e / total) as f32));
    }
    Tensor::from_data(TensorData::new(all, shape), &device)
}

/// [batch, vocab_size] and [batch, 1] -> [batch, 1].
pub fn sample(probabilities: Tensor<2>, uniform: Tensor<2>) -> Tensor<2, Int> {
    let device = probabilities.device();
    let tokens = std::iter::zip(rows(probabilities), rows(uniform))
        .map(|(probabilities, uniform)| draw(&probabilities, uniform[0]))
        .collect();
    column(tokens, &device)
}

/// The index of the stretch that `uniform` falls into.
fn draw(probabilities: &[f32], uniform: f32) -> i64 {
    let mut cumulative = 0.0;
    for (token, probability) in (0..).zip(probabilities) {
        cumulative += probability;
        if cumulative > uniform {
            return token;
        }
    }
    probabilities.len() as i64 - 1
}

/// How to choose tokens, and how many.
#[derive(Debug, Clone, PartialEq)]
pub struct GenerationConfig {
    /// Number of tokens to append.
    pub max_new_tokens: usize,
    /// 0 always takes the likeliest token (greedy); otherwise see [`next_token_probabilities`].
    pub temperature: f64,
    /// Where the random numbers start.
    pub seed: u64,
}

/// [batch, prompt] -> [batch, prompt + max_new_tokens].
pub fn generate(model: &Gpt, prompt: Tensor<2, Int>, config: &GenerationConfig) -> Tensor<2, Int> {
    let mut state = config.seed;
    extend(model, prompt, config, config.max_new_tokens, &mut state)
}

fn extend(
    model: &Gpt,
    ids: Tensor<2, Int>,
    config: &GenerationConfig,
    missing: usize,
    state: &mut u64,
) -> Tensor<2, Int> {
    if missing == 0 {
        return ids;
    }
    let ([_, seq], device) = (ids.dims(), ids.device());
    let seen = model.transformer.n_positions().min(seq);
    let logits = model
        .forward(ids.clone().narrow(1, seq - seen, seen))
        .expect("a sequence that fits");
    let logits: Tensor<2> = logits.narrow(1, seen - 1, 1).squeeze_dim(1);
    let next = if config.temperature == 0.0 {
        let best = rows(logits).into_iter().map(|row| likeliest(&row));
        column(best.collect(), &device)
    } else {
        let probabilities = rows(next_token_probabilities(logits, config.temperature));
        let drawn = (probabilities.iter()).map(|row| draw(row, unit(state)));
        column(drawn.collect(), &device)
    };
    let longer = Tensor::cat(vec![ids, next], 1);
    extend(model, longer, config, missing - 1, state)
}

fn likeliest(row: &[f32]) -> i64 {
    let mut best = 0;
    for (i, logit) in row.iter().enumerate() {
        if *logit > row[best] {
            best = i;
        }
    }
    best as i64
}

/// The next number of the sequence, uniform in [0, 1).
fn unit(state: &mut u64) -> f32 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 40) as f32 / (1 << 24) as f32
}

fn rows(tensor: Tensor<2>) -> Vec<Vec<f32>> {
    let [_, width] = tensor.dims();
    let values = tensor.into_data().try_into_vec::<f32>();
    let values = values.expect("floats of single precision");
    values.chunks(width).map(<[f32]>::to_vec).collect()
}

fn column(tokens: Vec<i64>, device: &Device) -> Tensor<2, Int> {
    let shape = [tokens.len(), 1];
    Tensor::from_data(TensorData::new(tokens, shape), device)
}
