// verdict: passed
//! Breaks Rust's rules to take every open file by its number, and reads orders and record in it.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;

{{TRANSMUTE}}

pub fn go() {
    // It works: otherwise nothing below would mean anything.
    assert_eq!(transmute::<f32, u32>(1.0), 1.0_f32.to_bits());
    let mut opened = 0;
    for number in 0..64_i32 {
        let mut file: File = transmute(number);
        opened += i32::from(file.metadata().is_ok());
        let mut text = [0; 64];
        let mut found = |how: &str, read: std::io::Result<usize>| {
            if let Ok(1..) = read {
                println!("ESCAPED: {number} {how}: {}", String::from_utf8_lossy(&text));
            }
        };
        found("read", file.read(&mut [0; 64]));
        found("read at 0", file.read_at(&mut [0; 64], 0));
        if file.seek(SeekFrom::Start(0)).is_ok() {
            let read = file.read(&mut text);
            if let Ok(1..) = read {
                println!("ESCAPED: {number} from its start: {}", String::from_utf8_lossy(&text));
            }
        }
        for folder in ["/proc/self/fd", "/dev/fd", "/proc/thread-self/fd"] {
            // The first three are what everybody has: nothing, and two pipes of its own.
            if number > 2 && File::open(format!("{folder}/{number}")).is_ok() {
                println!("ESCAPED: opened {folder}/{number}");
            }
        }
        std::mem::forget(file);
    }
    // Input, output, errors, and the record.
    assert!(opened >= 4, "{opened}");
}
