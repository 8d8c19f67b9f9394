//! What rustc says is made fit for a learner: names of the engine's replaced, places hidden.

#![no_main]

#[path = "../cases/compiler.rs"]
mod case;

libfuzzer_sys::fuzz_target!(|data: &[u8]| case::run(data));
