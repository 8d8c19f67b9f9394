//! `tutor grade`: a class, one submission after the other, each behind a wall.
//!
//! [`record`] is what is known of a graded class in the end; every report reads it and nothing
//! else.

pub mod record;
