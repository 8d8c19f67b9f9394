//! The head as a convolution that is one token wide.

use burn::module::Module;
use burn::tensor::module::conv1d;
use burn::tensor::ops::ConvOptions;
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
        Self {
            transformer: GptModel::new(config, device),
        }
    }

    /// The logits, a score for each token that might come next:
    /// [batch, seq] -> [batch, seq, vocab_size].
    ///
    /// # Errors
    ///
    /// [`SequenceTooLong`] if `seq` is more than the model's positions.
    pub fn forward(&self, ids: Tensor<2, Int>) -> Result<Tensor<3>, SequenceTooLong> {
        let hidden = self.transformer.forward(ids)?; // [batch, seq, n_embd]
        let table = self.transformer.wte.weight.val(); // [vocab_size, n_embd]
        let kernel = table.unsqueeze_dim(2); // [vocab_size, n_embd, 1]
        let options = ConvOptions::new([1], [0], [1], 1);
        let logits = conv1d(hidden.swap_dims(1, 2), kernel, None, options);
        Ok(logits.swap_dims(1, 2)) // [batch, seq, vocab_size]
    }

    /// How many parameters each part has, in this order: `wte`, `wpe`, each block (`h.0`, `h.1`, …),
    /// `ln_f`.
    ///
    /// The sum is [`GptConfig::num_params`]: the output layer adds nothing.
    pub fn parameter_table(&self) -> Vec<PartParameters> {
        let model = &self.transformer;
        let entry = |part: &str, parameters| PartParameters {
            part: part.to_owned(),
            parameters,
        };
        let mut table = vec![
            entry("wte", model.wte.num_params()),
            entry("wpe", model.wpe.num_params()),
        ];
        for (i, block) in model.h.iter().enumerate() {
            table.push(entry(&format!("h.{i}"), block.num_params()));
        }
        table.push(entry("ln_f", model.ln_f.num_params()));
        table
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
