//! For those who write a course.

pub mod new_course;
