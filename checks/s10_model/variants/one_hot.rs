//! Token vectors as a product of one-hot rows with the table, position vectors as the first rows
//! of theirs, and dropout written out.

use std::error::Error;
use std::fmt;

use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig, Embedding};
use burn::tensor::{Device, Distribution, Int, Tensor};

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
}

impl GptModel {
    /// An untrained model.
    pub fn new(config: &GptConfig, device: &Device) -> Self {
        let mut h = Vec::with_capacity(config.n_layer);
        for _ in 0..config.n_layer {
            h.push(Block::new(config, device));
        }
        Self {
            wte: TokenEmbeddings::new(config, device).wte,
            wpe: PositionEmbeddings::new(config, device).wpe,
            drop: DropoutConfig::new(config.dropout).init(),
            h,
            ln_f: LayerNorm::new(config.n_embd, config.layer_norm_epsilon, device),
        }
    }

    /// Longest sequence that the model can see.
    pub fn n_positions(&self) -> usize {
        self.wpe.weight.dims()[0]
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
        let [_, seq] = ids.dims();
        let [vocab_size, _] = self.wte.weight.dims();
        let one_hot = ids.one_hot::<3>(vocab_size).float(); // [batch, seq, vocab_size]
        let tokens = one_hot.matmul(self.wte.weight.val().unsqueeze());
        let places = self.wpe.weight.val().narrow(0, 0, seq); // [seq, n_embd]
        self.dropped(places.unsqueeze() + tokens)
    }

    /// [batch, seq] -> [batch, seq, n_embd].
    pub fn forward(&self, ids: Tensor<2, Int>) -> Result<Tensor<3>, SequenceTooLong> {
        let ([_, seq], n_positions) = (ids.dims(), self.n_positions());
        if seq <= n_positions {
            let x = (self.h.iter()).fold(self.embed(ids), |x, block| block.forward(x));
            Ok(self.ln_f.forward(x))
        } else {
            Err(SequenceTooLong { seq, n_positions })
        }
    }

    /// What is kept in training grows, so that the mean stays where it is.
    fn dropped(&self, x: Tensor<3>) -> Tensor<3> {
        if !x.device().is_autodiff() {
            return x;
        }
        let uniform = x.random_like(Distribution::Default);
        let kept = uniform.greater_equal_elem(self.drop.prob).float();
        x * kept / (1.0 - self.drop.prob)
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
