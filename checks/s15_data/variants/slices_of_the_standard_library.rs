//! Slices of the standard library: `windows` finds them, `chunks` puts them side by side.

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
    let too_short = DataError::TooShort { tokens, context };
    tokens
        .checked_sub(context)
        .filter(|&count| count > 0)
        .ok_or(too_short)
}

pub fn split(ids: &[usize], validation_share: f64, context: usize) -> Result<Split, DataError> {
    let is_sound = (f64::MIN_POSITIVE..1.0).contains(&validation_share);
    if !is_sound {
        return Err(DataError::Share { validation_share });
    }
    let held_back = (validation_share * ids.len() as f64).round() as usize;
    let (validation, train): (Vec<_>, Vec<_>) = ids
        .iter()
        .rev()
        .enumerate()
        .partition(|&(from_the_end, _)| from_the_end < held_back);
    let forwards = |part: Vec<(usize, &usize)>| -> Vec<usize> {
        part.into_iter().rev().map(|(_, &id)| id).collect()
    };
    let (train, validation) = (forwards(train), forwards(validation));
    window_count(train.len(), context)?;
    window_count(validation.len(), context)?;
    Ok(Split { train, validation })
}

impl Batch {
    pub fn at(ids: &[usize], starts: &[usize], context: usize, device: &Device) -> Self {
        let rows = starts.iter().map(|&start| {
            let window = ids.windows(context + 1).nth(start);
            window.expect("no window begins at this place")
        });
        Self::of(rows, context, device)
    }

    /// Of windows with `context + 1` ids each.
    fn of<'a>(windows: impl Iterator<Item = &'a [usize]>, context: usize, device: &Device) -> Self {
        let ids: Vec<i64> = windows.flatten().map(|&id| id as i64).collect();
        let rows = ids.len() / (context + 1);
        let data = TensorData::new(ids, [rows, context + 1]);
        let both = Tensor::<2, Int>::from_data(data, device); // [batch, context + 1]
        Self {
            inputs: both.clone().narrow(1, 0, context),
            targets: both.narrow(1, 1, context),
        }
    }
}

pub fn window_starts(
    tokens: usize,
    context: usize,
    stride: usize,
) -> Result<Vec<usize>, DataError> {
    let count = window_count(tokens, context)?;
    match stride {
        0 => Err(DataError::Zero { field: "stride" }),
        _ => Ok((0..count).filter(|start| start % stride == 0).collect()),
    }
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
    window_count(ids.len(), context)?;
    let windows: Vec<&[usize]> = ids.windows(context + 1).collect();
    let draw = |row| windows[(random_number(seed, step, row) % windows.len() as u64) as usize];
    Ok(Batch::of((0..batch_size).map(draw), context, device))
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
    let windows: Vec<&[usize]> = ids.windows(context + 1).step_by(context).collect();
    let batch = |part: &[&[usize]]| Batch::of(part.iter().copied(), context, device);
    Ok(windows.chunks(batch_size).map(batch).collect())
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
