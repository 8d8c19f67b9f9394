//! All tokens of the batch as the rows of one matrix, and a table of parts made by chaining
//! iterators.

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
        let [batch, seq] = ids.dims();
        let hidden: Tensor<2> = self.transformer.forward(ids)?.flatten(0, 1);
        let table = self.transformer.wte.weight.val();
        let [vocab_size, _] = table.dims();
        Ok(hidden
            .matmul(table.t()) // [batch * seq, vocab_size]
            .reshape([batch, seq, vocab_size]))
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
