//! `tutor grade`: a class, one submission after the other, each behind a wall.
//!
//! [`crate::intake`] finds the step files, the [`room`] judges each of them apart, the [`log`]
//! keeps what was found, one student at a time, and [`record`] is what all reports read.

pub mod class;
pub mod log;
pub mod merge;
mod mine;
pub mod record;
pub mod room;
mod scratch;
pub mod secret;
mod student;

pub use class::{Class, grade};
