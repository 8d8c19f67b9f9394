//! The mean, one number after the other.

/// Moves towards each number by its share.
pub fn mean(numbers: &[f64]) -> Option<f64> {
    let (first, rest) = numbers.split_first()?;
    let mut mean = *first;
    for (i, number) in rest.iter().enumerate() {
        mean += (number - mean) / (i as f64 + 2.0);
    }
    Some(mean)
}
