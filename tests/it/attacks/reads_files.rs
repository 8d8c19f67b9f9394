// verdict: passed
//! Reads what it must not: the solution, the check, the results, others' work, the system's files.

use std::fs;
use std::path::Path;

pub fn go() {
    for path in [
        "{{COURSE}}/solutions/s03_layer_norm.rs",
        "{{COURSE}}/checks/s03_layer_norm/check.rs",
        "{{COURSE}}/course.toml",
        "{{OUT}}/grades.jsonl",
        "{{CLASS}}/honest/s03_layer_norm.rs",
        "{{OUTSIDE}}/precious",
        "/etc/passwd",
        "/etc/hostname",
        "/proc/self/environ",
        "/proc/self/maps",
        "/proc/self/mem",
        "/proc/1/environ",
        "/proc/self/cwd",
    ] {
        if let Ok(bytes) = fs::read(path) {
            println!("ESCAPED: read {} bytes of {path}", bytes.len());
        }
    }
    let mut folders = vec![
        "{{COURSE}}".to_owned(),
        "{{OUT}}".into(),
        "{{CLASS}}".into(),
        "/proc".into(),
        "/tmp".into(),
        "/".into(),
    ];
    // The scratch folder and all above it: the record and other submissions are near.
    let here = std::env::current_dir().unwrap_or_default();
    folders.extend(here.ancestors().map(|folder| folder.display().to_string()));
    for folder in folders {
        if fs::read_dir(Path::new(&folder)).is_ok() {
            println!("ESCAPED: listed {folder}");
        }
    }
}
