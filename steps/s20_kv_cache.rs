//! A cache of keys and values: each token is read once, not again for every token after it.
//!
//! Hugging Face's counterpart is `DynamicCache`, which `GPT2Attention` is given as
//! `past_key_values`.

use std::error::Error;
use std::fmt;

use burn::tensor::activation::softmax;
use burn::tensor::{Int, Tensor};

use crate::s02_causal_mask::causal_mask;
use crate::s06_position_embeddings::position_ids;
use crate::s07_attention::CausalSelfAttention;
use crate::s08_residual::residual;
use crate::s09_block::Block;
use crate::s10_model::{GptModel, SequenceTooLong};
use crate::s11_lm_head::Gpt;
use crate::s19_sampling::{SamplingConfig, SamplingError, next_token};

/// What one layer's attention keeps of the tokens that it has seen.
#[derive(Debug, Clone, Default)]
pub struct LayerCache {
    /// Keys and values as the heads have them, [batch, n_head, seen, head_dim] each; `None` before
    /// the first token.
    pub kept: Option<(Tensor<4>, Tensor<4>)>,
}

impl LayerCache {
    /// Number of tokens in it.
    pub fn seen(&self) -> usize {
        // Which axis of the keys counts tokens? Before the first one there are no keys.
        todo!()
    }

    /// Puts keys and values of new tokens behind those that are kept, and returns all of them:
    /// [batch, n_head, new, head_dim] each -> [batch, n_head, seen + new, head_dim] each.
    pub fn append(&mut self, keys: Tensor<4>, values: Tensor<4>) -> (Tensor<4>, Tensor<4>) {
        // New behind old, along the axis of the tokens: which of the four is that? What is returned is
        // kept as well, for the tokens that come after.
        todo!()
    }
}

/// What all layers keep of the tokens of one batch of texts.
#[derive(Debug, Clone)]
pub struct KvCache {
    /// One for each block, first to last.
    pub layers: Vec<LayerCache>,
}

impl KvCache {
    /// An empty one for a model of so many blocks.
    pub fn new(n_layer: usize) -> Self {
        // As many layers as the model has blocks, each with nothing in it.
        todo!()
    }

    /// Number of tokens in it, in each row.
    pub fn seen(&self) -> usize {
        // All layers have seen the same tokens.
        todo!()
    }

    /// Empties it. What comes next is at position 0.
    pub fn clear(&mut self) {
        // As many layers as before, each with nothing in it.
        todo!()
    }
}

/// Attention of new tokens to those in the cache and to themselves:
/// [batch, new, n_embd] -> [batch, new, n_embd].
///
/// The result is what [`CausalSelfAttention::forward`] makes of the new tokens when it is given all
/// tokens from the first one. The new ones' keys and values are in the cache afterwards.
pub fn attention(attn: &CausalSelfAttention, x: Tensor<3>, cache: &mut LayerCache) -> Tensor<3> {
    // As in step 07, but with all keys and values, while queries are of the new tokens only: scores are
    // [batch, n_head, new, past + new]. So `attention_weights` of step 07, with its square mask, does
    // not fit. Step 02 has a mask for new tokens that follow others. How many are past, and when has
    // that to be asked?
    todo!()
}

/// A block for new tokens: [batch, new, n_embd] -> [batch, new, n_embd].
///
/// As [`Block::forward`], but with [`attention`] by the cache.
pub fn block(block: &Block, x: Tensor<3>, cache: &mut LayerCache) -> Tensor<3> {
    // Two residual steps, as in step 09. Which of the two sublayers needs the cache?
    todo!()
}

/// One vector for each new token: [batch, new] -> [batch, new, n_embd].
///
/// The result is what [`GptModel::forward`] makes of the new tokens when it is given all tokens from
/// the first one. Their positions follow those of the tokens in the cache. No values are dropped: a
/// cache is for writing, not for training.
///
/// # Errors
///
/// The first of these that is so. The cache then stays as it was.
///
/// - [`CacheError::NoTokens`]: there is no new token.
/// - [`CacheError::OtherLayers`]: the cache was made for another number of blocks.
/// - [`CacheError::OtherBatch`]: the tokens in the cache have another number of rows.
/// - [`CacheError::TooLong`]: with those in the cache, there are more tokens than the model has
///   positions.
///
/// # Panics
///
/// If an id is not below `vocab_size`.
pub fn hidden(
    model: &GptModel,
    ids: Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<3>, CacheError> {
    // Refuse before anything is read or kept. At which position does the first new token stand? Step 06
    // has position ids for tokens that follow others. Then the blocks, each with the layer of the cache
    // that is its own, and the last norm.
    todo!()
}

impl KvCache {
    /// Whether `model` can go on from here with new tokens of shape [batch, new]; [`hidden`] lists
    /// why it may not.
    pub fn accepts(&self, model: &GptModel, [batch, new]: [usize; 2]) -> Result<(), CacheError> {
        // The four conditions of `hidden`, in that order. How many rows are in a cache that is empty?
        todo!()
    }
}

/// The logits for every new token: [batch, new] -> [batch, new, vocab_size].
///
/// The result is what [`Gpt::forward`] makes of the new tokens when it is given all tokens from the
/// first one.
///
/// # Errors
///
/// Like [`hidden`].
pub fn logits(
    model: &Gpt,
    ids: Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<3>, CacheError> {
    // As in step 11, on `hidden`.
    todo!()
}

/// The logits for the last of the new tokens only: [batch, new] -> [batch, vocab_size].
///
/// # Errors
///
/// Like [`hidden`].
pub fn last_logits(
    model: &Gpt,
    ids: Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<2>, CacheError> {
    // Only the last vector needs a score for each token. Cut before the head and not after it: no
    // product of the model is larger than that one. One vector for each row is [batch, n_embd], and the
    // head is then a product of two tables.
    todo!()
}

/// The logits for what follows a text: [batch, seq] -> [batch, vocab_size].
///
/// The cache holds the beginning of this text, or nothing, and only the tokens that it has not seen
/// are read. Once the text is longer than the model's `n_positions`, its last `n_positions` tokens are
/// read anew into an emptied cache: each of them stands at another position than before, and nothing
/// that was kept is true any more.
///
/// # Errors
///
/// [`CacheError::NoTokens`] if nothing of the text is left to read; otherwise like [`hidden`].
pub fn next_logits(
    model: &Gpt,
    text: &Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<2>, CacheError> {
    // How many tokens at the front are cropped? If any are, nothing that was kept is true any more.
    // What is left to read begins behind the cropped ones and those in the cache; if it begins at the
    // end, there is nothing to read.
    todo!()
}

/// The prompt and what the model makes follow it, with a cache of its own:
/// [batch, prompt] -> [batch, prompt + max_new_tokens].
///
/// Each new token is the [`next_token`] after the text so far, all of which the repetition penalty
/// looks at; its position is the length of that text. A prompt or a text that is longer than
/// `n_positions` is no error: the model then sees its last `n_positions` tokens, as in step 12. See
/// [`next_logits`].
///
/// # Errors
///
/// [`GenerationError::Sampling`] if `config` is not valid, whatever is asked for; then
/// [`GenerationError::Cache`] if a token is asked for and the prompt is empty.
///
/// # Panics
///
/// If an id of the prompt is not below `vocab_size` and a token is asked for.
pub fn generate(
    model: &Gpt,
    prompt: Tensor<2, Int>,
    max_new_tokens: usize,
    config: &SamplingConfig,
) -> Result<Tensor<2, Int>, GenerationError> {
    // Validate, and make a cache for this model. Then, `max_new_tokens` times: logits, a token at the
    // position behind the text, and the text grows by one column. Errors of two kinds go out as one
    // type.
    todo!()
}

/// Why a model cannot go on from a [`KvCache`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheError {
    /// There is no new token.
    NoTokens,
    /// The cache was made for another model.
    OtherLayers {
        /// Number of layers in the cache.
        cache: usize,
        /// Number of blocks of the model.
        blocks: usize,
    },
    /// The cache holds other texts.
    OtherBatch {
        /// Number of rows in the cache.
        cache: usize,
        /// Number of rows of the new tokens.
        batch: usize,
    },
    /// There are more tokens than positions; `seq` counts those in the cache, too.
    TooLong(SequenceTooLong),
}

impl fmt::Display for CacheError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTokens => write!(f, "there is no new token to read"),
            Self::OtherLayers { cache, blocks } => write!(
                f,
                "the cache has {cache} layers, and the model has {blocks} blocks"
            ),
            Self::OtherBatch { cache, batch } => write!(
                f,
                "the cache holds {cache} rows, and {batch} rows of new tokens cannot follow them"
            ),
            Self::TooLong(error) => error.fmt(f),
        }
    }
}

impl Error for CacheError {}

/// Why no text can be generated.
#[derive(Debug, Clone, PartialEq)]
pub enum GenerationError {
    /// The configuration is not valid.
    Sampling(SamplingError),
    /// The model cannot read the text.
    Cache(CacheError),
}

impl fmt::Display for GenerationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sampling(error) => error.fmt(f),
            Self::Cache(error) => error.fmt(f),
        }
    }
}

impl Error for GenerationError {}
