//! Dropout by a mask of its own that is filled in, the tables joined to one before the lookup, and
//! what is too long refused in other words.

use std::error::Error;
use std::fmt;

use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig, Embedding};
use burn::tensor::{Device, Distribution, Int, Tensor};

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
        Self {
            wte: TokenEmbeddings::new(config, device).wte,
            wpe: PositionEmbeddings::new(config, device).wpe,
            drop: DropoutConfig::new(config.dropout).init(),
            h: (0..config.n_layer)
                .map(|_| Block::new(config, device))
                .collect(),
            ln_f: LayerNorm::new(config.n_embd, config.layer_norm_epsilon, device),
        }
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
        let ([batch, seq], device) = (ids.dims(), ids.device());
        let ([vocab_size, n_embd], n_positions) = (self.wte.weight.dims(), self.n_positions());
        assert!(seq <= n_positions, "there is no position for token {n_positions}");
        let highest = ids.clone().max().into_data().iter::<i64>().next();
        assert!(highest < Some(vocab_size as i64), "there is no such token");
        let both = Tensor::cat(vec![self.wte.weight.val(), self.wpe.weight.val()], 0);
        let positions = position_ids(seq, vocab_size, &device); // [seq], behind the tokens
        let positions = positions.unsqueeze::<2>().expand([batch, seq]);
        let rows = Tensor::cat(vec![ids, positions], 1).flatten::<1>(0, 1); // [batch * 2 * seq]
        let found = both.select(0, rows).reshape([batch, 2, seq, n_embd]);
        let x: Tensor<3> = found.sum_dim(1).squeeze_dim(1); // [batch, seq, n_embd]
        if !x.device().is_autodiff() || self.drop.prob == 0.0 {
            return x;
        }
        let kept = 1.0 - self.drop.prob;
        let gone = x.random_like(Distribution::Bernoulli(self.drop.prob)).bool();
        (x / kept).mask_fill(gone, 0.0)
    }

    /// One vector for each token, made from it and the tokens before it:
    /// [batch, seq] -> [batch, seq, n_embd].
    ///
    /// # Errors
    ///
    /// [`SequenceTooLong`] if `seq` is more than [`n_positions`](Self::n_positions).
    pub fn forward(&self, ids: Tensor<2, Int>) -> Result<Tensor<3>, SequenceTooLong> {
        let [_, seq] = ids.dims();
        let n_positions = self.n_positions();
        if seq > n_positions {
            return Err(SequenceTooLong { seq, n_positions });
        }
        let mut x = self.embed(ids); // [batch, seq, n_embd]
        for block in &self.h {
            x = block.forward(x);
        }
        Ok(self.ln_f.forward(x))
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
        write!(f, "at most {n_positions} tokens, please, and not {seq}")
    }
}

impl Error for SequenceTooLong {}
