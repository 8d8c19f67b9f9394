//! Targets as rows of zeros with a single one, and the losses by place.

use burn::tensor::{Int, Tensor};

use crate::s10_model::SequenceTooLong;
use crate::s11_lm_head::Gpt;

/// [n, vocab_size] -> [n, 1].
pub fn log_sum_exp(logits: Tensor<2>) -> Tensor<2> {
    let shift = logits.clone().detach().max_dim(1) - 1.0;
    let [_, vocab_size] = logits.dims();
    let ones = Tensor::<2>::ones([vocab_size, 1], &logits.device());
    (logits - shift.clone()).exp().matmul(ones).log() + shift
}

/// [n, vocab_size] and [n] -> [n].
pub fn token_losses(logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    let ([_, vocab_size], device) = (logits.dims(), logits.device());
    let marks: Vec<f32> = (targets.into_data().iter::<i64>())
        .flat_map(|target| {
            assert!((0..vocab_size as i64).contains(&target), "no such token");
            (0..vocab_size as i64).map(move |token| f32::from(u8::from(token == target)))
        })
        .collect();
    let marks = Tensor::<1>::from_data(marks.as_slice(), &device).reshape(logits.dims());
    let chosen = (logits.clone() * marks).sum_dim(1);
    (log_sum_exp(logits) - chosen).squeeze_dims(&[1])
}

/// [n, vocab_size] and [n] -> [1].
pub fn cross_entropy(logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    let losses = token_losses(logits, targets);
    let [n] = losses.dims();
    losses.div_scalar(n as f32).sum()
}

/// [batch, seq] -> [1].
pub fn next_token_loss(model: &Gpt, ids: Tensor<2, Int>) -> Result<Tensor<1>, SequenceTooLong> {
    let [_, seq] = ids.dims();
    assert!(seq > 1, "nothing to predict");
    let logits = model.forward(ids.clone().narrow(1, 0, seq - 1))?; // [batch, seq - 1, vocab_size]
    let losses = (0..seq - 1).map(|place| {
        let logits = logits.clone().narrow(1, place, 1).squeeze_dim(1); // [batch, vocab_size]
        let targets = ids.clone().narrow(1, place + 1, 1).squeeze_dim(1); // [batch]
        cross_entropy(logits, targets)
    });
    Ok(Tensor::cat(losses.collect(), 0).mean())
}

/// e to the loss.
pub fn perplexity(loss: f64) -> f64 {
    let half = (loss / 2.0).exp();
    half * half
}
