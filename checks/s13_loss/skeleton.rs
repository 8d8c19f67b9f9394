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
    // In the formula above, any number may stand in the place of the maximum. Which one does each row
    // need, so that no exponential overflows, and where does it come back? It is a column, [n, 1], and
    // the logits are [n, vocab_size]. As any number would do, nothing is to be learned through this
    // one: no gradient may pass through it.
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
    // Two terms, and one is written already. It is [n, 1]. The other one takes a single logit out of
    // each row, by an index: how many axes must the indices have, so that what they pick has the same
    // shape? One axis is too many in the end.
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
    // Two stretches of the same ids, each `seq - 1` long: what the model is shown, and what it should
    // have said. Where does each of them begin? Refuse rows that are too short before anything is cut;
    // the model itself refuses those that are too long. `cross_entropy` knows no batch: each place of
    // each row is a row of its own there. How many are they?
    todo!()
}

/// Among how many equally likely tokens the model might as well be choosing: e to the power of a
/// loss in nats.
pub fn perplexity(loss: f64) -> f64 {
    // The loss was a logarithm.
    todo!()
}
