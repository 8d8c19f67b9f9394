//! The quick set of tests, which is what a plain `cargo test` runs, and the whole set.
//!
//! `TUTOR_TEST_SEEDS=N cargo test` runs the whole set with `N` seeds where there are many, and
//! `TUTOR_TEST_SEEDS=all` with all of them.

use std::io::Write;
use std::sync::LazyLock;
use std::{env, io, thread};

use tutor::course::{Course, Step};

/// In the quick set, one in so many steps is gone through where each takes long.
const STEPS_ONE_IN: usize = 4;

/// How many seeds were asked for; nothing in the quick set.
static WANTED: LazyLock<Option<u64>> = LazyLock::new(|| {
    let wanted = env::var("TUTOR_TEST_SEEDS").ok();
    if wanted.is_none() {
        say(
            "this is the quick set, with one seed and a part of the steps where each takes long; \
             `TUTOR_TEST_SEEDS=3 cargo test` runs everything",
        );
    }
    wanted.map(|wanted| match wanted.as_str() {
        "all" => u64::MAX,
        number => number.parse().expect("a number, or `all`"),
    })
});

/// Prints a line. With `eprintln` nothing is shown of a test that passes.
pub fn say(words: &str) {
    // Nobody may be listening.
    let _ = writeln!(io::stderr(), "tutor: {words}");
}

/// What `tutor course check` is told: nothing is left out in the whole set, and in the quick one it
/// takes a quick look at some steps.
pub fn looks(course: &Course) -> Vec<Vec<String>> {
    match *WANTED {
        Some(seeds) => vec![vec!["--seeds".into(), seeds.to_string()]],
        None => (steps(course).iter())
            .map(|step| vec![step.id.clone(), "--quick".into()])
            .collect(),
    }
}

/// All steps of the course, or some in the quick set.
pub fn steps(course: &Course) -> Vec<&Step> {
    sample(course.steps().iter().collect(), STEPS_ONE_IN)
}

/// All of them, or every `n`-th in the quick set, the first among them.
pub fn sample<T>(all: Vec<T>, n: usize) -> Vec<T> {
    all.into_iter().step_by(times(1, n)).collect()
}

/// How often or how many: in the whole set, and in the quick one.
pub fn times<T>(whole: T, quick: T) -> T {
    if WANTED.is_some() { whole } else { quick }
}

/// Whether the test that asks is left out of the quick set, and this is that. Says so.
pub fn is_left_out() -> bool {
    let is_left_out = WANTED.is_none();
    if is_left_out {
        let test = thread::current();
        let test = test.name().unwrap_or("a test");
        say(&format!("{test} is left out of the quick set"));
    }
    is_left_out
}
