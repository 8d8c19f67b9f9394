//! What `tutor` says of a mistake that it knows, of two at once, and of one that it does not know;
//! and which earlier step it blames.

mod support;

use serde_json::Value;
use support::Sandbox;

const MULTIPLY: (&str, &str) = ("x * self", "x + self");
const MISNAME: (&str, &str) = ("\"scale\"", "\"Scale\"");
const FIVE: (&str, &str) = ("rows <= 4", "rows <= 5");
const NEGATE: (&str, &str) = ("        x * self", "        let x = -x;\n        x * self");
const TODO: (&str, &str) = ("\"scale\".into()", "todo!()");

/// The ids that are named for the solution with these edits.
fn named(sandbox: &Sandbox, edits: &[(&str, &str)]) -> Vec<String> {
    let mut text = sandbox.read("solutions/s01_scale.rs");
    for (from, to) in edits {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    sandbox.write("steps/s01_scale.rs", text);
    let (code, result) = sandbox.json(&["s01"]);
    assert_eq!(code, 1, "{result:#}");
    let named = result["diagnosis"].as_array().expect("it is a list");
    let id = |named: &Value| named["id"].as_str().expect("it is text").to_owned();
    named.iter().map(id).collect()
}

#[test]
fn known_mistakes_are_named_alone_and_together() {
    let sandbox = Sandbox::small();
    assert_eq!(named(&sandbox, &[MULTIPLY]), ["adds"]);
    assert_eq!(named(&sandbox, &[FIVE]), ["five-rows"]);
    // In different observations.
    assert_eq!(named(&sandbox, &[MULTIPLY, MISNAME]), ["adds", "misnamed"]);
    // In the same observation: only trying both out can tell.
    let both = ("        x * self", "        let x = -x;\n        x + self");
    assert_eq!(named(&sandbox, &[both]), ["adds", "negates"]);
    assert_eq!(named(&sandbox, &[NEGATE]), ["negates"]);
    // What is not written yet does not hide what is wrong before it.
    assert_eq!(named(&sandbox, &[MULTIPLY, TODO]), ["adds"]);
}

#[test]
fn what_is_not_known_is_not_named() {
    let sandbox = Sandbox::small();
    let unknown = (
        "x * self.weight.val().unsqueeze()",
        "x * self.weight.val().unsqueeze() * 2.0",
    );
    assert!(named(&sandbox, &[unknown]).is_empty());
    // Beside it, in another group, a known one has its name.
    assert_eq!(named(&sandbox, &[unknown, FIVE]), ["five-rows"]);
    let shown = sandbox.tutor(&["run", "s01"]).stdout;
    assert!(
        shown.contains("too many rows: it looks like your code"),
        "{shown}"
    );
}

#[test]
fn a_diagnosis_is_a_sentence_and_points_ahead() {
    let sandbox = Sandbox::small();
    named(&sandbox, &[MULTIPLY]);
    let shown = sandbox.tutor(&["run", "s01"]).stdout;
    assert!(
        shown.contains("It looks like your code adds the factors instead of multiplying by them."),
        "{shown}"
    );
    assert!(
        shown.contains("What would a factor of 1 change?"),
        "{shown}"
    );
    let known = sandbox.tutor(&["show", "mistakes", "s01"]).stdout;
    assert!(known.contains("4 known mistakes"), "{known}");
    assert!(
        known.contains("-        x * self.weight.val().unsqueeze()"),
        "{known}"
    );
    assert!(
        known.contains("+        x + self.weight.val().unsqueeze()"),
        "{known}"
    );
}

#[test]
fn a_broken_mistake_is_told_with_its_line() {
    let sandbox = Sandbox::small();
    let file = "checks/s01_scale/mistakes.toml";
    let text = sandbox.read(file);
    sandbox.write(
        file,
        text.replace("find = \"rows <= 4\"", "find = \"rows\""),
    );
    let done = sandbox.tutor(&["show", "mistakes", "s01"]);
    assert_eq!(done.code, 2);
    assert!(
        done.stderr.contains("mistakes.toml:27:8"),
        "{}",
        done.stderr
    );
    assert!(done.stderr.contains("`five-rows`"), "{}", done.stderr);
    // That is the author's business, not the learner's.
    assert!(named(&sandbox, &[MULTIPLY]).is_empty());
    let done = sandbox.tutor(&["run", "s01"]);
    assert_eq!(done.code, 1);
    assert!(done.stderr.contains("`five-rows`"), "{}", done.stderr);
}

#[test]
fn the_place_and_the_values_of_errors_can_be_seen() {
    let sandbox = Sandbox::small();
    let text = sandbox.read("solutions/s01_scale.rs");
    let body = "let y = x.clone() * self.weight.val().unsqueeze();\n        \
                Tensor::cat(vec![y.narrow(0, 0, 1), x.narrow(0, 1, rows - 1)], 0)";
    let text = text.replace("x * self.weight.val().unsqueeze()", body);
    sandbox.write("steps/s01_scale.rs", text);
    let (_, result) = sandbox.json(&["s01"]);
    let place = &result["details"]["where"];
    assert_eq!(
        *place,
        serde_json::json!([{"axis": 0, "only": 1}]),
        "{result:#}"
    );
    let shown = sandbox.tutor(&["run", "s01"]).stdout;
    assert!(shown.contains("only in row 1"), "{shown}");
    let marked = shown
        .lines()
        .filter(|line| line.matches('*').count() == 3)
        .count();
    assert_eq!(marked, 1, "one row of three wrong cells: {shown}");
}

#[test]
fn a_trace_blames_the_earlier_step() {
    let sandbox = Sandbox::small();
    let solve = |step: &str| {
        let solution = sandbox.read(&format!("solutions/{step}.rs"));
        sandbox.write(&format!("steps/{step}.rs"), solution);
    };
    solve("s01_scale");
    solve("s02_twice");
    let done = sandbox.tutor(&["trace", "s02"]);
    assert_eq!(done.code, 0);
    assert!(done.stdout.contains("nothing to trace"), "{}", done.stdout);

    named(&sandbox, &[MULTIPLY]);
    let failed = sandbox.tutor(&["run", "s02", "--mine"]);
    assert!(
        failed.stdout.contains("tutor trace s02"),
        "{}",
        failed.stdout
    );
    let done = sandbox.tutor(&["trace", "s02"]);
    assert_eq!(done.code, 1);
    assert!(
        done.stdout.contains("To blame: your own s01"),
        "{}",
        done.stdout
    );
    let departs = done
        .stdout
        .lines()
        .find(|line| line.contains("departs here"));
    assert!(
        departs.is_some_and(|line| line.contains("once")),
        "{}",
        done.stdout
    );

    sandbox.write("steps/s02_twice.rs", "pub fn twice() {}");
    let done = sandbox.tutor(&["trace", "s02"]);
    assert_eq!(done.code, 1);
    assert!(
        done.stdout.contains("itself does not pass"),
        "{}",
        done.stdout
    );
}
