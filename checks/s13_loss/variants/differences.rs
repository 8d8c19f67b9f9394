//! The loss as a log-sum-exp of differences to the target's logit.

use burn::tensor::{Int, Tensor};

use crate::s10_model::SequenceTooLong;
use crate::s11_lm_head::Gpt;

/// [n, vocab_size] -> [n, 1].
pub fn log_sum_exp(logits: Tensor<2>) -> Tensor<2> {
    let (largest, _) = logits.clone().detach().max_dim_with_indices(1);
    let mut exponentials = (logits - largest.clone()).exp();
    let [_, mut left] = exponentials.dims();
    // Halves are added until one column is left.
    while left > 1 {
        let half = left / 2;
        let sums =
            exponentials.clone().narrow(1, 0, half) + exponentials.clone().narrow(1, half, half);
        exponentials = match left % 2 {
            0 => sums,
            _ => Tensor::cat(vec![sums, exponentials.narrow(1, left - 1, 1)], 1),
        };
        left -= half;
    }
    largest + exponentials.log()
}

/// [n, vocab_size] and [n] -> [n].
pub fn token_losses(logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    let [n, _] = logits.dims();
    let chosen = logits.clone().gather(1, targets.reshape([n, 1]));
    log_sum_exp(logits - chosen).reshape([n])
}

/// [n, vocab_size] and [n] -> [1].
pub fn cross_entropy(logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    token_losses(logits, targets).mean_dim(0)
}

/// [batch, seq] -> [1].
pub fn next_token_loss(model: &Gpt, ids: Tensor<2, Int>) -> Result<Tensor<1>, SequenceTooLong> {
    let [_, seq] = ids.dims();
    let predicted = seq
        .checked_sub(1)
        .filter(|&n| n > 0)
        .expect("two tokens or more");
    let n_positions = model.transformer.n_positions();
    if predicted > n_positions {
        return Err(SequenceTooLong {
            seq: predicted,
            n_positions,
        });
    }
    let logits = model.forward(ids.clone().slice_dim(1, ..predicted))?;
    let targets = ids.slice_dim(1, 1..);
    // Places first, rows second: in a mean the order does not matter.
    let logits = logits.swap_dims(0, 1).flatten::<2>(0, 1);
    Ok(cross_entropy(logits, targets.transpose().flatten(0, 1)))
}

/// 2^(loss in bits).
pub fn perplexity(loss: f64) -> f64 {
    (loss / std::f64::consts::LN_2).exp2()
}
