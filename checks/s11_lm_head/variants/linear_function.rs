//! Burn's function behind `Linear`, which takes its weight as an argument, and a table of parts from
//! two lists.

use burn::module::Module;
use burn::tensor::module::linear;
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
        let table = self.transformer.wte.weight.val();
        (self.transformer.forward(ids)).map(|hidden| linear(hidden, table.transpose(), None))
    }

    /// How many parameters each part has.
    pub fn parameter_table(&self) -> Vec<PartParameters> {
        let model = &self.transformer;
        let mut names = vec!["wte".to_owned(), "wpe".to_owned()];
        let mut sizes = vec![model.wte.num_params(), model.wpe.num_params()];
        for block in &model.h {
            names.push(format!("h.{}", names.len() - 2));
            sizes.push(block.num_params());
        }
        names.push("ln_f".to_owned());
        sizes.push(model.ln_f.num_params());
        std::iter::zip(names, sizes)
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
