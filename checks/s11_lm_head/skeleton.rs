//! The language model: a score for every token of the vocabulary, at every place.
//!
//! The output layer has no weights of its own. It uses the token table a second time, as "Using
//! the Output Embedding to Improve Language Models" (Press and Wolf, 2016) proposes; Hugging
//! Face's counterpart is `GPT2LMHeadModel`, whose `lm_head.weight` is tied to `wte.weight`.

use burn::module::Module;
use burn::tensor::{Device, Int, Tensor};

use crate::s01_config::GptConfig;
use crate::s10_model::{GptModel, SequenceTooLong};

/// GPT-2 as a language model.
#[derive(Module, Debug)]
pub struct Gpt {
    /// Everything that has parameters.
    pub transformer: GptModel,
}

impl Gpt {
    /// An untrained model.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        // All there is to make is the model of step 10.
        todo!()
    }

    /// The logits, a score for each token that might come next:
    /// [batch, seq] -> [batch, seq, vocab_size].
    ///
    /// # Errors
    ///
    /// [`SequenceTooLong`] if `seq` is more than the model's positions.
    pub fn forward(&self, ids: Tensor<2, Int>) -> Result<Tensor<3>, SequenceTooLong> {
        // The score of a token is the dot product of the transformer's output and that token's row
        // of `wte`: one `matmul` with the table, transposed. `weight.val()` is the table. It has two
        // axes and the output three: a `reshape` writes the vectors of all rows below each other, and
        // another one parts the logits again. An error is passed on with `?`.
        todo!()
    }

    /// How many parameters each part has, in this order: `wte`, `wpe`, each block (`h.0`, `h.1`, …),
    /// `ln_f`.
    ///
    /// The sum is [`GptConfig::num_params`]: the output layer adds nothing.
    pub fn parameter_table(&self) -> Vec<PartParameters> {
        // Every module can count itself: `num_params`. Two entries for the tables, one for each
        // block with its index in the name, one for the last norm.
        todo!()
    }
}

/// The size of one part of a [`Gpt`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartParameters {
    /// Path of the part inside the transformer.
    pub part: String,
    /// Number of its parameters.
    pub parameters: usize,
}
