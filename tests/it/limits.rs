//! However much a step says, what is kept of it can be read.

use crate::support::Sandbox;

/// The JSON about the small course's first step with one piece of its text replaced.
fn json(from: &str, to: &str) -> String {
    let sandbox = Sandbox::small();
    let text = sandbox.read("solutions/s01_scale.rs");
    assert_eq!(text.matches(from).count(), 1, "{from}");
    sandbox.write("steps/s01_scale.rs", text.replace(from, to));
    sandbox.tutor(&["run", "s01", "--format", "json"]).stdout
}

const FORWARD: &str = "x * self.weight.val().unsqueeze()";

#[test]
fn a_panic_is_cut() {
    let said = json(FORWARD, "panic!(\"{}\", \"abc \".repeat(3_000_000))");
    assert!(said.contains("(12000000 characters in all)"), "{said}");
    assert!(said.len() < 50_000, "{} bytes", said.len());
}

#[test]
fn a_text_is_cut() {
    let said = json("\"scale\".into()", "\"abc \".repeat(3_000_000)");
    assert!(said.contains("\"wrong_text\""), "{said}");
    assert!(said.contains("(12000000 characters in all)"), "{said}");
    assert!(said.len() < 50_000, "{} bytes", said.len());
}

#[test]
fn a_compile_error_is_cut() {
    let long = "n".repeat(900_000);
    let said = json(FORWARD, &long);
    assert!(said.contains("\"does_not_compile\""), "{said}");
    assert!(said.len() < 50_000, "{} bytes", said.len());
}
