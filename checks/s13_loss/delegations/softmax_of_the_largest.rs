//! The sum of the exponentials by Burn's softmax, which takes the maximum off for us.

use burn::tensor::activation::softmax;
use burn::tensor::{Int, Tensor};

use crate::s10_model::SequenceTooLong;
use crate::s11_lm_head::Gpt;

/// The logarithm of the sum of each row's exponentials: [n, vocab_size] -> [n, 1].
///
/// max + ln(sum over v of exp(z_v - max)), which is equal to ln(sum over v of exp(z_v)) for every
/// number in the place of max. With the row's largest logit no exponential exceeds 1, so that
/// nothing overflows; logits of 1e4 and -1e4 are no danger. A logit of minus infinity counts as a
/// token of probability 0, as long as another one in its row is finite.
pub fn log_sum_exp(logits: Tensor<2>) -> Tensor<2> {
    let likeliest = softmax(logits.clone(), 1).max_dim(1); // [n, 1]
    logits.max_dim(1) - likeliest.log()
}

/// What each row loses: minus the natural logarithm of the probability that it gives to its target;
/// [n, vocab_size] and [n] -> [n].
///
/// log_sum_exp(z) - z_target, in nats. The probabilities are those of a softmax, which is never
/// taken: one that is rounded to 0 has no logarithm.
///
/// # Panics
///
/// If a target is not below `vocab_size`, on the CPU. (GPU backends may not look.)
pub fn token_losses(logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    let of_target = logits.clone().gather(1, targets.unsqueeze_dim(1)); // [n, 1]
    (log_sum_exp(logits) - of_target).squeeze_dim(1) // [n]
}

/// The mean of [`token_losses`]: [n, vocab_size] and [n] -> [1].
///
/// Its gradient in the logits is softmax(logits), less 1 at each target, all divided by n.
pub fn cross_entropy(logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    token_losses(logits, targets).mean() // [1]
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
