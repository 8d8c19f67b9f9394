//! Texts of several students are compared with each other.

#![no_main]

#[path = "../cases/similarity.rs"]
mod case;

libfuzzer_sys::fuzz_target!(|data: &[u8]| case::run(data));
