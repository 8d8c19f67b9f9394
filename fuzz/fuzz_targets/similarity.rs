//! Texts of several students are compared with each other: two that the input holds, parted by a zero

#![no_main]

#[path = "../cases/similarity.rs"]
mod case;

libfuzzer_sys::fuzz_target!(|data: &[u8]| case::run(data));
