// verdict: stopped_early
use std::fs::{self, File};
use std::io::Write;

pub fn go() {
    let mut open = Vec::new();
    for _ in 0..200 {
        let mut file = File::create("junk").expect("there is a folder");
        fs::remove_file("junk").expect("it was made");
        let _ = file.write_all(&vec![1; 32 << 20]);
        open.push(file);
    }
    println!("ESCAPED: wrote {} files without a name", open.len());
}
