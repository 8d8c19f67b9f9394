//! The sizes of a GPT-2 model: one `if` for each size, a helper for the presets, and the parameters
//! counted by the closed formula.

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
        preset(768, 12, 12)
    }

    /// GPT-2 medium, 355 million parameters.
    pub fn gpt2_medium() -> Self {
        preset(1024, 24, 16)
    }

    /// GPT-2 large, 774 million parameters.
    pub fn gpt2_large() -> Self {
        preset(1280, 36, 20)
    }

    /// GPT-2 XL, 1558 million parameters.
    pub fn gpt2_xl() -> Self {
        preset(1600, 48, 25)
    }

    /// Whether a model can be built from these sizes.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Zero`] names the first size that is zero, in the order of the fields.
    /// [`ConfigError::HeadsDoNotDivide`] says that the heads cannot share the width evenly.
    pub fn validate(&self) -> Result<(), ConfigError> {
        refuse_zero("vocab_size", self.vocab_size)?;
        refuse_zero("n_positions", self.n_positions)?;
        refuse_zero("n_embd", self.n_embd)?;
        refuse_zero("n_layer", self.n_layer)?;
        refuse_zero("n_head", self.n_head)?;
        refuse_zero("n_inner", self.n_inner)?;
        if self.n_embd.is_multiple_of(self.n_head) {
            Ok(())
        } else {
            Err(ConfigError::HeadsDoNotDivide {
                n_embd: self.n_embd,
                n_head: self.n_head,
            })
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
        let (c, inner) = (self.n_embd, self.n_inner);
        // Weights of attention and MLP, their biases, and the two norms.
        let layer = (4 * c * c + 2 * c * inner) + (4 * c + inner + c) + 4 * c;
        self.vocab_size * c + self.n_positions * c + self.n_layer * layer + 2 * c
    }
}

fn preset(n_embd: usize, n_layer: usize, n_head: usize) -> GptConfig {
    GptConfig {
        vocab_size: 50257,
        n_positions: 1024,
        n_embd,
        n_layer,
        n_head,
        n_inner: 4 * n_embd,
        layer_norm_epsilon: 1e-5,
        dropout: 0.1,
    }
}

fn refuse_zero(field: &'static str, size: usize) -> Result<(), ConfigError> {
    if size == 0 {
        return Err(ConfigError::Zero { field });
    }
    Ok(())
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
