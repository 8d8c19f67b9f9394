//! A mask of truth values made from positions; kept tensors are read back from the cache; loops and
//! early returns.

use std::error::Error;
use std::fmt;

use burn::tensor::{Bool, Device, Int, Tensor};

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
        self.kept.as_ref().map(|kept| kept.0.dims()[2]).unwrap_or_default()
    }

    /// New ones behind those that are kept.
    pub fn append(&mut self, keys: Tensor<4>, values: Tensor<4>) -> (Tensor<4>, Tensor<4>) {
        let [batch, n_head, new, head_dim] = keys.dims();
        let past = self.seen();
        let shape = [batch, n_head, past + new, head_dim];
        let device = keys.device();
        let (mut all_keys, mut all_values) =
            (Tensor::zeros(shape, &device), Tensor::zeros(shape, &device));
        if let Some((old_keys, old_values)) = self.kept.take() {
            let place = [0..batch, 0..n_head, 0..past, 0..head_dim];
            all_keys = all_keys.slice_assign(place.clone(), old_keys);
            all_values = all_values.slice_assign(place, old_values);
        }
        let place = [0..batch, 0..n_head, past..past + new, 0..head_dim];
        all_keys = all_keys.slice_assign(place.clone(), keys);
        all_values = all_values.slice_assign(place, values);
        self.kept = Some((all_keys.clone(), all_values.clone()));
        (all_keys, all_values)
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
        let mut layers = Vec::with_capacity(n_layer);
        layers.resize_with(n_layer, LayerCache::default);
        Self { layers }
    }

    /// Number of tokens.
    pub fn seen(&self) -> usize {
        if self.layers.is_empty() { 0 } else { self.layers[0].seen() }
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.layers.iter_mut().for_each(|layer| drop(layer.kept.take()));
    }
}

/// [batch, new, n_embd] -> [batch, new, n_embd].
pub fn attention(attn: &CausalSelfAttention, x: Tensor<3>, cache: &mut LayerCache) -> Tensor<3> {
    let ([batch, new, n_embd], n_head) = (x.dims(), attn.n_head);
    let qkv = attn.c_attn.forward(x);
    let heads = |from: usize| {
        qkv.clone()
            .slice([0..batch, 0..new, from * n_embd..(from + 1) * n_embd])
            .reshape([batch, new, n_head, n_embd / n_head])
            .permute([0, 2, 1, 3])
    };
    cache.append(heads(1), heads(2));
    let Some((k, v)) = cache.kept.clone() else {
        unreachable!("something was appended");
    };
    let q = heads(0) / ((n_embd / n_head) as f64).sqrt();
    let scores = q.matmul(k.transpose()); // [batch, n_head, new, seen]
    let hidden = is_later(new, cache.seen(), &scores.device());
    let hidden = hidden.unsqueeze::<4>().expand(scores.dims());
    let largest = scores.clone().mask_fill(hidden.clone(), -1e30).max_dim(3);
    let weights = (scores - largest).exp().mask_fill(hidden, 0.0);
    let weights = weights.clone() / weights.sum_dim(3);
    let found = weights.matmul(v).permute([0, 2, 1, 3]);
    attn.c_proj.forward(found.reshape([batch, new, n_embd]))
}

/// Whether a key stands behind a query, of the last `new` of `seen` tokens: [new, seen].
fn is_later(new: usize, seen: usize, device: &Device) -> Tensor<2, Bool> {
    let keys = Tensor::<1, Int>::arange(0..seen as i64, device).unsqueeze_dim::<2>(0);
    let queries = Tensor::<1, Int>::arange((seen - new) as i64..seen as i64, device);
    let queries = queries.unsqueeze_dim::<2>(1);
    keys.expand([new, seen]).greater(queries.expand([new, seen]))
}

/// [batch, new, n_embd] -> [batch, new, n_embd].
pub fn block(block: &Block, x: Tensor<3>, cache: &mut LayerCache) -> Tensor<3> {
    let Block { ln_1, attn, ln_2, mlp } = block;
    let x = residual(x, ln_1, |x| attention(attn, x, cache));
    residual(x, ln_2, |x| mlp.forward(x))
}

/// [batch, new] -> [batch, new, n_embd].
pub fn hidden(
    model: &GptModel,
    ids: Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<3>, CacheError> {
    let ([_, new], past) = (ids.dims(), cache.seen());
    cache.accepts(model, ids.dims())?;
    let places = Tensor::<1, Int>::arange(0..new as i64, &ids.device()) + past as i64;
    let places = model.wpe.forward(places.unsqueeze_dim(0)); // [1, new, n_embd]
    let mut x = model.wte.forward(ids) + places;
    let mut layers = cache.layers.iter_mut();
    for this in &model.h {
        if let Some(layer) = layers.next() {
            x = block(this, x, layer);
        }
    }
    Ok(model.ln_f.forward(x))
}

impl KvCache {
    /// Whether `model` can go on from here.
    pub fn accepts(&self, model: &GptModel, [batch, new]: [usize; 2]) -> Result<(), CacheError> {
        if new < 1 {
            return Err(CacheError::NoTokens);
        }
        if model.h.len() != self.layers.len() {
            let (cache, blocks) = (self.layers.len(), model.h.len());
            return Err(CacheError::OtherLayers { cache, blocks });
        }
        for layer in &self.layers {
            if let Some((_, values)) = &layer.kept {
                let [cache, _, _, _] = values.dims();
                if cache != batch {
                    return Err(CacheError::OtherBatch { cache, batch });
                }
            }
        }
        let (seq, n_positions) = (self.seen() + new, model.n_positions());
        if n_positions < seq {
            return Err(CacheError::TooLong(SequenceTooLong { seq, n_positions }));
        }
        Ok(())
    }
}

/// [batch, new] -> [batch, new, vocab_size].
pub fn logits(
    model: &Gpt,
    ids: Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<3>, CacheError> {
    let hidden = hidden(&model.transformer, ids, cache)?;
    let rows = hidden.iter_dim(1).map(|x| head(model, x.squeeze_dim(1)));
    Ok(Tensor::stack(rows.collect(), 1))
}

/// [batch, n_embd] -> [batch, vocab_size].
fn head(model: &Gpt, x: Tensor<2>) -> Tensor<2> {
    x.matmul(model.transformer.wte.weight.val().swap_dims(0, 1))
}

/// [batch, new] -> [batch, vocab_size].
pub fn last_logits(
    model: &Gpt,
    ids: Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<2>, CacheError> {
    let hidden = hidden(&model.transformer, ids, cache)?;
    let [batch, new, n_embd] = hidden.dims();
    let last = hidden.slice([0..batch, new - 1..new, 0..n_embd]);
    Ok(head(model, last.reshape([batch, n_embd])))
}

/// [batch, seq] -> [batch, vocab_size].
pub fn next_logits(
    model: &Gpt,
    text: &Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<2>, CacheError> {
    let [_, seq] = text.dims();
    let n_positions = model.transformer.n_positions();
    let from = if seq <= n_positions {
        cache.seen()
    } else {
        cache.clear();
        seq - n_positions
    };
    let unread = seq.saturating_sub(from);
    if unread == 0 {
        return Err(CacheError::NoTokens);
    }
    last_logits(model, text.clone().narrow(1, from, unread), cache)
}

/// [batch, prompt] -> [batch, prompt + max_new_tokens].
pub fn generate(
    model: &Gpt,
    prompt: Tensor<2, Int>,
    max_new_tokens: usize,
    config: &SamplingConfig,
) -> Result<Tensor<2, Int>, GenerationError> {
    match config.validate() {
        Ok(()) => {
            let mut cache = KvCache::new(model.transformer.h.len());
            let text = go_on(model, prompt, max_new_tokens, config, &mut cache);
            text.map_err(GenerationError::Cache)
        }
        Err(error) => Err(GenerationError::Sampling(error)),
    }
}

fn go_on(
    model: &Gpt,
    text: Tensor<2, Int>,
    left: usize,
    config: &SamplingConfig,
    cache: &mut KvCache,
) -> Result<Tensor<2, Int>, CacheError> {
    if left == 0 {
        return Ok(text);
    }
    let logits = next_logits(model, &text, cache)?;
    let next = next_token(logits, text.clone(), config, text.dims()[1]);
    go_on(model, Tensor::cat(vec![text, next], 1), left - 1, config, cache)
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
