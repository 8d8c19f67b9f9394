//! A step that does not compile is compared with its skeleton.

#![no_main]

#[path = "../cases/signatures.rs"]
mod case;

libfuzzer_sys::fuzz_target!(|data: &[u8]| case::run(data));
