//! One row at a time, put together with `cat`, and everything refused in one place.

use std::error::Error;
use std::fmt;

use burn::tensor::{Device, Int, Tensor};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    pub train: Vec<usize>,
    pub validation: Vec<usize>,
}

#[derive(Debug, Clone)]
pub struct Batch {
    pub inputs: Tensor<2, Int>,
    pub targets: Tensor<2, Int>,
}

/// The first size that is zero, and then a text that is too short.
fn refuse(sizes: &[(&'static str, usize)], tokens: usize) -> Result<(), DataError> {
    for &(field, size) in sizes {
        if size == 0 {
            return Err(DataError::Zero { field });
        }
    }
    let (_, context) = sizes[sizes.len() - 1];
    if tokens > context {
        Ok(())
    } else {
        Err(DataError::TooShort { tokens, context })
    }
}

pub fn window_count(tokens: usize, context: usize) -> Result<usize, DataError> {
    refuse(&[("context", context)], tokens)?;
    Ok(tokens - context)
}

pub fn split(ids: &[usize], validation_share: f64, context: usize) -> Result<Split, DataError> {
    if !(validation_share.is_finite() && 0.0 < validation_share && validation_share < 1.0) {
        return Err(DataError::Share { validation_share });
    }
    let length = ids.len();
    let held_back = (length as f64 * validation_share).round() as usize;
    refuse(&[("context", context)], length - held_back)?;
    refuse(&[("context", context)], held_back)?;
    Ok(Split {
        train: ids.iter().take(length - held_back).copied().collect(),
        validation: ids.iter().skip(length - held_back).copied().collect(),
    })
}

fn row(ids: &[usize], device: &Device) -> Tensor<2, Int> {
    let ids: Vec<i64> = ids.iter().map(|&id| id as i64).collect();
    Tensor::<1, Int>::from_data(ids.as_slice(), device).unsqueeze()
}

impl Batch {
    pub fn at(ids: &[usize], starts: &[usize], context: usize, device: &Device) -> Self {
        let (mut inputs, mut targets) = (Vec::new(), Vec::new());
        for &start in starts {
            let window = &ids[start..=start + context];
            inputs.push(row(&window[..context], device));
            targets.push(row(&window[1..], device));
        }
        Self {
            inputs: Tensor::cat(inputs, 0),
            targets: Tensor::cat(targets, 0),
        }
    }
}

pub fn window_starts(
    tokens: usize,
    context: usize,
    stride: usize,
) -> Result<Vec<usize>, DataError> {
    refuse(&[("context", context)], tokens)?;
    refuse(&[("stride", stride), ("context", context)], tokens)?;
    let next = |start: &usize| Some(start + stride).filter(|next| next + context < tokens);
    Ok(std::iter::successors(Some(0), next).collect())
}

pub fn random_number(seed: u64, step: usize, row: usize) -> u64 {
    let stir = |state: u64| {
        let z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    stir(stir(stir(seed) ^ step as u64) ^ row as u64)
}

pub fn random_batch(
    ids: &[usize],
    batch_size: usize,
    context: usize,
    seed: u64,
    step: usize,
    device: &Device,
) -> Result<Batch, DataError> {
    refuse(
        &[("batch_size", batch_size), ("context", context)],
        ids.len(),
    )?;
    let last = (ids.len() - context - 1) as u64;
    let mut starts = Vec::with_capacity(batch_size);
    while starts.len() < batch_size {
        let number = random_number(seed, step, starts.len());
        starts.push((number - number / (last + 1) * (last + 1)) as usize);
    }
    Ok(Batch::at(ids, &starts, context, device))
}

pub fn validation_batches(
    ids: &[usize],
    batch_size: usize,
    context: usize,
    device: &Device,
) -> Result<Vec<Batch>, DataError> {
    refuse(
        &[("batch_size", batch_size), ("context", context)],
        ids.len(),
    )?;
    let mut batches = Vec::new();
    let mut starts = Vec::new();
    for start in window_starts(ids.len(), context, context)? {
        starts.push(start);
        if starts.len() == batch_size {
            batches.push(Batch::at(ids, &starts, context, device));
            starts.clear();
        }
    }
    if !starts.is_empty() {
        batches.push(Batch::at(ids, &starts, context, device));
    }
    Ok(batches)
}

#[derive(Debug, Clone, PartialEq)]
pub enum DataError {
    Zero { field: &'static str },
    Share { validation_share: f64 },
    TooShort { tokens: usize, context: usize },
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zero { field } => write!(f, "`{field}` is zero"),
            Self::Share { validation_share } => write!(
                f,
                "a share of {validation_share} cannot be held back; it has to lie between 0 and 1"
            ),
            Self::TooShort { tokens, context } => write!(
                f,
                "{tokens} ids are too few: {context} inputs and the target of the last one need \
                 more than {context}"
            ),
        }
    }
}

impl Error for DataError {}
