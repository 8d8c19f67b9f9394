//! The body of GPT-2: embeddings, a stack of blocks, and a last norm.
//!
//! Hugging Face's counterpart is `GPT2Model`; the fields bear its names, so that each parameter has
//! the path it has there (`wte.weight`, `h.0.ln_1.weight`, …).

use std::error::Error;
use std::fmt;

use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig, Embedding};
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
        // Steps 05 and 06 make the tables, and here they are fields themselves, so that their paths are
        // `wte.weight` and `wpe.weight`. There are config.n_layer blocks, and each needs weights of
        // its own: what would happen if you made one and cloned it?
        todo!()
    }

    /// Longest sequence that the model can see.
    pub fn n_positions(&self) -> usize {
        let [n_positions, _] = self.wpe.weight.dims();
        n_positions
    }

    /// The token table as the module of step 05. Cloning a parameter shares it.
    pub fn token_embeddings(&self) -> TokenEmbeddings {
        TokenEmbeddings {
            wte: self.wte.clone(),
        }
    }

    /// The position table as the module of step 06. Cloning a parameter shares it.
    pub fn position_embeddings(&self) -> PositionEmbeddings {
        PositionEmbeddings {
            wpe: self.wpe.clone(),
        }
    }

    /// What the first block is given: token vector plus position vector, some values dropped if
    /// this is training; [batch, seq] -> [batch, seq, n_embd].
    ///
    /// # Panics
    ///
    /// If an id is not below `vocab_size`, or `seq` is more than `n_positions`.
    pub fn embed(&self, ids: Tensor<2, Int>) -> Tensor<3> {
        // Token vectors are [batch, seq, n_embd]. All rows of a batch have the same positions, 0 to
        // seq - 1, so look those up once, [seq, n_embd]: what has to happen to that shape before the
        // two can be added? The sum goes through `drop`.
        todo!()
    }

    /// One vector for each token, made from it and the tokens before it:
    /// [batch, seq] -> [batch, seq, n_embd].
    ///
    /// # Errors
    ///
    /// [`SequenceTooLong`] if `seq` is more than [`n_positions`](Self::n_positions).
    ///
    /// # Panics
    ///
    /// If an id is not below `vocab_size`.
    pub fn forward(&self, ids: Tensor<2, Int>) -> Result<Tensor<3>, SequenceTooLong> {
        // When is the last moment to refuse a sequence that is too long, so that no lookup panics?
        // Exactly n_positions tokens are fine. Then embed, let each block work on the result of the
        // one before, and normalise once, at the end.
        todo!()
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
