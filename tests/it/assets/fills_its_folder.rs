// verdict: stopped_early
use std::fs::File;
use std::io::Write;

pub fn go() {
    for number in 0..10_000 {
        let mut file = File::create(format!("junk-{number}")).expect("there is a folder");
        let _ = file.write_all(&vec![1; 8 << 20]);
    }
    println!("ESCAPED: wrote 80 GB");
}
