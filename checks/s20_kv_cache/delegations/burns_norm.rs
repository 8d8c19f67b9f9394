//! The last norm by Burn's own function.

use std::error::Error;
use std::fmt;

use burn::tensor::activation::softmax;
use burn::tensor::module::layer_norm;
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
        self.kept.as_ref().map_or(0, |(keys, _)| keys.dims()[2])
    }

    /// Puts keys and values of new tokens behind those that are kept, and returns all of them:
    /// [batch, n_head, new, head_dim] each -> [batch, n_head, seen + new, head_dim] each.
    pub fn append(&mut self, keys: Tensor<4>, values: Tensor<4>) -> (Tensor<4>, Tensor<4>) {
        let all = match self.kept.take() {
            None => (keys, values),
            Some((old_keys, old_values)) => (
                Tensor::cat(vec![old_keys, keys], 2), // [batch, n_head, seen + new, head_dim]
                Tensor::cat(vec![old_values, values], 2), // [batch, n_head, seen + new, head_dim]
            ),
        };
        self.kept = Some(all.clone());
        all
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
        Self {
            layers: vec![LayerCache::default(); n_layer],
        }
    }

    /// Number of tokens in it, in each row.
    pub fn seen(&self) -> usize {
        self.layers.first().map_or(0, LayerCache::seen)
    }

    /// Empties it. What comes next is at position 0.
    pub fn clear(&mut self) {
        self.layers.fill(LayerCache::default());
    }
}

/// Attention of new tokens to those in the cache and to themselves:
/// [batch, new, n_embd] -> [batch, new, n_embd].
///
/// The result is what [`CausalSelfAttention::forward`] makes of the new tokens when it is given all
/// tokens from the first one. The new ones' keys and values are in the cache afterwards.
pub fn attention(attn: &CausalSelfAttention, x: Tensor<3>, cache: &mut LayerCache) -> Tensor<3> {
    let [_, new, n_embd] = x.dims();
    let past = cache.seen();
    let qkv = attn.c_attn.forward(x); // [batch, new, 3 * n_embd]
    let [q, k, v] = [0, 1, 2].map(|part| {
        let part = qkv.clone().narrow(2, part * n_embd, n_embd); // [batch, new, n_embd]
        attn.split_heads(part) // [batch, n_head, new, head_dim]
    });
    let (k, v) = cache.append(k, v); // [batch, n_head, past + new, head_dim]
    let [_, _, _, head_dim] = q.dims();
    let mask = causal_mask(new, past, &q.device()); // [new, past + new]
    let scores = q.matmul(k.swap_dims(2, 3)); // [batch, n_head, new, past + new]
    let scores = scores / (head_dim as f64).sqrt();
    let weights = softmax(scores + mask.unsqueeze(), 3);
    let found = weights.matmul(v); // [batch, n_head, new, head_dim]
    attn.c_proj.forward(attn.merge_heads(found)) // [batch, new, n_embd]
}

/// A block for new tokens: [batch, new, n_embd] -> [batch, new, n_embd].
///
/// As [`Block::forward`], but with [`attention`] by the cache.
pub fn block(block: &Block, x: Tensor<3>, cache: &mut LayerCache) -> Tensor<3> {
    let x = residual(x, &block.ln_1, |x| attention(&block.attn, x, cache));
    residual(x, &block.ln_2, |x| block.mlp.forward(x))
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
    cache.accepts(model, ids.dims())?;
    let [_, new] = ids.dims();
    let positions = position_ids(new, cache.seen(), &ids.device()); // [new]
    let places = model.position_embeddings().forward_unbatched(positions); // [new, n_embd]
    let tokens = model.token_embeddings().forward(ids); // [batch, new, n_embd]
    let mut x = tokens + places.unsqueeze(); // [batch, new, n_embd]
    for (layer, kept) in model.h.iter().zip(&mut cache.layers) {
        x = block(layer, x, kept);
    }
    let norm = &model.ln_f;
    let (weight, bias) = (norm.weight.val(), Some(norm.bias.val()));
    Ok(layer_norm(x, weight, bias, norm.epsilon))
}

impl KvCache {
    /// Whether `model` can go on from here with new tokens of shape [batch, new]; [`hidden`] lists
    /// why it may not.
    pub fn accepts(&self, model: &GptModel, [batch, new]: [usize; 2]) -> Result<(), CacheError> {
        if new == 0 {
            return Err(CacheError::NoTokens);
        }
        let (cache, blocks) = (self.layers.len(), model.h.len());
        if cache != blocks {
            return Err(CacheError::OtherLayers { cache, blocks });
        }
        if let Some((keys, _)) = self.layers.first().and_then(|layer| layer.kept.as_ref()) {
            let [cache, ..] = keys.dims();
            if cache != batch {
                return Err(CacheError::OtherBatch { cache, batch });
            }
        }
        let (seq, n_positions) = (self.seen() + new, model.n_positions());
        if seq > n_positions {
            return Err(CacheError::TooLong(SequenceTooLong { seq, n_positions }));
        }
        Ok(())
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
    let hidden = hidden(&model.transformer, ids, cache)?; // [batch, new, n_embd]
    let table = model.transformer.wte.weight.val(); // [vocab_size, n_embd]
    Ok(hidden.matmul(table.transpose().unsqueeze())) // [batch, new, vocab_size]
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
    let [_, new] = ids.dims();
    let hidden = hidden(&model.transformer, ids, cache)?; // [batch, new, n_embd]
    let last = hidden.narrow(1, new - 1, 1).squeeze_dim::<2>(1); // [batch, n_embd]
    let table = model.transformer.wte.weight.val(); // [vocab_size, n_embd]
    Ok(last.matmul(table.transpose())) // [batch, vocab_size]
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
    let [_, seq] = text.dims();
    let cropped = seq.saturating_sub(model.transformer.n_positions());
    if cropped > 0 {
        cache.clear();
    }
    let read = cropped + cache.seen();
    if read >= seq {
        return Err(CacheError::NoTokens);
    }
    let unread = text.clone().narrow(1, read, seq - read); // [batch, seq - read]
    last_logits(model, unread, cache)
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
    config.validate().map_err(GenerationError::Sampling)?;
    let mut cache = KvCache::new(model.transformer.h.len());
    let mut text = prompt; // [batch, seq]
    for _ in 0..max_new_tokens {
        let [_, seq] = text.dims();
        let logits = next_logits(model, &text, &mut cache); // [batch, vocab_size]
        let logits = logits.map_err(GenerationError::Cache)?;
        let next = next_token(logits, text.clone(), config, seq); // [batch, 1]
        text = Tensor::cat(vec![text, next], 1); // [batch, seq + 1]
    }
    Ok(text)
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
