//! Plain loops with indices, and early returns.

use std::error::Error;
use std::fmt;

use burn::tensor::{Device, Int, Tensor, TensorData};

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

pub fn window_count(tokens: usize, context: usize) -> Result<usize, DataError> {
    if context == 0 {
        return Err(DataError::Zero { field: "context" });
    }
    if context >= tokens {
        return Err(DataError::TooShort { tokens, context });
    }
    Ok(tokens - context)
}

pub fn split(ids: &[usize], validation_share: f64, context: usize) -> Result<Split, DataError> {
    if validation_share.is_nan() || validation_share <= 0.0 || validation_share >= 1.0 {
        return Err(DataError::Share { validation_share });
    }
    let held_back = (ids.len() as f64 * validation_share + 0.5).floor() as usize;
    let cut = ids.len() - held_back;
    let mut train = Vec::new();
    let mut validation = Vec::new();
    for i in 0..ids.len() {
        if i < cut {
            train.push(ids[i]);
        } else {
            validation.push(ids[i]);
        }
    }
    for part in [&train, &validation] {
        window_count(part.len(), context)?;
    }
    Ok(Split { train, validation })
}

impl Batch {
    pub fn at(ids: &[usize], starts: &[usize], context: usize, device: &Device) -> Self {
        let mut inputs = Vec::new();
        let mut targets = Vec::new();
        for &start in starts {
            for i in start..start + context {
                inputs.push(ids[i] as i64);
                targets.push(ids[i + 1] as i64);
            }
        }
        let shape = [starts.len(), context];
        Self {
            inputs: Tensor::from_data(TensorData::new(inputs, shape), device),
            targets: Tensor::from_data(TensorData::new(targets, shape), device),
        }
    }
}

pub fn window_starts(
    tokens: usize,
    context: usize,
    stride: usize,
) -> Result<Vec<usize>, DataError> {
    window_count(tokens, context)?;
    if stride == 0 {
        return Err(DataError::Zero { field: "stride" });
    }
    let mut starts = Vec::new();
    let mut start = 0;
    while start + context < tokens {
        starts.push(start);
        start += stride;
    }
    Ok(starts)
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
    if batch_size == 0 {
        return Err(DataError::Zero {
            field: "batch_size",
        });
    }
    let count = window_count(ids.len(), context)?;
    let mut starts = vec![0; batch_size];
    for (row, start) in starts.iter_mut().enumerate() {
        *start = random_number(seed, step, row) as usize % count;
    }
    Ok(Batch::at(ids, &starts, context, device))
}

pub fn validation_batches(
    ids: &[usize],
    batch_size: usize,
    context: usize,
    device: &Device,
) -> Result<Vec<Batch>, DataError> {
    if batch_size == 0 {
        return Err(DataError::Zero {
            field: "batch_size",
        });
    }
    window_count(ids.len(), context)?;
    let windows = (ids.len() - 1) / context;
    let mut batches = Vec::new();
    let mut first = 0;
    while first < windows {
        let rows = batch_size.min(windows - first);
        let starts: Vec<usize> = (first..first + rows).map(|i| i * context).collect();
        batches.push(Batch::at(ids, &starts, context, device));
        first += rows;
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
