//! One row of the batch at a time, the table stretched by hand, and a table of parts filled by a
//! closure.

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
        Gpt {
            transformer: GptModel::new(config, device),
        }
    }

    /// [batch, seq] -> [batch, seq, vocab_size].
    pub fn forward(&self, ids: Tensor<2, Int>) -> Result<Tensor<3>, SequenceTooLong> {
        let columns = self.transformer.wte.weight.val().swap_dims(0, 1); // [n_embd, vocab_size]
        let mut rows = Vec::new();
        for row in ids.iter_dim(0) {
            let hidden = self.transformer.forward(row)?.squeeze_dim::<2>(0); // [seq, n_embd]
            rows.push(hidden.matmul(columns.clone()).unsqueeze::<3>());
        }
        Ok(Tensor::cat(rows, 0))
    }

    /// How many parameters each part has.
    pub fn parameter_table(&self) -> Vec<PartParameters> {
        let GptModel {
            wte, wpe, h, ln_f, ..
        } = &self.transformer;
        let mut table = Vec::with_capacity(h.len() + 3);
        let mut add = |part: &str, parameters: usize| {
            table.push(PartParameters {
                parameters,
                part: String::from(part),
            });
        };
        add("wte", wte.num_params());
        add("wpe", wpe.num_params());
        let mut number = 0;
        while number < h.len() {
            add(
                &["h", &number.to_string()].join("."),
                h[number].num_params(),
            );
            number += 1;
        }
        add("ln_f", ln_f.num_params());
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
