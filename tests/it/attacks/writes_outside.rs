// verdict: passed
//! Writes, makes, renames, links and changes files everywhere it can think of.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::SystemTime;

fn told<T>(result: std::io::Result<T>, what: &str) {
    if result.is_ok() {
        println!("ESCAPED: {what}");
    }
}

pub fn go() {
    let precious = "{{OUTSIDE}}/precious";
    told(fs::write(precious, "gone"), "wrote a file");
    told(File::options().append(true).open(precious), "opened a file to append");
    told(fs::write("{{OUTSIDE}}/new", "new"), "made a file");
    told(fs::write("{{OUT}}/grades.jsonl", "{}"), "wrote the results");
    told(fs::write("{{COURSE}}/solutions/s03_layer_norm.rs", ""), "wrote the solution");
    told(fs::write("/tmp/tutor-attack", "x"), "wrote to /tmp");
    told(fs::write("here", "x"), "wrote to its own folder");
    told(fs::create_dir("{{OUTSIDE}}/folder"), "made a folder");
    told(fs::remove_file(precious), "removed a file");
    told(fs::rename(precious, "{{OUTSIDE}}/renamed"), "renamed a file");
    told(fs::hard_link(precious, "{{OUTSIDE}}/linked"), "linked a file");
    told(symlink(precious, "{{OUTSIDE}}/symlinked"), "made a symbolic link");
    told(
        fs::set_permissions(precious, fs::Permissions::from_mode(0o777)),
        "changed permissions",
    );
    told(
        std::os::unix::fs::chown(precious, Some(0), Some(0)),
        "changed an owner",
    );
    if let Ok(file) = File::open(precious) {
        told(file.set_modified(SystemTime::UNIX_EPOCH), "changed a time");
    }
}
