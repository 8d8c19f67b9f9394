//! Tensors with their exact bits.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Tolerance;

/// The type of a tensor's elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DType {
    /// 64-bit float.
    F64,
    /// 32-bit float.
    F32,
    /// 64-bit integer.
    I64,
    /// 32-bit integer.
    I32,
    /// One byte an element, 0 or 1.
    Bool,
}

impl DType {
    /// Whether elements are rounded, so that two right ways to compute one may differ.
    #[must_use]
    pub const fn is_float(self) -> bool {
        matches!(self, Self::F64 | Self::F32)
    }

    /// Bytes an element takes.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::F64 | Self::I64 => 8,
            Self::F32 | Self::I32 => 4,
            Self::Bool => 1,
        }
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F64 => "f64",
            Self::F32 => "f32",
            Self::I64 => "i64",
            Self::I32 => "i32",
            Self::Bool => "bool",
        })
    }
}

/// A tensor: shape, element type, and the elements as little-endian bytes in row-major order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorValue {
    shape: Vec<usize>,
    dtype: DType,
    bytes: Vec<u8>,
}

impl TensorValue {
    /// A tensor of these bytes, unless their number does not fit shape and type.
    #[must_use]
    pub fn new(shape: Vec<usize>, dtype: DType, bytes: Vec<u8>) -> Option<Self> {
        (Some(bytes.len()) == size(&shape, dtype)).then_some(Self {
            shape,
            dtype,
            bytes,
        })
    }

    /// A tensor of 32-bit floats.
    ///
    /// # Panics
    ///
    /// If the number of values is not the product of the axes.
    #[must_use]
    pub fn from_f32(shape: Vec<usize>, values: &[f32]) -> Self {
        let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self::new(shape, DType::F32, bytes).expect("as many values as the shape says")
    }

    /// A tensor of rank 0.
    #[must_use]
    pub fn scalar_f64(value: f64) -> Self {
        Self {
            shape: Vec::new(),
            dtype: DType::F64,
            bytes: value.to_le_bytes().to_vec(),
        }
    }

    /// A tensor of rank 0.
    #[must_use]
    pub fn scalar_i64(value: i64) -> Self {
        Self {
            shape: Vec::new(),
            dtype: DType::I64,
            bytes: value.to_le_bytes().to_vec(),
        }
    }

    /// Length of each axis.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The type of the elements.
    #[must_use]
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// The elements as they are kept.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len() / self.dtype.size()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The elements in row-major order, one at a time. Integers beyond 2^53 lose their last digits.
    pub fn elements(&self) -> impl Iterator<Item = f64> + '_ {
        #[expect(clippy::cast_precision_loss, reason = "documented above")]
        let read: fn(&[u8]) -> f64 = match self.dtype {
            DType::F64 => |b| f64::from_le_bytes(array(b)),
            DType::F32 => |b| f32::from_le_bytes(array(b)).into(),
            DType::I64 => |b| i64::from_le_bytes(array(b)) as f64,
            DType::I32 => |b| i32::from_le_bytes(array(b)).into(),
            DType::Bool => |b| b[0].into(),
        };
        self.bytes.chunks_exact(self.dtype.size()).map(read)
    }

    /// Whether each element is as good as that of `expected` in its place.
    #[must_use]
    pub fn is_alike(&self, expected: &Self, tolerance: Tolerance) -> bool {
        let mut pairs = self.elements().zip(expected.elements());
        self.len() == expected.len()
            && pairs.all(|(got, expected)| tolerance.accepts(got, expected))
    }

    /// The elements in row-major order. Integers beyond 2^53 lose their last digits.
    #[must_use]
    pub fn values(&self) -> Vec<f64> {
        self.elements().collect()
    }

    /// The position of the element at `offset` in [`values`](Self::values), one index an axis.
    #[must_use]
    pub fn index(&self, offset: usize) -> Vec<usize> {
        let mut rest = offset;
        let mut index: Vec<usize> = self
            .shape
            .iter()
            .rev()
            .map(|&axis| {
                let i = rest % axis.max(1);
                rest /= axis.max(1);
                i
            })
            .collect();
        index.reverse();
        index
    }
}

/// How many bytes a tensor takes, if so many can be counted.
pub fn size(shape: &[usize], dtype: DType) -> Option<usize> {
    let mut axes = shape.iter();
    axes.try_fold(dtype.size(), |size, &axis| size.checked_mul(axis))
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(bytes);
    array
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_counts_from_the_last_axis() {
        let tensor = TensorValue::from_f32(vec![2, 3], &[0.0; 6]);
        assert_eq!(tensor.index(0), [0, 0]);
        assert_eq!(tensor.index(4), [1, 1]);
        assert!(TensorValue::scalar_f64(1.0).index(0).is_empty());
    }

    #[test]
    fn tensors_are_alike_within_a_tolerance() {
        let tensor = |values: &[f32]| TensorValue::from_f32(vec![values.len()], values);
        let expected = tensor(&[1.0, f32::INFINITY]);
        let is_alike = |got: &[f32]| tensor(got).is_alike(&expected, Tolerance::DEFAULT);
        assert!(is_alike(&[1.000_01, f32::INFINITY]));
        assert!(!is_alike(&[1.01, f32::INFINITY]));
        assert!(!is_alike(&[1.0, f32::MAX]));
        assert!(!is_alike(&[f32::NAN, f32::INFINITY]));
        assert!(!is_alike(&[1.0]));
    }

    #[test]
    fn refuses_bytes_that_do_not_fit() {
        assert!(TensorValue::new(vec![2], DType::F32, vec![0; 7]).is_none());
        assert!(TensorValue::new(vec![usize::MAX, 2], DType::F32, vec![]).is_none());
    }

    #[test]
    fn values_of_every_type() {
        let tensor = |dtype, bytes| TensorValue::new(vec![1], dtype, bytes).map(|t| t.values());
        assert_eq!(
            tensor(DType::I64, (-3_i64).to_le_bytes().to_vec()),
            Some(vec![-3.0])
        );
        assert_eq!(
            tensor(DType::I32, 7_i32.to_le_bytes().to_vec()),
            Some(vec![7.0])
        );
        assert_eq!(tensor(DType::Bool, vec![1]), Some(vec![1.0]));
        assert_eq!(TensorValue::scalar_f64(0.5).values(), [0.5]);
        assert_eq!(
            TensorValue::scalar_i64(124_439_808).values(),
            [124_439_808.0]
        );
    }
}
