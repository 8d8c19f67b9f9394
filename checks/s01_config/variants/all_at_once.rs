//! The sizes of a GPT-2 model: each preset spelled out, `validate` in one expression, and the
//! head's width found by asking for it.

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
    /// Sizes: "Language Models are Unsupervised Multitask Learners" (Radford et al., 2019),
    /// table 2; the other values are the defaults of Hugging Face's `GPT2Config`.
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
            vocab_size: 50257,
            n_positions: 1024,
            layer_norm_epsilon: 1e-5,
            dropout: 0.1,
        }
    }

    /// GPT-2 large, 774 million parameters.
    pub fn gpt2_large() -> Self {
        Self {
            n_embd: 1280,
            n_layer: 36,
            n_head: 20,
            n_inner: 5120,
            vocab_size: 50257,
            n_positions: 1024,
            layer_norm_epsilon: 1e-5,
            dropout: 0.1,
        }
    }

    /// GPT-2 XL, 1558 million parameters.
    pub fn gpt2_xl() -> Self {
        Self {
            n_embd: 1600,
            n_layer: 48,
            n_head: 25,
            n_inner: 6400,
            vocab_size: 50257,
            n_positions: 1024,
            layer_norm_epsilon: 1e-5,
            dropout: 0.1,
        }
    }

    /// Whether a model can be built from these sizes.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Zero`] names the first size that is zero, in the order of the fields.
    /// [`ConfigError::HeadsDoNotDivide`] says that the heads cannot share the width evenly.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let zero = |field| Err(ConfigError::Zero { field });
        match *self {
            Self { vocab_size: 0, .. } => zero("vocab_size"),
            Self { n_positions: 0, .. } => zero("n_positions"),
            Self { n_embd: 0, .. } => zero("n_embd"),
            Self { n_layer: 0, .. } => zero("n_layer"),
            Self { n_head: 0, .. } => zero("n_head"),
            Self { n_inner: 0, .. } => zero("n_inner"),
            Self { n_embd, n_head, .. } if self.head_dim() * n_head != n_embd => {
                Err(ConfigError::HeadsDoNotDivide { n_embd, n_head })
            }
            _ => Ok(()),
        }
    }

    /// Width of one attention head: every head works on an equal share of `n_embd`.
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
        let mut count = (self.vocab_size + self.n_positions) * self.n_embd;
        for _ in 0..self.n_layer {
            count += 2 * self.n_embd; // first norm
            count += 3 * self.n_embd * (self.n_embd + 1); // queries, keys and values
            count += self.n_embd * (self.n_embd + 1); // what the heads have found
            count += 2 * self.n_embd; // second norm
            count += self.n_inner * (self.n_embd + 1); // widen
            count += self.n_embd * (self.n_inner + 1); // narrow
        }
        count + 2 * self.n_embd // last norm
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
