//! New tokens go through the model one at a time, and so no mask is needed.

use std::error::Error;
use std::fmt;

use burn::tensor::activation::softmax;
use burn::tensor::{Int, Tensor};

use crate::s07_attention::CausalSelfAttention;
use crate::s08_residual::residual;
use crate::s09_block::Block;
use crate::s10_model::{GptModel, SequenceTooLong};
use crate::s11_lm_head::Gpt;
use crate::s19_sampling::{SamplingConfig, SamplingError, next_token};

/// What one layer's attention keeps.
#[derive(Debug, Clone, Default)]
pub struct LayerCache {
    /// Keys and values.
    pub kept: Option<(Tensor<4>, Tensor<4>)>,
}

impl LayerCache {
    /// Number of tokens.
    pub fn seen(&self) -> usize {
        let Some((keys, _)) = self.kept.as_ref() else {
            return 0;
        };
        keys.shape()[2]
    }

    /// New ones behind those that are kept.
    pub fn append(&mut self, keys: Tensor<4>, values: Tensor<4>) -> (Tensor<4>, Tensor<4>) {
        let join = |old: Tensor<4>, new: Tensor<4>| Tensor::cat(vec![old, new], 2);
        let (keys, values) = match self.kept.clone() {
            Some((old_keys, old_values)) => (join(old_keys, keys), join(old_values, values)),
            None => (keys, values),
        };
        self.kept.insert((keys, values)).clone()
    }
}

/// What all layers keep.
#[derive(Debug, Clone)]
pub struct KvCache {
    /// One for each block.
    pub layers: Vec<LayerCache>,
}

impl KvCache {
    /// An empty one.
    pub fn new(n_layer: usize) -> Self {
        Self { layers: std::iter::repeat_with(LayerCache::default).take(n_layer).collect() }
    }

    /// Number of tokens.
    pub fn seen(&self) -> usize {
        match self.layers.last() {
            Some(layer) => layer.seen(),
            None => 0,
        }
    }

    /// Empties it.
    pub fn clear(&mut self) {
        *self = Self::new(self.layers.len());
    }
}

/// [batch, new, n_embd] -> [batch, new, n_embd].
pub fn attention(attn: &CausalSelfAttention, x: Tensor<3>, cache: &mut LayerCache) -> Tensor<3> {
    let outputs = x.iter_dim(1).map(|x| one(attn, x, cache)).collect();
    Tensor::cat(outputs, 1)
}

/// [batch, 1, n_embd] -> [batch, 1, n_embd].
fn one(attn: &CausalSelfAttention, x: Tensor<3>, cache: &mut LayerCache) -> Tensor<3> {
    let [batch, _, n_embd] = x.dims();
    let head_dim = n_embd / attn.n_head;
    let qkv = attn.c_attn.forward(x).reshape([batch, 3, attn.n_head, head_dim]);
    let part = |i| qkv.clone().narrow(1, i, 1).swap_dims(1, 2); // [batch, n_head, 1, head_dim]
    let (keys, values) = cache.append(part(1), part(2));
    // A product with each key, along the channels; no matrix is multiplied.
    let scores = (keys * part(0)).sum_dim(3) * (head_dim as f64).powf(-0.5); // [batch, n_head, seen, 1]
    let found = (values * softmax(scores, 2)).sum_dim(2); // [batch, n_head, 1, head_dim]
    attn.c_proj.forward(found.reshape([batch, 1, n_embd]))
}

/// [batch, new, n_embd] -> [batch, new, n_embd].
pub fn block(block: &Block, x: Tensor<3>, cache: &mut LayerCache) -> Tensor<3> {
    let attend = |x: Tensor<3>| attention(&block.attn, x, cache);
    let work = |x: Tensor<3>| block.mlp.forward(x);
    residual(residual(x, &block.ln_1, attend), &block.ln_2, work)
}

/// [batch, new] -> [batch, new, n_embd].
pub fn hidden(
    model: &GptModel,
    ids: Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<3>, CacheError> {
    cache.accepts(model, ids.dims())?;
    let [_, new] = ids.dims();
    // All ids are looked up before anything is kept.
    let tokens = model.wte.forward(ids); // [batch, new, n_embd]
    let places = model.wpe.weight.val().narrow(0, cache.seen(), new); // [new, n_embd]
    let x = tokens + places.unsqueeze::<3>();
    let outputs = x.iter_dim(1).map(|x| {
        let stack = model.h.iter().zip(cache.layers.iter_mut());
        model.ln_f.forward(stack.fold(x, |x, (layer, kept)| block(layer, x, kept)))
    });
    Ok(Tensor::cat(outputs.collect(), 1))
}

impl KvCache {
    /// Whether `model` can go on from here.
    pub fn accepts(&self, model: &GptModel, [batch, new]: [usize; 2]) -> Result<(), CacheError> {
        let (seq, n_positions) = (self.seen() + new, model.wpe.weight.dims()[0]);
        let rows = (self.layers.first())
            .and_then(|layer| layer.kept.as_ref())
            .map_or(batch, |(keys, _)| keys.dims()[0]);
        if new == 0 {
            Err(CacheError::NoTokens)
        } else if self.layers.len() != model.h.len() {
            Err(CacheError::OtherLayers { cache: self.layers.len(), blocks: model.h.len() })
        } else if rows != batch {
            Err(CacheError::OtherBatch { cache: rows, batch })
        } else if seq > n_positions {
            Err(CacheError::TooLong(SequenceTooLong { seq, n_positions }))
        } else {
            Ok(())
        }
    }
}

/// [batch, new] -> [batch, new, vocab_size].
pub fn logits(
    model: &Gpt,
    ids: Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<3>, CacheError> {
    let table: Tensor<3> = model.transformer.wte.weight.val().unsqueeze();
    hidden(&model.transformer, ids, cache).map(|hidden| hidden.matmul(table.transpose()))
}

/// [batch, new] -> [batch, vocab_size].
pub fn last_logits(
    model: &Gpt,
    ids: Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<2>, CacheError> {
    let hidden = hidden(&model.transformer, ids, cache)?;
    let [batch, _, n_embd] = hidden.dims();
    let last = hidden.slice_dim(1, -1..).reshape([batch, n_embd]);
    Ok(model.transformer.wte.weight.val().matmul(last.transpose()).transpose())
}

/// [batch, seq] -> [batch, vocab_size].
pub fn next_logits(
    model: &Gpt,
    text: &Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<2>, CacheError> {
    let [_, seq] = text.dims();
    let window = model.transformer.n_positions();
    let recent = if seq > window {
        cache.clear();
        text.clone().slice_dim(1, -(window as i64)..)
    } else {
        text.clone()
    };
    let [_, length] = recent.dims();
    if cache.seen() < length {
        last_logits(model, recent.slice_dim(1, cache.seen()..), cache)
    } else {
        Err(CacheError::NoTokens)
    }
}

/// [batch, prompt] -> [batch, prompt + max_new_tokens].
pub fn generate(
    model: &Gpt,
    prompt: Tensor<2, Int>,
    max_new_tokens: usize,
    config: &SamplingConfig,
) -> Result<Tensor<2, Int>, GenerationError> {
    config.validate().map_err(GenerationError::Sampling)?;
    let [_, given] = prompt.dims();
    let mut cache = KvCache::new(model.transformer.h.len());
    (given..given + max_new_tokens).try_fold(prompt, |text, position| {
        let logits = next_logits(model, &text, &mut cache).map_err(GenerationError::Cache)?;
        let next = next_token(logits, text.clone(), config, position);
        Ok(Tensor::cat(vec![text, next], 1))
    })
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
