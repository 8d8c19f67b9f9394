//! A class: what was handed in, judged step by step, and the gradebook of it.
//!
//! [`submissions`] finds the steps in what was handed in, [`grading`] judges each in the sandbox,
//! [`similarity`] compares them with each other, and [`gradebook`] writes what came of it.

pub mod due;
pub mod gradebook;
pub mod grading;
pub mod overrides;
pub mod record;
pub mod results_folder;
pub mod roster;
pub mod similarity;
pub mod submissions;
pub mod weights;
