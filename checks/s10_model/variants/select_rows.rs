//! Rows picked from the tables by `select`, positions spelled out for every row of the batch, and
//! the length checked in a function of its own.

use std::error::Error;
use std::fmt;

use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig, Embedding};
use burn::tensor::{Device, Int, Tensor};

use crate::s01_config::GptConfig;
use crate::s03_layer_norm::LayerNorm;
use crate::s05_token_embeddings::TokenEmbeddings;
use crate::s06_position_embeddings::PositionEmbeddings;
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
    n_positions: usize,
}

impl GptModel {
    /// An untrained model.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        let (wte, wpe) = (
            TokenEmbeddings::new(config, device).wte,
            PositionEmbeddings::new(config, device).wpe,
        );
        let blocks = std::iter::repeat_with(|| Block::new(config, device));
        Self {
            wte,
            wpe,
            drop: DropoutConfig {
                prob: config.dropout,
            }
            .init(),
            h: blocks.take(config.n_layer).collect(),
            ln_f: LayerNorm::new(config.n_embd, config.layer_norm_epsilon, device),
            n_positions: config.n_positions,
        }
    }

    /// Longest sequence that the model can see.
    pub fn n_positions(&self) -> usize {
        self.n_positions
    }

    /// The token table as the module of step 05.
    pub fn token_embeddings(&self) -> TokenEmbeddings {
        let wte = self.wte.clone();
        TokenEmbeddings { wte }
    }

    /// The position table as the module of step 06.
    pub fn position_embeddings(&self) -> PositionEmbeddings {
        let wpe = self.wpe.clone();
        PositionEmbeddings { wpe }
    }

    /// [batch, seq] -> [batch, seq, n_embd].
    pub fn embed(&self, ids: Tensor<2, Int>) -> Tensor<3> {
        let [batch, seq] = ids.dims();
        let positions: Vec<i64> = (0..batch).flat_map(|_| 0..seq as i64).collect();
        let positions = Tensor::<1, Int>::from_data(positions.as_slice(), &ids.device());
        let picked = |table: &Embedding, rows: Tensor<1, Int>| {
            let vectors = table.weight.val().select(0, rows); // [batch * seq, n_embd]
            let [_, n_embd] = vectors.dims();
            vectors.reshape([batch, seq, n_embd])
        };
        let tokens: Tensor<3> = picked(&self.wte, ids.flatten(0, 1));
        let places = picked(&self.wpe, positions);
        self.drop.forward(places + tokens)
    }

    /// [batch, seq] -> [batch, seq, n_embd].
    pub fn forward(&self, ids: Tensor<2, Int>) -> Result<Tensor<3>, SequenceTooLong> {
        self.fits(&ids)?;
        let mut x = self.embed(ids);
        for i in 0..self.h.len() {
            x = self.h[i].forward(x);
        }
        Ok(self.ln_f.forward(x))
    }

    fn fits(&self, ids: &Tensor<2, Int>) -> Result<(), SequenceTooLong> {
        let (seq, n_positions) = (ids.dims()[1], self.n_positions);
        match seq.checked_sub(n_positions) {
            None | Some(0) => Ok(()),
            Some(_) => Err(SequenceTooLong { seq, n_positions }),
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
        let Self { seq, n_positions } = self;
        write!(
            f,
            "{seq} tokens are too many for a model with {n_positions} positions"
        )
    }
}

impl Error for SequenceTooLong {}
