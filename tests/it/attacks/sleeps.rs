// verdict: timed_out
//! Sleeps for an hour.

pub fn go() {
    std::thread::sleep(std::time::Duration::from_secs(3600));
}
