//! The sizes of a GPT-2 model, and what follows from them.
//!
//! Field names are those of Hugging Face's `GPT2Config`.

use std::error::Error;
use std::fmt;

/// The hyperparameters of a GPT-2 model.
#[derive(Debug, Clone, PartialEq)]
pub struct GptConfig {
    /// Number of different tokens.
    pub vocab_size: usize,
    /// Longest sequence that the model can see.
    pub n_positions: usize,
    /// Width of the vector that stands for one token.
    pub n_embd: usize,
    /// Number of blocks on top of each other.
    pub n_layer: usize,
    /// Number of attention heads in each block.
    pub n_head: usize,
    /// Width of the hidden layer of each block's MLP.
    pub n_inner: usize,
    /// Added to the variance in every layer normalisation.
    pub layer_norm_epsilon: f64,
    /// Probability of dropping a value in training.
    pub dropout: f64,
}

impl GptConfig {
    /// GPT-2 small, the model of 124 million parameters.
    ///
    /// Width and depth: "Language Models are Unsupervised Multitask Learners" (Radford et al.,
    /// 2019), table 2, which does not list the heads. Their number and the other values are the
    /// defaults of Hugging Face's `GPT2Config`.
    pub fn gpt2() -> Self {
        Self {
            vocab_size: 50257,
            n_positions: 1024,
            n_embd: 768,
            n_layer: 12,
            n_head: 12,
            n_inner: 3072,
            layer_norm_epsilon: 1e-5,
            dropout: 0.1,
        }
    }

    /// GPT-2 medium, 355 million parameters.
    pub fn gpt2_medium() -> Self {
        Self {
            n_embd: 1024,
            n_layer: 24,
            n_head: 16,
            n_inner: 4096,
            ..Self::gpt2()
        }
    }

    /// GPT-2 large, 774 million parameters.
    pub fn gpt2_large() -> Self {
        Self {
            n_embd: 1280,
            n_layer: 36,
            n_head: 20,
            n_inner: 5120,
            ..Self::gpt2()
        }
    }

    /// GPT-2 XL, 1558 million parameters.
    pub fn gpt2_xl() -> Self {
        Self {
            n_embd: 1600,
            n_layer: 48,
            n_head: 25,
            n_inner: 6400,
            ..Self::gpt2()
        }
    }

    /// Whether a model can be built from these sizes.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Zero`] names the first size that is zero, in the order of the fields. If none
    /// is, [`ConfigError::HeadsDoNotDivide`] says that the heads cannot share the width evenly.
    /// Epsilon and dropout are not looked at.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let sizes = [
            ("vocab_size", self.vocab_size),
            ("n_positions", self.n_positions),
            ("n_embd", self.n_embd),
            ("n_layer", self.n_layer),
            ("n_head", self.n_head),
            ("n_inner", self.n_inner),
        ];
        if let Some((field, _)) = sizes.into_iter().find(|&(_, size)| size == 0) {
            return Err(ConfigError::Zero { field });
        }
        if !self.n_embd.is_multiple_of(self.n_head) {
            return Err(ConfigError::HeadsDoNotDivide {
                n_embd: self.n_embd,
                n_head: self.n_head,
            });
        }
        Ok(())
    }

    /// Width of one attention head: every head works on an equal part of `n_embd`.
    ///
    /// # Panics
    ///
    /// If `n_head` is zero; see [`validate`](Self::validate).
    pub fn head_dim(&self) -> usize {
        self.n_embd / self.n_head
    }

    /// Number of trainable parameters, the output layer sharing the token embedding's table.
    ///
    /// Counts what Hugging Face's `GPT2LMHeadModel` holds: 124,439,808 for
    /// [`gpt2`](Self::gpt2).
    pub fn num_params(&self) -> usize {
        let projection = |from: usize, to: usize| from * to + to;
        let norm = 2 * self.n_embd;
        let tables = (self.vocab_size + self.n_positions) * self.n_embd;
        let attention =
            projection(self.n_embd, 3 * self.n_embd) + projection(self.n_embd, self.n_embd);
        let mlp = projection(self.n_embd, self.n_inner) + projection(self.n_inner, self.n_embd);
        tables + self.n_layer * (norm + attention + norm + mlp) + norm
    }
}

/// Why no model can be built from a [`GptConfig`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigError {
    /// A size is zero.
    Zero {
        /// The field's name.
        field: &'static str,
    },
    /// The heads cannot share the width evenly.
    HeadsDoNotDivide {
        /// The width.
        n_embd: usize,
        /// The number of heads.
        n_head: usize,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zero { field } => write!(f, "`{field}` is zero"),
            Self::HeadsDoNotDivide { n_embd, n_head } => write!(
                f,
                "`n_embd` is {n_embd}, which {n_head} heads cannot share evenly"
            ),
        }
    }
}

impl Error for ConfigError {}
