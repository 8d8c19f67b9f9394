// verdict: stopped_early
//! Ends the process with the exit code of success.

pub fn go() {
    std::process::exit(0);
}
