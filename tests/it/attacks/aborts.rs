// verdict: stopped_early
//! Aborts the process.

pub fn go() {
    std::process::abort();
}
