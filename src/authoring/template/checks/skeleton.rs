//! The mean of some numbers.

/// The mean of `numbers`: their sum, divided by how many there are. Of no numbers there is none.
pub fn mean(numbers: &[f64]) -> Option<f64> {
    // Add them up, and divide by `numbers.len() as f64`. What if there are none?
    todo!()
}
