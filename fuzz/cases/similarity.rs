//! Texts of several students are compared with each other: two that the input holds, parted by a zero
//! byte, and one that is nearly the first.

use tutor::classroom::similarity::{self, Base, Text};

const SKELETON: &str = include_str!("../../checks/s03_layer_norm/skeleton.rs");
const SOLUTION: &str = include_str!("../../solutions/s03_layer_norm.rs");

/// Does what is to be tried with this input.
pub fn run(data: &[u8]) {
    let both = String::from_utf8_lossy(data);
    let (one, other) = both.split_once('\0').unwrap_or((&both, SOLUTION));
    let near = format!("{one}\nfn more() {{}}\n");
    let of = |student, text| Text {
        student,
        step: "s03",
        text,
    };
    let texts = [of("ann", one), of("bob", other), of("cyd", &near)];
    let base = Base {
        step: "s03",
        skeleton: SKELETON,
        solution: SOLUTION,
    };
    let found = similarity::find(&texts, &[base]);
    assert!(found.pairs.len() <= similarity::REPORTED);
}
