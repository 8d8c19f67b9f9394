//! One number far from all others.
//!
//! Ask: the numbers are 1, 2, 3, 4, and then 90 comes. What becomes of the mean?

use crate::s01_mean::mean;
use kit::Observer;

/// Prints the mean with and without the last number.
pub fn observe(_: &mut Observer) {
    let numbers = [1.0, 2.0, 3.0, 4.0, 90.0];
    for count in [4, 5] {
        println!("{:?}: {:?}", &numbers[..count], mean(&numbers[..count]));
    }
}
