//! Tensors with their exact bits.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TensorValue {
    shape: Vec<usize>,
    dtype: DType,
    #[serde(serialize_with = "to_hex")]
    bytes: Vec<u8>,
}

impl TensorValue {
    /// A tensor of these bytes, unless their number does not fit shape and type.
    #[must_use]
    pub fn new(shape: Vec<usize>, dtype: DType, bytes: Vec<u8>) -> Option<Self> {
        let size = shape
            .iter()
            .try_fold(dtype.size(), |size, &axis| size.checked_mul(axis))?;
        (bytes.len() == size).then_some(Self {
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

    /// The elements in row-major order. Integers beyond 2^53 lose their last digits.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "documented above")]
    pub fn values(&self) -> Vec<f64> {
        let chunks = self.bytes.chunks_exact(self.dtype.size());
        match self.dtype {
            DType::F64 => chunks.map(|b| f64::from_le_bytes(array(b))).collect(),
            DType::F32 => chunks
                .map(|b| f32::from_le_bytes(array(b)).into())
                .collect(),
            DType::I64 => chunks
                .map(|b| i64::from_le_bytes(array(b)) as f64)
                .collect(),
            DType::I32 => chunks
                .map(|b| i32::from_le_bytes(array(b)).into())
                .collect(),
            DType::Bool => self.bytes.iter().map(|&b| f64::from(b)).collect(),
        }
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

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(bytes);
    array
}

fn to_hex<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    serializer.serialize_str(&text)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| char::from(c).to_digit(16);
    text.as_bytes()
        .chunks(2)
        .map(|pair| {
            let [high, low] = pair else { return None };
            u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
        })
        .collect()
}

// By hand, since what is read here comes from the code under check: a tensor whose bytes do not
// fit its shape must not come into being.
impl<'de> Deserialize<'de> for TensorValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            shape: Vec<usize>,
            dtype: DType,
            bytes: String,
        }
        let raw = Raw::deserialize(deserializer)?;
        let bytes = from_hex(&raw.bytes).ok_or_else(|| D::Error::custom("no hexadecimal bytes"))?;
        Self::new(raw.shape, raw.dtype, bytes)
            .ok_or_else(|| D::Error::custom("the bytes do not fit the shape"))
    }
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
    fn refuses_bytes_that_do_not_fit() {
        assert!(TensorValue::new(vec![2], DType::F32, vec![0; 7]).is_none());
        assert!(TensorValue::new(vec![usize::MAX, 2], DType::F32, vec![]).is_none());
        let forged = r#"{"shape":[9],"dtype":"f32","bytes":"00"}"#;
        assert!(serde_json::from_str::<TensorValue>(forged).is_err());
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
