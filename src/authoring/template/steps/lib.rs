//! The steps, as you write them.

pub mod s01_mean;
