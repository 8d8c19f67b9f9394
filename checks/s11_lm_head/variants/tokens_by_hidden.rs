//! The product the other way round, table times hidden vectors, and a table of parts counted from
//! the shapes.

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
        let hidden = match self.transformer.forward(ids) {
            Ok(hidden) => hidden.transpose(), // [batch, n_embd, seq]
            Err(error) => return Err(error),
        };
        let table = self.transformer.token_embeddings().wte.weight.val();
        let logits = table.unsqueeze().matmul(hidden); // [batch, vocab_size, seq]
        Ok(logits.transpose())
    }

    /// How many parameters each part has.
    pub fn parameter_table(&self) -> Vec<PartParameters> {
        let model = &self.transformer;
        let part = |part: String, parameters: usize| PartParameters { part, parameters };
        let area = |[rows, columns]: [usize; 2]| rows * columns;
        let [_, n_embd] = model.wte.weight.dims();
        let mut parts = Vec::new();
        parts.push(part("wte".into(), area(model.wte.weight.dims())));
        parts.push(part("wpe".into(), area(model.wpe.weight.dims())));
        for i in 0..model.h.len() {
            let mlp = &model.h[i].mlp;
            let projections = [
                [n_embd, 3 * n_embd],
                [n_embd, n_embd],
                mlp.c_fc.weight.dims(),
                mlp.c_proj.weight.dims(),
            ];
            // Each column of a projection has a bias.
            let projections = projections.map(|[rows, columns]| area([rows + 1, columns]));
            let norms = 2 * 2 * n_embd;
            parts.push(part(
                format!("h.{i}"),
                norms + projections.iter().sum::<usize>(),
            ));
        }
        parts.push(part("ln_f".into(), 2 * n_embd));
        parts
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
