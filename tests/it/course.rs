//! The real course is sound; its solutions stand on each other, and its skeletons come back.

use serde_json::Value;

use crate::support::{self, Sandbox, quick};

/// Everything that makes a course sound: its files, what its checks see, its lessons.
#[test]
fn the_course_is_sound() {
    let sandbox = Sandbox::real();
    for part in ["lessons", "docs", "README.md"] {
        support::copy(&support::root().join(part), &sandbox.path().join(part));
    }
    for options in quick::looks(&sandbox.course()) {
        let mut args = vec!["course", "check"];
        args.extend(options.iter().map(String::as_str));
        let done = sandbox.tutor(&args);
        assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    }
}

#[test]
fn solutions_pass_on_solutions() {
    let sandbox = Sandbox::real();
    for step in sandbox.course().steps() {
        sandbox.solve(&step.name);
    }
    let done = sandbox.tutor(&["run", "all", "--mine", "--format", "json"]);
    let value: Value = serde_json::from_str(&done.stdout).expect("JSON was asked for");
    let results = value["results"].as_array().expect("results are listed");
    assert_eq!(results.len(), sandbox.course().steps().len());
    for result in results {
        assert_eq!(result["verdict"], "passed", "{result:#}");
    }
    assert_eq!(done.code, 0);
}

/// What `tutor` shows and resets is not what the learner edits and commits.
#[test]
fn reset_brings_the_skeleton_back_from_anything() {
    let sandbox = Sandbox::real();
    let skeleton = sandbox.read("checks/s06_position_embeddings/skeleton.rs");
    sandbox.write("steps/s06_position_embeddings.rs", "half of it");
    let done = sandbox.tutor(&["reset", "6"]);
    assert_eq!(done.code, 0);
    assert_eq!(sandbox.read("steps/s06_position_embeddings.rs"), skeleton);
    let backup = ".tutor/backups/s06_position_embeddings.rs";
    assert!(done.stdout.contains(backup), "{}", done.stdout);
    assert_eq!(sandbox.read(backup), "half of it");

    sandbox.write("steps/s06_position_embeddings.rs", b"\xff");
    assert_eq!(sandbox.tutor(&["reset", "s06"]).code, 0);
    assert_eq!(sandbox.read(backup), "half of it", "an older copy is kept");

    let again = sandbox.tutor(&["reset", "s06"]);
    assert!(again.stdout.contains("already"), "{}", again.stdout);
    assert_eq!(sandbox.tutor(&["show", "skeleton", "06"]).stdout, skeleton);
}
