//! `tutor grade`: a class, one submission after the other, each in a sandbox.
//!
//! [`crate::classroom::submissions`] finds the step files, the [`room`] judges each of them apart, the [`log`]
//! keeps what was found, one student at a time, and [`record`] is what all reports read.

mod again;
mod bounds;
pub mod class;
mod discretion;
pub mod hidden;
mod intake;
pub mod ledger;
pub mod log;
pub mod merge;
mod own_steps;
mod scratch;
pub mod seed;
pub mod session;
mod student;
mod turns;

pub use again::{Repeated, again};
pub use class::{Changes, Class, grade};
