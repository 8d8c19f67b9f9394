//! The language model: a score for every token of the vocabulary, at every position.
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
        // Which parameters does the output layer need that the model of step 10 does not have?
        todo!()
    }

    /// The logits, a score for each token that might come next:
    /// [batch, seq] -> [batch, seq, vocab_size].
    ///
    /// # Errors
    ///
    /// [`SequenceTooLong`] if `seq` is more than the model's positions.
    pub fn forward(&self, ids: Tensor<2, Int>) -> Result<Tensor<3>, SequenceTooLong> {
        // The score of a token is the dot product of the transformer's output, [batch, seq, n_embd],
        // with that token's row of the table, [vocab_size, n_embd]. All scores are one matrix product:
        // of which two shapes? The vectors of all rows may stand below each other for it. If vocab_size
        // equals n_embd, no shape will tell you that you are wrong. Whoever asks for too long a sequence
        // gets the transformer's error.
        todo!()
    }

    /// How many parameters each part has, in this order: `wte`, `wpe`, each block (`h.0`, `h.1`, …),
    /// `ln_f`.
    ///
    /// The sum is [`GptConfig::num_params`]: the output layer adds nothing.
    pub fn parameter_table(&self) -> Vec<PartParameters> {
        // Every module can count its own parameters, so this is a list of parts: two tables, the blocks
        // by their index, the last norm. The output layer uses a table that is already in it: does it
        // get an entry?
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
