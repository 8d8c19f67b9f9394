//! The cases of `fuzz/`, each with inputs that a simple generator makes of its seeds: always the same
//! ones. `cargo fuzz` looks further: see "Fuzz" in CONTRIBUTING.md.

use std::fs;

use crate::support;
use crate::support::quick::times;

#[path = "../../fuzz/cases/compiler.rs"]
mod compiler;
#[path = "../../fuzz/cases/record.rs"]
mod record;
#[path = "../../fuzz/cases/reports.rs"]
mod reports;
#[path = "../../fuzz/cases/signatures.rs"]
mod signatures;
#[path = "../../fuzz/cases/similarity.rs"]
mod similarity;
#[path = "../../fuzz/cases/submissions.rs"]
mod submissions;

/// Numbers that look random and are the same each time (Knuth's linear congruential generator for 64
/// bits).
struct Noise(u64);

impl Noise {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound.max(1)
    }
}

/// What makes trouble in one of the languages that are read.
const PIECES: [&[u8]; 36] = [
    b"(",
    b")",
    b"{",
    b"}",
    b"[",
    b"]",
    b"<",
    b">",
    b"\"",
    b"'",
    b"/*",
    b"*/",
    b"//",
    b"r#\"",
    b"\\",
    b"fn ",
    b"pub ",
    b"impl ",
    b"struct ",
    b"use ",
    b"todo!()",
    b"kit::",
    b"earlier_s",
    b" --> a:1:1\n",
    b"\n",
    b"\0",
    b"\x1b[31m",
    b"\xff",
    "\u{202e}".as_bytes(),
    b"&",
    b"=",
    b"::",
    b"18446744073709551615",
    b"null",
    b"<script>",
    b",",
];

/// `seed` with up to a dozen changes.
fn changed(seed: &[u8], noise: &mut Noise) -> Vec<u8> {
    let mut text = seed.to_vec();
    for _ in 0..=noise.below(12) {
        let at = noise.below(text.len() + 1);
        match noise.below(6) {
            0 => text.truncate(at),
            1 if at < text.len() => text[at] ^= 1 << noise.below(8),
            2 if at < text.len() => drop(text.remove(at)),
            3 => {
                let end = (at + noise.below(80)).min(text.len());
                let piece = text[at..end].to_vec();
                let to = noise.below(text.len() + 1);
                text.splice(to..to, piece);
            }
            _ => {
                let piece = PIECES[noise.below(PIECES.len())];
                // Now and then many: what is counted, nested or gone through again shows then.
                let many = if noise.below(10) == 0 { 2_000 } else { 1 };
                text.splice(at..at, piece.repeat(many));
            }
        }
    }
    text
}

/// Tries a case with its seeds and with what is made of them.
fn try_out(case: &str, run: fn(&[u8]), rounds: usize) {
    let folder = support::root().join("fuzz/seeds").join(case);
    let mut seeds: Vec<_> = fs::read_dir(folder)
        .expect("it is there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    seeds.sort();
    assert!(!seeds.is_empty());
    let mut noise = Noise(1);
    for path in seeds {
        let seed = fs::read(&path).expect("it can be read");
        run(&seed);
        for _ in 0..rounds {
            run(&changed(&seed, &mut noise));
        }
    }
}

#[test]
fn texts_that_do_not_compile_are_compared() {
    try_out("signatures", signatures::run, times(2_000, 100));
}

#[test]
fn texts_are_compared_with_each_other() {
    try_out("similarity", similarity::run, times(200, 10));
}

#[test]
fn records_are_read_and_judged() {
    try_out("record", record::run, times(5_000, 200));
}

#[test]
fn submissions_are_read() {
    try_out("submissions", submissions::run, times(2_000, 50));
}

#[test]
fn classes_are_written() {
    try_out("reports", reports::run, times(1_000, 50));
}

#[test]
fn what_rustc_says_is_made_fit() {
    try_out("compiler", compiler::run, times(2_000, 100));
}
