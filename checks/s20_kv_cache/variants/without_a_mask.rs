//! No mask: each new token looks at the keys up to its own, one after the other.

use std::error::Error;
use std::fmt;

use burn::tensor::activation::softmax;
use burn::tensor::{Int, Tensor};

use crate::s06_position_embeddings::position_ids;
use crate::s07_attention::CausalSelfAttention;
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
        match &self.kept {
            Some((_, values)) => {
                let [_, _, seen, _] = values.dims();
                seen
            }
            None => 0,
        }
    }

    /// New ones behind those that are kept.
    pub fn append(&mut self, mut keys: Tensor<4>, mut values: Tensor<4>) -> (Tensor<4>, Tensor<4>) {
        if let Some((old_keys, old_values)) = &self.kept {
            keys = Tensor::cat(vec![old_keys.clone(), keys], 2);
            values = Tensor::cat(vec![old_values.clone(), values], 2);
        }
        self.kept = Some((keys.clone(), values.clone()));
        (keys, values)
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
        let layers = (0..n_layer).map(|_| LayerCache { kept: None }).collect();
        Self { layers }
    }

    /// Number of tokens.
    pub fn seen(&self) -> usize {
        self.layers.iter().map(LayerCache::seen).max().unwrap_or(0)
    }

    /// Empties it.
    pub fn clear(&mut self) {
        for layer in &mut self.layers {
            layer.kept = None;
        }
    }
}

/// [batch, new, n_embd] -> [batch, new, n_embd].
pub fn attention(attn: &CausalSelfAttention, x: Tensor<3>, cache: &mut LayerCache) -> Tensor<3> {
    let [_, new, _] = x.dims();
    let mut parts = attn.c_attn.forward(x).chunk(3, 2).into_iter().map(|x| attn.split_heads(x));
    let mut part = || parts.next().expect("three parts");
    let (q, k, v) = (part(), part(), part());
    let (k, v) = cache.append(k, v);
    let past = cache.seen() - new;
    let mut found = Vec::new();
    for i in 0..new {
        let sees = past + i + 1;
        let q = q.clone().narrow(2, i, 1); // [batch, n_head, 1, head_dim]
        let k = k.clone().narrow(2, 0, sees); // [batch, n_head, sees, head_dim]
        let root = (q.dims()[3] as f64).sqrt();
        let weights = softmax(q.matmul(k.transpose()) / root, 3);
        found.push(weights.matmul(v.clone().narrow(2, 0, sees)));
    }
    attn.c_proj.forward(attn.merge_heads(Tensor::cat(found, 2)))
}

/// [batch, new, n_embd] -> [batch, new, n_embd].
pub fn block(block: &Block, x: Tensor<3>, cache: &mut LayerCache) -> Tensor<3> {
    let after = x.clone() + attention(&block.attn, block.ln_1.forward(x), cache);
    after.clone() + block.mlp.forward(block.ln_2.forward(after))
}

/// [batch, new] -> [batch, new, n_embd].
pub fn hidden(
    model: &GptModel,
    ids: Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<3>, CacheError> {
    cache.accepts(model, ids.dims())?;
    let ([_, new], past) = (ids.dims(), cache.seen());
    let places = position_ids(new, past, &ids.device()).unsqueeze_dim::<2>(0);
    let places = model.position_embeddings().forward(places); // [1, new, n_embd]
    let mut x = model.token_embeddings().forward(ids) + places;
    for i in 0..model.h.len() {
        x = block(&model.h[i], x, &mut cache.layers[i]);
    }
    Ok(model.ln_f.forward(x))
}

impl KvCache {
    /// Whether `model` can go on from here.
    pub fn accepts(&self, model: &GptModel, [batch, new]: [usize; 2]) -> Result<(), CacheError> {
        let (layers, blocks) = (self.layers.len(), model.h.len());
        let kept = self.layers.iter().find_map(|layer| layer.kept.as_ref());
        match () {
            () if new == 0 => return Err(CacheError::NoTokens),
            () if layers != blocks => return Err(CacheError::OtherLayers { cache: layers, blocks }),
            () => {}
        }
        if let Some((keys, _)) = kept
            && keys.dims()[0] != batch
        {
            let cache = keys.dims()[0];
            return Err(CacheError::OtherBatch { cache, batch });
        }
        if self.seen() + new > model.n_positions() {
            return Err(CacheError::TooLong(SequenceTooLong {
                seq: self.seen() + new,
                n_positions: model.n_positions(),
            }));
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
    let [batch, new, n_embd] = hidden.dims();
    let flat = hidden.reshape([batch * new, n_embd]);
    let logits = flat.matmul(model.transformer.wte.weight.val().transpose());
    let [_, vocab_size] = logits.dims();
    Ok(logits.reshape([batch, new, vocab_size]))
}

/// [batch, new] -> [batch, vocab_size].
pub fn last_logits(
    model: &Gpt,
    ids: Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<2>, CacheError> {
    let logits = logits(model, ids, cache)?;
    let [_, new, _] = logits.dims();
    Ok(logits.narrow(1, new - 1, 1).squeeze_dim(1))
}

/// [batch, seq] -> [batch, vocab_size].
pub fn next_logits(
    model: &Gpt,
    text: &Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<2>, CacheError> {
    let ([batch, seq], window) = (text.dims(), model.transformer.n_positions());
    if seq > window {
        cache.clear();
        return last_logits(model, text.clone().slice([0..batch, seq - window..seq]), cache);
    }
    match seq.checked_sub(cache.seen()) {
        None | Some(0) => Err(CacheError::NoTokens),
        Some(new) => last_logits(model, text.clone().slice([0..batch, seq - new..seq]), cache),
    }
}

/// [batch, prompt] -> [batch, prompt + max_new_tokens].
pub fn generate(
    model: &Gpt,
    prompt: Tensor<2, Int>,
    max_new_tokens: usize,
    config: &SamplingConfig,
) -> Result<Tensor<2, Int>, GenerationError> {
    if let Err(error) = config.validate() {
        return Err(GenerationError::Sampling(error));
    }
    let mut cache = KvCache::new(model.transformer.h.len());
    let mut text = prompt;
    while_left(max_new_tokens, || {
        let logits = next_logits(model, &text, &mut cache)?;
        let next = next_token(logits, text.clone(), config, text.dims()[1]);
        text = Tensor::cat(vec![text.clone(), next], 1);
        Ok(())
    })
    .map_err(GenerationError::Cache)?;
    Ok(text)
}

fn while_left(
    times: usize,
    mut body: impl FnMut() -> Result<(), CacheError>,
) -> Result<(), CacheError> {
    (0..times).try_for_each(|_| body())
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
