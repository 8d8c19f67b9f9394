//! Rows by themselves: each text of the batch has its own keys in its own turn, and the model reads
//! row by row.

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

/// What one layer's attention keeps.
#[derive(Debug, Clone, Default)]
pub struct LayerCache {
    /// Keys and values.
    pub kept: Option<(Tensor<4>, Tensor<4>)>,
}

impl LayerCache {
    /// Number of tokens.
    pub fn seen(&self) -> usize {
        self.kept.iter().map(|(keys, _)| keys.dims()[2]).sum()
    }

    /// New ones behind those that are kept.
    pub fn append(&mut self, keys: Tensor<4>, values: Tensor<4>) -> (Tensor<4>, Tensor<4>) {
        let (mut all_keys, mut all_values) = (Vec::new(), Vec::new());
        for (keys, values) in self.kept.take().into_iter().chain([(keys, values)]) {
            all_keys.push(keys);
            all_values.push(values);
        }
        self.kept = Some((Tensor::cat(all_keys, 2), Tensor::cat(all_values, 2)));
        self.kept.clone().expect("it was just kept")
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
        KvCache { layers: vec![Default::default(); n_layer] }
    }

    /// Number of tokens.
    pub fn seen(&self) -> usize {
        self.layers.get(0).map(LayerCache::seen).unwrap_or(0)
    }

    /// Empties it.
    pub fn clear(&mut self) {
        for i in 0..self.layers.len() {
            self.layers[i] = LayerCache::default();
        }
    }

    fn rows(&self) -> Option<usize> {
        let (keys, _) = self.layers.first()?.kept.as_ref()?;
        Some(keys.dims()[0])
    }
}

/// [batch, new, n_embd] -> [batch, new, n_embd].
pub fn attention(attn: &CausalSelfAttention, x: Tensor<3>, cache: &mut LayerCache) -> Tensor<3> {
    let (past, [batch, new, _]) = (cache.seen(), x.dims());
    let parts = attn.c_attn.forward(x).chunk(3, 2);
    let [q, k, v] = [0, 1, 2].map(|i: usize| attn.split_heads(parts[i].clone()));
    let (k, v) = cache.append(k, v);
    let row = |i: usize| {
        let [q, k, v] = [&q, &k, &v].map(|x| x.clone().narrow(0, i, 1).squeeze_dim::<3>(0));
        let [_, _, head_dim] = q.dims();
        let mask = causal_mask(new, past, &q.device()).unsqueeze::<3>();
        let scores = q.matmul(k.swap_dims(1, 2)).mul_scalar(1.0 / (head_dim as f64).sqrt());
        softmax(mask + scores, 2).matmul(v).unsqueeze_dim::<4>(0) // [1, n_head, new, head_dim]
    };
    let found = Tensor::cat((0..batch).map(row).collect(), 0);
    attn.c_proj.forward(attn.merge_heads(found))
}

/// [batch, new, n_embd] -> [batch, new, n_embd].
pub fn block(block: &Block, x: Tensor<3>, cache: &mut LayerCache) -> Tensor<3> {
    let x = residual(x, &block.ln_1, |normalised| attention(&block.attn, normalised, cache));
    let worked = block.mlp.forward(block.ln_2.forward(x.clone()));
    worked + x
}

/// [batch, new] -> [batch, new, n_embd].
pub fn hidden(
    model: &GptModel,
    ids: Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<3>, CacheError> {
    let ([_, new], past) = (ids.dims(), cache.seen());
    cache.accepts(model, ids.dims())?;
    let positions = position_ids(past + new, 0, &ids.device()).narrow(0, past, new);
    let places = model.position_embeddings().forward_unbatched(positions);
    let tokens: Vec<Tensor<3>> = (ids.iter_dim(0))
        .map(|row| model.token_embeddings().forward(row) + places.clone().unsqueeze())
        .collect();
    let x = Tensor::cat(tokens, 0);
    let x = model.h.iter().enumerate().fold(x, |x, (i, this)| block(this, x, &mut cache.layers[i]));
    Ok(model.ln_f.forward(x))
}

impl KvCache {
    /// Whether `model` can go on from here.
    pub fn accepts(&self, model: &GptModel, [batch, new]: [usize; 2]) -> Result<(), CacheError> {
        let (layers, blocks) = (self.layers.len(), model.h.len());
        let (seq, n_positions) = (self.seen() + new, model.n_positions());
        match (new, self.rows()) {
            (0, _) => Err(CacheError::NoTokens),
            _ if layers != blocks => Err(CacheError::OtherLayers { cache: layers, blocks }),
            (_, Some(rows)) if rows != batch => Err(CacheError::OtherBatch { cache: rows, batch }),
            _ if seq > n_positions => {
                Err(SequenceTooLong { seq, n_positions }).map_err(CacheError::TooLong)
            }
            _ => Ok(()),
        }
    }
}

/// [batch, new] -> [batch, new, vocab_size].
pub fn logits(
    model: &Gpt,
    ids: Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<3>, CacheError> {
    let table = &model.transformer.wte.weight;
    let hidden = hidden(&model.transformer, ids, cache)?;
    let rows = hidden.iter_dim(0).map(|row| row.squeeze_dim::<2>(0).matmul(table.val().transpose()));
    Ok(Tensor::stack(rows.collect(), 0))
}

/// [batch, new] -> [batch, vocab_size].
pub fn last_logits(
    model: &Gpt,
    ids: Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<2>, CacheError> {
    let new = ids.dims()[1];
    let hidden = hidden(&model.transformer, ids, cache)?;
    let index = Tensor::<1, Int>::from_data([new as i64 - 1], &hidden.device());
    let last: Tensor<2> = hidden.select(1, index).squeeze_dim(1);
    Ok(last.matmul(model.transformer.wte.weight.val().transpose()))
}

/// [batch, seq] -> [batch, vocab_size].
pub fn next_logits(
    model: &Gpt,
    text: &Tensor<2, Int>,
    cache: &mut KvCache,
) -> Result<Tensor<2>, CacheError> {
    let [_, seq] = text.dims();
    let window = model.transformer.n_positions();
    if seq > window {
        cache.clear();
    }
    let new = seq.min(window).checked_sub(cache.seen()).filter(|&new| new > 0);
    let new = new.ok_or(CacheError::NoTokens)?;
    last_logits(model, text.clone().narrow(1, seq - new, new), cache)
}

/// [batch, prompt] -> [batch, prompt + max_new_tokens].
pub fn generate(
    model: &Gpt,
    prompt: Tensor<2, Int>,
    max_new_tokens: usize,
    config: &SamplingConfig,
) -> Result<Tensor<2, Int>, GenerationError> {
    config.validate().map_err(GenerationError::Sampling)?;
    let (mut cache, mut columns) = (KvCache::new(model.transformer.h.len()), vec![prompt]);
    for _ in 0..max_new_tokens {
        let text = Tensor::cat(columns.clone(), 1);
        let [_, position] = text.dims();
        let logits = next_logits(model, &text, &mut cache).map_err(GenerationError::Cache)?;
        columns.push(next_token(logits, text, config, position));
    }
    Ok(Tensor::cat(columns, 1))
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
