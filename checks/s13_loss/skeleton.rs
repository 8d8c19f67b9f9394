//! The loss: how surprised the model is by the tokens that really follow.
//!
//! Cross-entropy of the next token, as in "Language Models are Unsupervised Multitask Learners"
//! (Radford et al., 2019), section 2; Hugging Face's counterpart is `ForCausalLMLoss`, PyTorch's is
//! `nn.functional.cross_entropy`.

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
    // Take each row's largest logit (`max_dim` keeps the axis), subtract it, and only then take
    // exponentials, sum and logarithm. What was subtracted comes back at the end. Any number would
    // do in its place, so nothing is to be learnt through it: `detach` says so.
    todo!()
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
    // `gather` along axis 1 picks one logit from each row; its indices need two axes, as the logits
    // have. The difference is [n, 1], and `squeeze_dim` drops the axis.
    todo!()
}

/// The mean of [`token_losses`]: [n, vocab_size] and [n] -> [1].
///
/// Its gradient in the logits is softmax(logits), less 1 at each target, all divided by n.
pub fn cross_entropy(logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    // All rows count the same.
    todo!()
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
    // Two stretches of the same ids, each `seq - 1` long (`narrow`): what the model is shown, and
    // what it should have said. Refuse `seq` below 2 with `assert!`, and pass the model's error on
    // with `?`. Then every place of every row is a row of its own for `cross_entropy`: `reshape`.
    todo!()
}

/// Among how many equally likely tokens the model might as well be choosing: e to the power of a
/// loss in nats.
pub fn perplexity(loss: f64) -> f64 {
    // The loss was a logarithm.
    todo!()
}
