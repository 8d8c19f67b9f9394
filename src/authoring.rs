//! What whoever writes a course has: the tool's own look at it.

pub mod check;
pub mod flaw;
pub mod new_step;
