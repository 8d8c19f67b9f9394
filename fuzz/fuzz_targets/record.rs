//! What a step recorded is read, bounded and judged.

#![no_main]

#[path = "../cases/record.rs"]
mod case;

libfuzzer_sys::fuzz_target!(|data: &[u8]| case::run(data));
