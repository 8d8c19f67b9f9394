//! How far a tensor is from what it should be.

use observation::{DType, TensorValue};

/// The largest relative error of an element; infinite where infinities differ, for NaN, and for
/// integers that are not equal.
///
/// An error is taken relative to the largest finite value of the element's own row: of the vector
/// along the last axis that it lies in. An element by itself is no measure: where a sum cancels to
/// almost nothing, two right ways to take it differ by more than the result. What rounding can do
/// depends on the terms of the sum, and those are of one size all along a row: a token's channels,
/// its logits, its attention weights. (The whole tensor would be a weaker measure: one long row
/// would excuse the short ones.)
///
/// # Errors
///
/// If the shapes or the kinds of number differ.
pub fn largest_error(got: &TensorValue, expected: &TensorValue) -> Result<f64, String> {
    if got.shape() != expected.shape() {
        return Err(format!(
            "the shape is {:?}, expected is {:?}",
            got.shape(),
            expected.shape()
        ));
    }
    if is_float(got) != is_float(expected) {
        return Err(format!(
            "the elements are {}, expected are {}",
            got.dtype(),
            expected.dtype()
        ));
    }
    // At least 1 for `chunks`; with an axis of length 0 there is nothing to compare.
    let width = expected.shape().last().copied().unwrap_or(1).max(1);
    let (got, values) = (got.values(), expected.values());
    let rows = got.chunks(width).zip(values.chunks(width));
    let row_error = if is_float(expected) {
        float_error
    } else {
        exact_error
    };
    Ok(rows
        .map(|(got, expected)| row_error(got, expected))
        .fold(0.0, f64::max))
}

fn is_float(tensor: &TensorValue) -> bool {
    matches!(tensor.dtype(), DType::F32 | DType::F64)
}

fn float_error(got: &[f64], expected: &[f64]) -> f64 {
    let scale = expected
        .iter()
        .map(|value| value.abs())
        .filter(|value| value.is_finite())
        .fold(0.0, f64::max);
    got.iter()
        .zip(expected)
        .map(|(got, expected)| relative(*got, *expected, scale))
        .fold(0.0, f64::max)
}

fn relative(got: f64, expected: f64, scale: f64) -> f64 {
    if got == expected {
        return 0.0; // Infinities too, and zeros in a row of zeros.
    }
    let error = (got - expected).abs() / scale;
    // `f64::max` would pass over a NaN.
    if error.is_nan() { f64::INFINITY } else { error }
}

fn exact_error(got: &[f64], expected: &[f64]) -> f64 {
    if got == expected { 0.0 } else { f64::INFINITY }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floats(values: &[f32]) -> TensorValue {
        TensorValue::from_f32(vec![values.len() / 2, 2], values)
    }

    fn error(got: &[f32], expected: &[f32]) -> f64 {
        largest_error(&floats(got), &floats(expected)).expect("they are of one kind")
    }

    #[test]
    fn an_error_is_relative_to_its_row() {
        assert_eq!(error(&[0.5, 2.0], &[0.0, 2.0]), 0.25);
        assert_eq!(error(&[0.5, 2.0, 9.0, 9.0], &[0.0, 2.0, 9.0, 9.0]), 0.25);
        assert_eq!(error(&[0.0, 0.0], &[0.0, 0.0]), 0.0);
        assert_eq!(error(&[0.5, 0.0], &[0.0, 0.0]), f64::INFINITY);
    }

    #[test]
    fn infinities_match_themselves_only() {
        const INFINITE: f32 = f32::INFINITY;
        assert_eq!(error(&[-INFINITE, 1.0], &[-INFINITE, 1.0]), 0.0);
        for (got, expected) in [(INFINITE, -INFINITE), (-1e9, -INFINITE), (INFINITE, 1.0)] {
            assert_eq!(error(&[got, 1.0], &[expected, 1.0]), f64::INFINITY);
        }
    }

    #[test]
    fn nan_matches_nothing() {
        for (got, expected) in [(f32::NAN, f32::NAN), (f32::NAN, 1.0), (1.0, f32::NAN)] {
            assert_eq!(error(&[got, 1.0], &[expected, 1.0]), f64::INFINITY);
        }
    }

    #[test]
    fn integers_match_exactly() {
        let integer = TensorValue::scalar_i64;
        assert_eq!(
            largest_error(&integer(1_000_000), &integer(1_000_000)),
            Ok(0.0)
        );
        let off = largest_error(&integer(1_000_001), &integer(1_000_000));
        assert_eq!(off, Ok(f64::INFINITY));
    }

    #[test]
    fn shapes_and_kinds_have_to_agree() {
        let flat = TensorValue::from_f32(vec![2], &[1.0, 2.0]);
        assert!(largest_error(&flat, &floats(&[1.0, 2.0])).is_err());
        let (integer, float) = (TensorValue::scalar_i64(1), TensorValue::scalar_f64(1.0));
        assert!(largest_error(&integer, &float).is_err());
    }
}
