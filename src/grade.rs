//! `tutor grade`: a class, one submission after the other, each behind a wall.
//!
//! The [`room`] judges each step file apart, the [`log`] keeps what was found, one student at a
//! time, and [`record`] is what all reports read.

pub mod log;
pub mod record;
pub mod room;
mod scratch;
pub mod secret;
