//! Whoever has solved the course can still test it: nothing takes the learner's `steps/` for
//! skeletons.

use std::env;
use std::process::Command;

use crate::support::quick::times;
use crate::support::{Sandbox, copy, root};

/// Tests that read the course where it lies.
const READERS: [&str; 4] = [
    "course::reset_brings",
    "earlier_steps::a_step_is_linked",
    "page::a_large_class",
    "screens::what_is_said_at_the_end",
];

/// Those that take longer.
const SLOW_READERS: [&str; 3] = ["course::solutions_pass", "oracle::", "reach::"];

#[test]
fn the_course_is_the_same_with_all_steps_solved() {
    let solved = Sandbox::real();
    for part in ["lessons", "tests", "README.md"] {
        copy(&root().join(part), &solved.path().join(part));
    }
    for step in solved.course().steps() {
        solved.solve(&step.name);
    }
    let these_tests = env::current_exe().expect("it is running");
    let output = Command::new(these_tests)
        .args(READERS)
        .args(times(&SLOW_READERS[..], &[]))
        .env("CARGO_MANIFEST_DIR", solved.path())
        .current_dir(solved.path())
        .output()
        .expect("it can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    let passed = said.matches(" ... ok").count();
    assert!(passed >= READERS.len(), "{said}");
}
