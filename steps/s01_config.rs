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
        // All four models have a vocabulary of 50257 tokens, 1024 positions, epsilon 1e-5 and
        // dropout 0.1. Their heads are 64 channels wide, and their MLP is four times as wide as the
        // model. They differ in
        //
        //                  n_embd   n_layer
        //     gpt2            768        12
        //     gpt2_medium    1024        24
        //     gpt2_large     1280        36
        //     gpt2_xl        1600        48
        //
        // How many heads does that make, and how wide an MLP?
        todo!()
    }

    /// GPT-2 medium, 355 million parameters.
    pub fn gpt2_medium() -> Self {
        // A struct expression can take the fields that you do not name from another value of the
        // type: `..other`. Which fields have to be named here?
        todo!()
    }

    /// GPT-2 large, 774 million parameters.
    pub fn gpt2_large() -> Self {
        // As before, with the third row of the table.
        todo!()
    }

    /// GPT-2 XL, 1558 million parameters.
    pub fn gpt2_xl() -> Self {
        // As before, with the last row of the table.
        todo!()
    }

    /// Whether a model can be built from these sizes.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Zero`] names the first size that is zero, in the order of the fields. If none
    /// is, [`ConfigError::HeadsDoNotDivide`] says that the heads cannot share the width evenly.
    /// Epsilon and dropout are not looked at.
    pub fn validate(&self) -> Result<(), ConfigError> {
        // Two tests, and their order matters: what could go wrong if the heads came first? The six
        // sizes are tested in the order of the fields, and the first that is zero is named. Then the
        // heads: each takes an equal part of n_embd.
        todo!()
    }

    /// Width of one attention head: every head works on an equal part of `n_embd`.
    ///
    /// # Panics
    ///
    /// If `n_head` is zero; see [`validate`](Self::validate).
    pub fn head_dim(&self) -> usize {
        // The heads divide the width n_embd evenly among them.
        todo!()
    }

    /// Number of trainable parameters, the output layer sharing the token embedding's table.
    ///
    /// Counts what Hugging Face's `GPT2LMHeadModel` holds: 124,439,808 for
    /// [`gpt2`](Self::gpt2).
    pub fn num_params(&self) -> usize {
        // A projection from a to b has a * b weights and b biases; a layer norm has a weight and a
        // bias for each of the n_embd channels. Add up
        //   two tables: one row of n_embd for each token, and one for each position;
        //   per layer: two norms, attention (one projection to queries, keys and values together,
        //   one from n_embd to n_embd) and the MLP (to n_inner and back);
        //   one more norm after the last layer.
        todo!()
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
