//! The reference solution of every step.

pub mod s01_mean;
