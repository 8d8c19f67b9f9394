// verdict: passed
//! Asks for sizes, owners and times of files that it cannot read.

use std::fs::{self, File};
use std::os::unix::fs::OpenOptionsExt;

const O_PATH: i32 = 0o10_000_000;

pub fn go() {
    for path in ["/", "/etc/passwd", "/proc/self/environ", "{{COURSE}}", "{{CLASS}}", "{{OUT}}", "."] {
        if let Ok(data) = fs::metadata(path) {
            println!("ESCAPED: {path} has {} bytes", data.len());
        }
        if fs::symlink_metadata(path).is_ok() || fs::exists(path).is_ok_and(|exists| exists) {
            println!("ESCAPED: {path} is there");
        }
        let place = File::options().read(true).custom_flags(O_PATH).open(path);
        if let Ok(data) = place.and_then(|place| place.metadata()) {
            println!("ESCAPED: {path} as a place has {} bytes", data.len());
        }
    }
}
