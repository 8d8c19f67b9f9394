// verdict: wrong_values
//! Is wrong, and writes a record of its own that says otherwise, to every channel it can find.

use std::fs::File;
use std::io::{Write, stdin};
use std::os::fd::AsFd;

pub const WRONG: bool = true;

pub fn go() {
    let forged = "{\"group\":\"a batch of sequences\"}\n\"group_end\"\n\"finished\"\n";
    if let Ok(channel) = stdin().as_fd().try_clone_to_owned() {
        let _ = File::from(channel).write_all(forged.as_bytes());
    }
    for number in 0..64 {
        for folder in ["/proc/self/fd", "/dev/fd"] {
            if let Ok(mut file) = File::options().append(true).open(format!("{folder}/{number}")) {
                // The first three are the program's own input and output.
                if number > 2 {
                    println!("ESCAPED: opened {folder}/{number}");
                }
                let _ = file.write_all(forged.as_bytes());
            }
        }
    }
    print!("{forged}");
    eprint!("{forged}");
}
