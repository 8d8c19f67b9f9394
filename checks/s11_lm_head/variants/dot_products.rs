//! Each logit as the dot product of a hidden vector with one token's vector: a sum over a broadcast
//! product. The last norm has the parameters that no other part has.

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
        let hidden = self.transformer.forward(ids)?.unsqueeze_dim::<4>(2); // [.., 1, n_embd]
        let table = self.transformer.wte.weight.val().unsqueeze::<4>(); // [1, 1, vocab_size, n_embd]
        Ok((hidden * table).sum_dim(3).squeeze_dim(3))
    }

    /// How many parameters each part has.
    pub fn parameter_table(&self) -> Vec<PartParameters> {
        let model = &self.transformer;
        let mut parts: Vec<(String, usize)> = Vec::new();
        parts.extend([
            ("wte".to_string(), model.wte.num_params()),
            ("wpe".to_string(), model.wpe.num_params()),
        ]);
        parts.extend(
            (model.h.iter().enumerate()).map(|(i, block)| (format!("h.{i}"), block.num_params())),
        );
        let so_far: usize = parts.iter().map(|(_, parameters)| parameters).sum();
        parts.push(("ln_f".to_string(), self.num_params() - so_far));
        parts.into_iter().map(PartParameters::from).collect()
    }
}

impl From<(String, usize)> for PartParameters {
    fn from((part, parameters): (String, usize)) -> Self {
        Self { part, parameters }
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
