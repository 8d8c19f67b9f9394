// verdict: passed
use std::fs;

pub fn go() {
    for path in [
        "../observations",
        "../assets/secret.txt",
        "{{COURSE}}/assets/secret.txt",
        "{{COURSE}}/assets/texts/secret.txt",
        "{{COURSE}}/course.toml",
        "{{COURSE}}/solutions/s01_scale.rs",
        "/etc/passwd",
    ] {
        if fs::read(path).is_ok() {
            println!("ESCAPED: read {path}");
        }
    }
    for path in ["..", "/", "{{COURSE}}/assets", "{{COURSE}}/assets/texts"] {
        if fs::read_dir(path).is_ok() {
            println!("ESCAPED: listed {path}");
        }
    }
    if fs::write("../observations", "{}").is_ok() || fs::write("../new", "x").is_ok() {
        println!("ESCAPED: wrote beside its folder");
    }
}
