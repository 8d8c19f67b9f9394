//! The loss with Burn's own log-softmax.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Int, Tensor};

use crate::s10_model::SequenceTooLong;
use crate::s11_lm_head::Gpt;

/// [n, vocab_size] -> [n, 1].
pub fn log_sum_exp(logits: Tensor<2>) -> Tensor<2> {
    (logits.clone() - log_softmax(logits, 1)).narrow(1, 0, 1)
}

/// [n, vocab_size] and [n] -> [n].
pub fn token_losses(logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    let chosen = log_softmax(logits, 1).gather(1, targets.unsqueeze_dim(1));
    chosen.neg().squeeze_dim(1)
}

/// [n, vocab_size] and [n] -> [1].
pub fn cross_entropy(logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    token_losses(logits, targets).mean()
}

/// The mean loss of a model that is to predict each token from those before it:
/// [batch, seq] -> [1].
///
/// The model is shown every token but the last of each row, and the targets are every token but the
/// first. So `seq` may be one more than the model's positions.
///
/// # Errors
///
/// [`SequenceTooLong`] if `seq - 1`, which is what the error tells as its `seq`, is more than the
/// model's positions.
///
/// # Panics
///
/// If `seq` is less than 2: there is nothing to predict.
pub fn next_token_loss(model: &Gpt, ids: Tensor<2, Int>) -> Result<Tensor<1>, SequenceTooLong> {
    let [batch, seq] = ids.dims();
    assert!(seq >= 2, "{seq} tokens in a row leave none to predict");
    let shown = ids.clone().narrow(1, 0, seq - 1); // [batch, seq - 1]
    let targets = ids.narrow(1, 1, seq - 1); // [batch, seq - 1]
    let logits = model.forward(shown)?; // [batch, seq - 1, vocab_size]
    let [_, _, vocab_size] = logits.dims();
    let n = batch * (seq - 1);
    Ok(cross_entropy(
        logits.reshape([n, vocab_size]), // [n, vocab_size]
        targets.reshape([n]),            // [n]
    ))
}

/// Among how many equally likely tokens the model might as well be choosing: e to the power of a
/// loss in nats.
pub fn perplexity(loss: f64) -> f64 {
    loss.exp()
}
