// verdict: stopped_early
use std::fs::File;

pub fn go() {
    for number in 0..10_000_000 {
        let _ = File::create(format!("junk-{number}"));
    }
    println!("ESCAPED: made ten million files");
}
