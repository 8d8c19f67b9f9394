// verdict: passed
//! Starts processes: a shell, a daemon that outlives it, something that kills its parent.

use std::os::unix::process::{CommandExt, parent_id};
use std::process::Command;

pub fn go() {
    let parent = parent_id().to_string();
    for words in [
        vec!["/bin/sh", "-c", "echo ESCAPED: a shell"],
        vec!["setsid", "sleep", "600"],
        vec!["nohup", "sleep", "600"],
        vec!["kill", "-9", &parent],
        vec!["/bin/kill", "-9", "-1"],
        vec!["cat", "/etc/passwd"],
        vec!["rustc", "--version"],
    ] {
        if Command::new(words[0]).args(&words[1..]).spawn().is_ok() {
            println!("ESCAPED: started {}", words[0]);
        }
    }
    // Becomes another program, if it can.
    let error = Command::new("/bin/sh").args(["-c", "echo ESCAPED: became a shell"]).exec();
    println!("{error}");
}
