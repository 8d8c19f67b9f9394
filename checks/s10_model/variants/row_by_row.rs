//! One row of the batch at a time, recursion over the blocks, and position ids repeated for the
//! batch instead of vectors shared by its rows.

use std::error::Error;
use std::fmt;

use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig, Embedding, EmbeddingConfig, Initializer};
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
        let table = |rows: usize| {
            let normal = Initializer::Normal {
                mean: 0.0,
                std: 0.02,
            };
            EmbeddingConfig::new(rows, config.n_embd)
                .with_initializer(normal)
                .init(device)
        };
        Self {
            wte: table(config.vocab_size),
            wpe: table(config.n_positions),
            drop: DropoutConfig::new(config.dropout).init(),
            h: (1..=config.n_layer)
                .map(|_| Block::new(config, device))
                .collect(),
            ln_f: LayerNorm::new(config.n_embd, config.layer_norm_epsilon, device),
        }
    }

    /// Longest sequence that the model can see.
    pub fn n_positions(&self) -> usize {
        self.wpe.weight.shape()[0]
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
        let positions = position_ids(seq, 0, &ids.device()).unsqueeze::<2>();
        let places = self.wpe.forward(positions.repeat_dim(0, batch));
        let tokens = self.wte.forward(ids);
        self.drop.forward(tokens.add(places))
    }

    /// [batch, seq] -> [batch, seq, n_embd].
    pub fn forward(&self, ids: Tensor<2, Int>) -> Result<Tensor<3>, SequenceTooLong> {
        let rows: Result<Vec<_>, _> = ids.iter_dim(0).map(|row| self.forward_row(row)).collect();
        rows.map(|rows| Tensor::cat(rows, 0))
    }

    /// [1, seq] -> [1, seq, n_embd].
    fn forward_row(&self, ids: Tensor<2, Int>) -> Result<Tensor<3>, SequenceTooLong> {
        match (ids.dims()[1], self.n_positions()) {
            (seq, n_positions) if n_positions < seq => Err(SequenceTooLong { seq, n_positions }),
            _ => Ok(self.ln_f.forward(through(&self.h, self.embed(ids)))),
        }
    }
}

/// The first block's output through the others.
fn through(blocks: &[Block], x: Tensor<3>) -> Tensor<3> {
    match blocks {
        [] => x,
        [first, others @ ..] => through(others, first.forward(x)),
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
