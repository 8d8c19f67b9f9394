// verdict: passed
//! Fills the disk, wherever it may write.

use std::fs::File;
use std::io::Write;

pub fn go() {
    let me = std::env::current_exe().unwrap_or_default();
    let mut places = vec![".".to_owned(), "/tmp".into(), "/dev/shm".into(), "/var/tmp".into()];
    places.extend(me.parent().map(|folder| folder.display().to_string()));
    for place in places {
        for number in 0..100 {
            let Ok(mut file) = File::create(format!("{place}/junk-{number}")) else {
                break;
            };
            println!("ESCAPED: made a file in {place}");
            let _ = file.write_all(&vec![1; 32 << 20]);
        }
    }
}
