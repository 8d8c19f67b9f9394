// verdict: passed
//! Reads its parent's memory, environment and command line.

use std::fs::{self, File};
use std::os::unix::process::parent_id;

pub fn go() {
    let parent = parent_id();
    for name in ["mem", "environ", "cmdline", "maps", "status", "fd/0", "cwd", "root/etc/passwd"] {
        let path = format!("/proc/{parent}/{name}");
        if File::open(&path).is_ok() || fs::read(&path).is_ok() {
            println!("ESCAPED: opened {path}");
        }
    }
}
