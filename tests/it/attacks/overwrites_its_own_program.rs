// verdict: passed
//! Overwrites its own executable, and the folder that it lies in.

use std::fs;

pub fn go() {
    let Ok(me) = std::env::current_exe() else {
        return;
    };
    if fs::write(&me, "#!/bin/sh\nexit 0\n").is_ok() || fs::remove_file(&me).is_ok() {
        println!("ESCAPED: overwrote {}", me.display());
    }
    if fs::rename(&me, me.with_extension("old")).is_ok() {
        println!("ESCAPED: renamed {}", me.display());
    }
    let _ = fs::write(me.with_file_name("s03_layer_norm.rs"), "");
}
