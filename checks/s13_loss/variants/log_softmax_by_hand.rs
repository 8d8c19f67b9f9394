//! Log-probabilities of the whole vocabulary first, then those of the targets by a mask.

use burn::tensor::{Int, Tensor};

use crate::s10_model::SequenceTooLong;
use crate::s11_lm_head::Gpt;

/// [n, vocab_size] -> [n, 1].
pub fn log_sum_exp(logits: Tensor<2>) -> Tensor<2> {
    // The maximum is left in the graph: what reaches it cancels.
    let largest = logits.clone().max_dim(1);
    largest.clone() + (logits - largest).exp().sum_dim(1).log()
}

/// [n, vocab_size] and [n] -> [n].
pub fn token_losses(logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    let [_, vocab_size] = logits.dims();
    let largest: i64 = targets.clone().max().into_scalar();
    assert!((largest as usize) < vocab_size, "no token {largest}");
    let log_probabilities = logits.clone() - log_sum_exp(logits);
    let tokens = Tensor::<1, Int>::arange(0..vocab_size as i64, &targets.device());
    let is_target = targets.unsqueeze_dim::<2>(1).equal(tokens.unsqueeze_dim(0));
    let others = is_target.bool_not();
    log_probabilities
        .mask_fill(others, 0.0)
        .sum_dim(1)
        .squeeze_dim::<1>(1)
        .neg()
}

/// [n, vocab_size] and [n] -> [1].
pub fn cross_entropy(logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    let [n, _] = logits.dims();
    token_losses(logits, targets).sum() / n as f64
}

/// [batch, seq] -> [1].
pub fn next_token_loss(model: &Gpt, ids: Tensor<2, Int>) -> Result<Tensor<1>, SequenceTooLong> {
    let [batch, seq] = ids.dims();
    if seq < 2 {
        panic!("a row needs two tokens");
    }
    let logits = model.forward(ids.clone().slice([0..batch, 0..seq - 1]))?;
    let targets = ids.slice([0..batch, 1..seq]).flatten::<1>(0, 1);
    Ok(cross_entropy(logits.flatten::<2>(0, 1), targets))
}

/// e^loss.
pub fn perplexity(loss: f64) -> f64 {
    std::f64::consts::E.powf(loss)
}
