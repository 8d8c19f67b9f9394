//! However much a step says, what is kept of it can be read; and a limit that is asked for holds for
//! all that a verdict takes.

use serde_json::Value;

use crate::support::Sandbox;
use crate::support::quick::is_left_out;

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

/// The reference and the known mistakes take as long as the step itself: with their usual ten
/// seconds there would be neither a verdict nor a name.
#[test]
fn a_time_that_is_asked_for_reaches_reference_and_diagnosis() {
    if is_left_out() {
        return;
    }
    let sandbox = Sandbox::small();
    let check = "checks/s01_scale/check.rs";
    let first = "    o.group(\"the factors\"";
    let text = sandbox.read(check);
    assert_eq!(text.matches(first).count(), 1);
    let slow = "    std::thread::sleep(std::time::Duration::from_millis(10_500));\n";
    sandbox.write(check, text.replace(first, &format!("{slow}{first}")));
    let solution = sandbox.read("solutions/s01_scale.rs");
    let wrong = solution.replace(FORWARD, "x + self.weight.val().unsqueeze()");
    sandbox.write("steps/s01_scale.rs", wrong);
    let done = sandbox.tutor(&["run", "s01", "--timeout", "60", "--format", "json"]);
    let said: Value = serde_json::from_str(&done.stdout).expect("JSON was asked for");
    let result = &said["results"][0];
    assert_eq!(result["verdict"], "wrong_values", "{result:#}");
    assert!(done.stdout.contains("\"adds\""), "{result:#}");
}
