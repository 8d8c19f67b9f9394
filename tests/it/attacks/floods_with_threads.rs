// verdict: too_many_threads
//! Starts threads without end, each with a tiny stack.

use std::thread::{Builder, sleep};
use std::time::Duration;

pub fn go() {
    for _ in 0..100_000 {
        let wait = || sleep(Duration::from_secs(600));
        if Builder::new().stack_size(16 << 10).spawn(wait).is_err() {
            break;
        }
    }
    sleep(Duration::from_secs(600));
}
