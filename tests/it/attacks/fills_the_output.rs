// verdict: timed_out
//! Prints without end.

use std::io::Write;

pub fn go() {
    let line = [b'x'; 1 << 16];
    let mut out = std::io::stdout().lock();
    while out.write_all(&line).is_ok() {}
    loop {}
}
