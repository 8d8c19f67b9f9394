//! The mean of some numbers.

/// The mean of `numbers`: their sum, divided by how many there are. Of no numbers there is none.
pub fn mean(numbers: &[f64]) -> Option<f64> {
    if numbers.is_empty() {
        return None;
    }
    Some(numbers.iter().sum::<f64>() / numbers.len() as f64)
}
