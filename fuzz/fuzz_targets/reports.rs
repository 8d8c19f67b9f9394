//! A class is written in every format; whatever a student can choose is from the input.

#![no_main]

#[path = "../cases/reports.rs"]
mod case;

libfuzzer_sys::fuzz_target!(|data: &[u8]| case::run(data));
