//! What rustc says is made fit for a learner: names of the engine's replaced, places hidden.

use tutor::engine::compile::{Quote, renamed, requoted};

/// Does what is to be tried with this input.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let kept = requoted(&text, |file, line| match line % 4 {
        0 => Quote::Shown,
        1 => Quote::Renamed(format!("{file}?")),
        2 => Quote::Hidden,
        _ => Quote::Elsewhere {
            at: "b.rs:1".into(),
            signature: Some("pub fn f()".into()),
        },
    });
    let _ = renamed(&kept, "burn");
}
