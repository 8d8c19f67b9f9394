//! Tokens looked up by a function of Burn's, not by its module.

use std::error::Error;
use std::fmt;

use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig, Embedding};
use burn::tensor::module::embedding;
use burn::tensor::{Device, Int, Tensor};

use crate::s01_config::GptConfig;
use crate::s03_layer_norm::LayerNorm;
use crate::s05_token_embeddings::TokenEmbeddings;
use crate::s06_position_embeddings::{PositionEmbeddings, position_ids};
use crate::s09_block::Block;

/// GPT-2 up to the vectors that predict the next token.
#[derive(Module, Debug)]
pub struct GptModel {
    /// Token table; its `weight` is [vocab_size, n_embd].
    pub wte: Embedding,
    /// Position table; its `weight` is [n_positions, n_embd].
    pub wpe: Embedding,
    /// Drops values of the embeddings, in training only.
    pub drop: Dropout,
    /// The blocks, first to last.
    pub h: Vec<Block>,
    /// The last norm.
    pub ln_f: LayerNorm,
}

impl GptModel {
    /// An untrained model.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        let mut h = Vec::with_capacity(config.n_layer);
        while h.len() < config.n_layer {
            h.push(Block::new(config, device));
        }
        let ln_f = LayerNorm::new(config.n_embd, config.layer_norm_epsilon, device);
        let TokenEmbeddings { wte } = TokenEmbeddings::new(config, device);
        let PositionEmbeddings { wpe } = PositionEmbeddings::new(config, device);
        let drop = DropoutConfig { prob: config.dropout }.init();
        Self { wte, wpe, drop, h, ln_f }
    }

    /// Rows of the position table.
    pub fn n_positions(&self) -> usize {
        self.wpe.weight.val().dims()[0]
    }

    /// Step 05's module, with this table.
    pub fn token_embeddings(&self) -> TokenEmbeddings {
        let wte = self.wte.clone();
        TokenEmbeddings { wte }
    }

    /// Step 06's module, with this table.
    pub fn position_embeddings(&self) -> PositionEmbeddings {
        let wpe = self.wpe.clone();
        PositionEmbeddings { wpe }
    }

    /// Both lookups by the same function, each with ids of two axes.
    pub fn embed(&self, ids: Tensor<2, Int>) -> Tensor<3> {
        let row = position_ids(ids.dims()[1], 0, &ids.device()).reshape([1, -1]);
        let [tokens, places] = [(&self.wte, ids), (&self.wpe, row)]
            .map(|(table, ids)| embedding(table.weight.val(), ids));
        self.drop.forward(places + tokens)
    }

    /// The blocks one after the other, unless there are too many tokens.
    pub fn forward(&self, ids: Tensor<2, Int>) -> Result<Tensor<3>, SequenceTooLong> {
        match (ids.dims()[1], self.n_positions()) {
            (seq, n_positions) if n_positions < seq => Err(SequenceTooLong { seq, n_positions }),
            _ => {
                let blocks = self.h.iter();
                let last = blocks.fold(self.embed(ids), |x, block| block.forward(x));
                Ok(self.ln_f.forward(last))
            }
        }
    }
}

/// A sequence has more tokens than the model has positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SequenceTooLong {
    /// Length of the sequence.
    pub seq: usize,
    /// Longest sequence that the model can see.
    pub n_positions: usize,
}

impl fmt::Display for SequenceTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tokens, {} positions", self.seq, self.n_positions)
    }
}

impl Error for SequenceTooLong {}
