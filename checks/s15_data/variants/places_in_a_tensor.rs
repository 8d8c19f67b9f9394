//! The text is a tensor, and windows are picked out of it: a table of places, looked up.

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
    match (context, tokens.checked_sub(context)) {
        (0, _) => Err(DataError::Zero { field: "context" }),
        (_, None | Some(0)) => Err(DataError::TooShort { tokens, context }),
        (_, Some(count)) => Ok(count),
    }
}

pub fn split(ids: &[usize], validation_share: f64, context: usize) -> Result<Split, DataError> {
    match validation_share {
        share if share > 0.0 && share < 1.0 => {}
        _ => return Err(DataError::Share { validation_share }),
    }
    let mut train = ids.to_vec();
    let held_back = (train.len() as f64 * validation_share).round();
    let validation = train.split_off(train.len() - held_back as usize);
    window_count(train.len(), context).and(window_count(validation.len(), context))?;
    Ok(Split { train, validation })
}

fn numbers(numbers: &[usize], device: &Device) -> Tensor<1, Int> {
    let numbers: Vec<i32> = numbers.iter().map(|&number| number as i32).collect();
    let shape = [numbers.len()];
    Tensor::from_data(TensorData::new(numbers, shape).convert::<i64>(), device)
}

impl Batch {
    pub fn at(ids: &[usize], starts: &[usize], context: usize, device: &Device) -> Self {
        assert!(starts.iter().all(|start| start + context < ids.len()));
        let text = numbers(ids, device); // [tokens]
        let starts = numbers(starts, device).unsqueeze_dim::<2>(1); // [batch, 1]
        let places = Tensor::<1, Int>::arange(0..context as i64, device).unsqueeze::<2>();
        let places = starts + places; // [batch, context]
        let pick = |places: Tensor<2, Int>| {
            let shape = places.dims();
            text.clone().select(0, places.flatten(0, 1)).reshape(shape)
        };
        Self {
            inputs: pick(places.clone()),
            targets: pick(places + 1),
        }
    }
}

pub fn window_starts(
    tokens: usize,
    context: usize,
    stride: usize,
) -> Result<Vec<usize>, DataError> {
    let count = window_count(tokens, context)?;
    if stride < 1 {
        return Err(DataError::Zero { field: "stride" });
    }
    Ok((0..count.div_ceil(stride)).map(|i| i * stride).collect())
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
    if batch_size < 1 {
        return Err(DataError::Zero {
            field: "batch_size",
        });
    }
    let count = window_count(ids.len(), context)?;
    let start = |row| (random_number(seed, step, row) % count as u64) as usize;
    let starts = Vec::from_iter((0..batch_size).map(start));
    Ok(Batch::at(ids, &starts, context, device))
}

pub fn validation_batches(
    ids: &[usize],
    batch_size: usize,
    context: usize,
    device: &Device,
) -> Result<Vec<Batch>, DataError> {
    if batch_size < 1 {
        return Err(DataError::Zero {
            field: "batch_size",
        });
    }
    let starts = window_starts(ids.len(), context, context)?;
    // All windows at once, and then rows of them.
    let all = Batch::at(ids, &starts, context, device);
    let inputs = all.inputs.split(batch_size, 0);
    let targets = all.targets.split(batch_size, 0);
    let both = inputs.into_iter().zip(targets);
    let batches = both.map(|(inputs, targets)| Batch { inputs, targets });
    Ok(batches.collect())
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
