// verdict: wrong_values
//! Is wrong, and runs an observation program of its own, which would write a record that looks
//! right.

use kit::Observer;

pub const WRONG: bool = true;

fn forged(o: &mut Observer) {
    for group in [
        "the parameters and what they start from",
        "normalising alone",
        "scaling and shifting too",
    ] {
        o.group(group, |o| o.text("output [row, channel]", "right"));
    }
}

pub fn go() {
    let _ = kit::run(forged);
    let _ = kit::run_chosen(&[forged]);
}
