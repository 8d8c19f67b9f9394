//! What whoever writes a course has: a new course, new steps, and the tool's own look at them.

pub mod check;
pub mod flaw;
pub mod new_course;
pub mod new_step;
