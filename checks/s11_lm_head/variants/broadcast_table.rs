//! A table with a batch axis of 1 that stretches, and a table of parts made by chaining iterators.

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
        let transformer = GptModel::new(config, device);
        Self { transformer }
    }

    /// [batch, seq] -> [batch, seq, vocab_size].
    pub fn forward(&self, ids: Tensor<2, Int>) -> Result<Tensor<3>, SequenceTooLong> {
        let hidden = self.transformer.forward(ids)?;
        let table = self.transformer.wte.weight.val();
        Ok(hidden.matmul(table.t().unsqueeze()))
    }

    /// How many parameters each part has.
    pub fn parameter_table(&self) -> Vec<PartParameters> {
        let GptModel {
            wte, wpe, h, ln_f, ..
        } = &self.transformer;
        let tables = [
            ("wte".to_owned(), wte.num_params()),
            ("wpe".to_owned(), wpe.num_params()),
        ];
        let blocks = (0..).zip(h);
        let blocks = blocks.map(|(i, block): (usize, _)| (format!("h.{i}"), block.num_params()));
        let norm = ("ln_f".to_owned(), ln_f.num_params());
        (tables.into_iter().chain(blocks).chain([norm]))
            .map(|(part, parameters)| PartParameters { part, parameters })
            .collect()
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
