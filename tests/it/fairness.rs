//! A verdict does not depend on who is judged beside.

use crate::support::class::{Class, student};
use crate::support::quick::is_left_out;

const FORWARD: &str = "        assert!(rows <= 4";

/// The solution of the first step with something that it does once.
fn busy(class: &Class, work: &str) -> String {
    let solution = class.sandbox.read("solutions/s01_scale.rs");
    assert_eq!(solution.matches(FORWARD).count(), 1);
    let once = format!(
        "        static ONCE: std::sync::Once = std::sync::Once::new();\n        \
         ONCE.call_once(|| {{ {work} }});\n{FORWARD}"
    );
    solution.replace(FORWARD, &once)
}

#[test]
fn a_neighbour_takes_no_time_from_a_slow_step() {
    // A fraction of the limit, however slow the machine; and work, not a time.
    const SLOW: &str = "let mut i = 0_u64; while std::hint::black_box(i) < 60_000_000 { i += 1; }";
    const SPINNING: &str = "let spin = || loop { std::hint::black_box(0); }; \
         for _ in 0..6 { std::thread::spawn(spin); } spin()";
    if is_left_out() {
        return;
    }
    let class = Class::new();
    class.hand_in("slow/s01_scale.rs", &busy(&class, SLOW));
    for place in 0..3 {
        // Each text is another: whoever hands in the same is not judged again.
        let spinning = busy(&class, &format!("let _ = {place}; {SPINNING}"));
        class.hand_in(&format!("spins {place}/s01_scale.rs"), &spinning);
    }
    let results = class.graded(&["--steps", "s01", "--timeout", "2", "--jobs", "4"]);
    let slow = student(&results, "slow");
    assert_eq!(slow["steps"][0]["verdict"], "passed", "{slow:#}");
    for place in 0..3 {
        let spinner = student(&results, &format!("spins {place}"));
        assert_eq!(spinner["steps"][0]["verdict"], "timed_out", "{spinner:#}");
    }
}

#[test]
fn whoever_waits_has_no_more_time_than_whoever_computes() {
    let class = Class::new();
    let sleeping = "std::thread::sleep(std::time::Duration::from_secs(3600))";
    class.hand_in("sleeps/s01_scale.rs", &busy(&class, sleeping));
    let started = std::time::Instant::now();
    let results = class.graded(&["--steps", "s01", "--timeout", "1", "--jobs", "1"]);
    let step = &student(&results, "sleeps")["steps"][0];
    assert_eq!(step["verdict"], "timed_out", "{step:#}");
    // Generous: what counts is that it does not sleep to its end.
    assert!(started.elapsed().as_secs() < 300);
}
