//! A course whose files git has given CRLF line ends, and a learner's file with them, are as good as
//! any other.

use std::fs;
use std::path::Path;

use crate::support::Sandbox;

/// Gives every text below `folder` CRLF line ends, and a byte order mark.
fn convert(folder: &Path) {
    for entry in fs::read_dir(folder).expect("it can be read") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            convert(&path);
        } else {
            let text = fs::read_to_string(&path).expect("it is text");
            fs::write(&path, text.replace('\n', "\r\n")).expect("it can be written");
        }
    }
}

fn converted() -> Sandbox {
    let sandbox = Sandbox::real();
    for folder in ["solutions", "checks", "steps"] {
        convert(&sandbox.path().join(folder));
    }
    let manifest = sandbox.read("course.toml").replace('\n', "\r\n");
    sandbox.write("course.toml", manifest);
    sandbox
}

#[test]
fn known_mistakes_keep_their_names() {
    let sandbox = converted();
    for step in sandbox.course().steps() {
        let shown = sandbox.tutor(&["show", "mistakes", &step.id]);
        assert_eq!(shown.code, 0, "{}{}", shown.stdout, shown.stderr);
        assert!(shown.stdout.contains("known mistakes"), "{}", shown.stdout);
    }
}

#[test]
fn a_difference_is_not_in_the_line_ends() {
    let sandbox = converted();
    let solution = sandbox.read("solutions/s02_causal_mask.rs");
    sandbox.write("steps/s02_causal_mask.rs", format!("\u{feff}{solution}"));
    let diff = sandbox.tutor(&["diff", "s02"]).stdout;
    assert!(diff.contains("letter by letter"), "{diff}");
    let done = sandbox.tutor(&["run", "s02"]);
    assert_eq!(done.code, 0, "{}", done.stdout);
}

#[test]
fn a_skeleton_is_a_skeleton_with_either_line_end() {
    let sandbox = converted();
    let done = sandbox.tutor(&["reset", "s02"]);
    assert!(done.stdout.contains("skeleton already"), "{}", done.stdout);
}
