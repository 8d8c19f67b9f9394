//! A file to try things in: `tutor try s01 --file scratch.rs` runs it.
//!
//! `crate::s01_config` is that step as you wrote it.

use kit::Observer;
use kit::tensor::{Int, Tensor, activation::softmax};

pub fn observe(o: &mut Observer) {
    let device = o.device();
    let scores = Tensor::<2>::from_data([[1.0, 2.0, 3.0]], &device);
    println!("a softmax: {}", softmax(scores, 1));

    let table = Tensor::<2>::from_data([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], &device);
    let ids = Tensor::<1, Int>::from_data([2, 0], &device);
    println!("rows 2 and 0: {}", table.select(0, ids));
}
