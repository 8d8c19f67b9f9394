//! A file that was handed in is read as a submission: the first byte says what it is called.

#![no_main]

#[path = "../cases/submissions.rs"]
mod case;

libfuzzer_sys::fuzz_target!(|data: &[u8]| case::run(data));
