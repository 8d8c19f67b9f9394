//! Refuses a long sequence by itself, walks through the transformer's parts, and multiplies the
//! stretched table. The blocks are what is left of the whole.

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
        let [vocab_size, n_embd] = self.transformer.wte.weight.dims();
        let [n_positions, _] = self.transformer.wpe.weight.dims();
        match seq.checked_sub(n_positions) {
            Some(1..) => Err(SequenceTooLong { seq, n_positions }),
            _ => {
                let mut x = self.transformer.embed(ids);
                for block in self.transformer.h.iter() {
                    x = block.forward(x);
                }
                let x = self.transformer.ln_f.forward(x); // [batch, seq, n_embd]
                let table = self.transformer.wte.weight.val();
                let table = table
                    .reshape([1, vocab_size, n_embd])
                    .expand([batch, vocab_size, n_embd])
                    .permute([0, 2, 1]);
                Ok(x.matmul(table))
            }
        }
    }

    /// How many parameters each part has.
    pub fn parameter_table(&self) -> Vec<PartParameters> {
        let model = &self.transformer;
        let [wte, wpe, ln_f] = [
            ("wte", model.wte.num_params()),
            ("wpe", model.wpe.num_params()),
            ("ln_f", model.ln_f.num_params()),
        ]
        .map(|(part, parameters)| PartParameters {
            part: part.into(),
            parameters,
        });
        let of_blocks = self.num_params() - wte.parameters - wpe.parameters - ln_f.parameters;
        let depth = model.h.len();
        let blocks = (0..depth).map(|i| PartParameters {
            part: "h.".to_string() + &i.to_string(),
            parameters: of_blocks / depth,
        });
        let mut table = vec![wte, wpe];
        table.extend(blocks);
        table.push(ln_f);
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
