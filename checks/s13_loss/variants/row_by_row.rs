//! One row after the other: of a matrix of logits, and of a batch of texts.

use burn::tensor::{Int, Tensor};

use crate::s10_model::SequenceTooLong;
use crate::s11_lm_head::Gpt;

/// [n, vocab_size] -> [n, 1].
pub fn log_sum_exp(logits: Tensor<2>) -> Tensor<2> {
    let rows = logits.iter_dim(0).map(|row| {
        let largest: f32 = row.clone().max().into_scalar();
        let sum = (row - largest).exp().sum().log() + largest; // [1]
        sum.unsqueeze_dim(0) // [1, 1]
    });
    Tensor::cat(rows.collect(), 0)
}

/// [n, vocab_size] and [n] -> [n].
pub fn token_losses(logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    let [_, vocab_size] = logits.dims();
    let sums = log_sum_exp(logits.clone());
    let mut losses = Vec::new();
    for (row, target) in targets.into_data().iter::<i64>().enumerate() {
        let target = usize::try_from(target).expect("ids are not negative");
        assert!(target < vocab_size, "{target} is no token of {vocab_size}");
        let chosen = logits.clone().slice([row..row + 1, target..target + 1]);
        let loss = sums.clone().slice([row..row + 1, 0..1]) - chosen; // [1, 1]
        losses.push(loss.reshape([1]));
    }
    Tensor::cat(losses, 0)
}

/// [n, vocab_size] and [n] -> [1].
pub fn cross_entropy(logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    token_losses(logits, targets).mean()
}

/// [batch, seq] -> [1].
pub fn next_token_loss(model: &Gpt, ids: Tensor<2, Int>) -> Result<Tensor<1>, SequenceTooLong> {
    let [batch, seq] = ids.dims();
    assert_ne!(seq, 0);
    assert_ne!(seq, 1);
    let mut sum = None;
    for text in ids.chunk(batch, 0) {
        let logits = model.forward(text.clone().narrow(1, 0, seq - 1))?;
        let targets = text.narrow(1, 1, seq - 1).squeeze_dim(0);
        let loss = cross_entropy(logits.squeeze_dim(0), targets);
        sum = Some(match sum {
            Some(sum) => sum + loss,
            None => loss,
        });
    }
    Ok(sum.expect("a text has a row") / batch as f64)
}

/// exp(loss).
pub fn perplexity(loss: f64) -> f64 {
    f64::exp(loss)
}
