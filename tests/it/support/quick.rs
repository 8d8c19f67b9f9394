//! The quick set of tests, which is what a plain `cargo test` runs, and the whole set.
//!
//! `TUTOR_TEST_SEEDS=N cargo test` runs the whole set with `N` seeds where there are many, and
//! `TUTOR_TEST_SEEDS=all` with all of them.

use std::env;
use std::io::Write;
use std::sync::LazyLock;

use tutor::engine::observe::Seed;

/// How many seeds were asked for; nothing in the quick set.
static WANTED: LazyLock<Option<u64>> = LazyLock::new(|| {
    let wanted = env::var("TUTOR_TEST_SEEDS").ok();
    if wanted.is_none() {
        // Not `eprintln`, of which nothing is shown where a test passes.
        let _ = writeln!(
            std::io::stderr(),
            "The quick set: one seed, and of mistakes, attacks and long runs a part. \
             `TUTOR_TEST_SEEDS=3 cargo test` runs everything."
        );
    }
    wanted.map(|wanted| match wanted.as_str() {
        "all" => u64::MAX,
        number => number.parse().expect("a number, or `all`"),
    })
});

/// As many seeds as are asked for, of so many; the first one is the default.
pub fn seeds(all: u64) -> impl Iterator<Item = Seed> {
    (1..=WANTED.unwrap_or(1).min(all)).map(Seed)
}

/// All of them, or every `n`-th in the quick set, the first among them.
pub fn sample<T>(all: Vec<T>, n: usize) -> Vec<T> {
    let n = if WANTED.is_some() { 1 } else { n };
    all.into_iter().step_by(n).collect()
}

/// How often or how many: in the whole set, and in the quick one.
pub fn times<T>(whole: T, quick: T) -> T {
    if WANTED.is_some() { whole } else { quick }
}
