//! A file that was handed in is read as a submission, or as the list that Gradescope makes of all.

#![no_main]

#[path = "../cases/submissions.rs"]
mod case;

libfuzzer_sys::fuzz_target!(|data: &[u8]| case::run(data));
