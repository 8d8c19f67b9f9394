//! Every kind of verdict, on a small step: its word, its exit code, its place, and that nothing
//! is left running.

mod processes;

use std::fs;

use serde_json::Value;

use crate::support::{self, Sandbox};

/// The solution with some of its text replaced; every piece must be there once.
fn edited(edits: &[(&str, &str)]) -> String {
    let path = support::root().join("tests/it/fixtures/course/solutions/s01_scale.rs");
    let mut text = fs::read_to_string(path).expect("the solution is there");
    for (from, to) in edits {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    text
}

const FORWARD: &str = "x * self.weight.val().unsqueeze()";

/// The verdict on the solution with its last line replaced by `body`.
fn forward(sandbox: &Sandbox, body: &str) -> (i32, Value) {
    judge(sandbox, &edited(&[(FORWARD, body)]))
}

fn judge(sandbox: &Sandbox, text: &str) -> (i32, Value) {
    sandbox.write("steps/s01_scale.rs", text);
    sandbox.json(&["s01"])
}

fn assert_kind(result: &(i32, Value), kind: &str) {
    let code = i32::from(kind != "passed");
    assert_eq!(result.1["verdict"], kind, "{:#}", result.1);
    assert_eq!(result.0, code);
}

/// The line of `text` that holds `needle`, counted from 1.
fn line_of(text: &str, needle: &str) -> usize {
    text.lines()
        .position(|line| line.contains(needle))
        .expect("it is there")
        + 1
}

#[test]
fn passed() {
    let sandbox = Sandbox::small();
    assert_kind(&judge(&sandbox, &edited(&[])), "passed");
    let done = sandbox.tutor(&["run", "s01"]);
    assert_eq!(done.code, 0);
    assert!(
        done.stdout.contains("✓ s01 Scale: passed"),
        "{}",
        done.stdout
    );
}

#[test]
fn not_started() {
    let sandbox = Sandbox::small();
    let result = sandbox.json(&["s01"]);
    assert_kind(&result, "not_started");
    let skeleton = sandbox.read("steps/s01_scale.rs");
    assert_eq!(result.1["at"]["line"], line_of(&skeleton, "todo!()"));
}

#[test]
fn some_parts_done() {
    let sandbox = Sandbox::small();
    let result = judge(&sandbox, &edited(&[("\"scale\".into()", "todo!()")]));
    assert_kind(&result, "not_started");
    let outcomes: Vec<&Value> = result.1["groups"]
        .as_array()
        .expect("groups are listed")
        .iter()
        .map(|group| &group["outcome"])
        .collect();
    assert_eq!(outcomes, ["passed", "passed", "passed", "failed"]);
}

#[test]
fn does_not_compile() {
    let sandbox = Sandbox::small();
    let text = edited(&[(FORWARD, "x * self.wait.val()")]);
    let result = judge(&sandbox, &text);
    assert_kind(&result, "does_not_compile");
    assert_eq!(result.1["at"]["line"], line_of(&text, "self.wait"));
    let error = result.1["details"]["errors"][0]["rendered"].as_str();
    assert!(
        error.is_some_and(|e| e.contains("no field `wait`")),
        "{error:?}"
    );

    assert_kind(&judge(&sandbox, "pub fn name( {"), "does_not_compile");
}

#[test]
fn a_changed_signature_is_shown_as_needed() {
    let sandbox = Sandbox::small();
    let text = edited(&[
        ("(&self, x: Tensor<2>)", "(&self, x: Tensor<2>, by: f32)"),
        (FORWARD, "x * by"),
    ]);
    let result = judge(&sandbox, &text);
    assert_kind(&result, "does_not_compile");
    let signature = &result.1["details"]["signatures"][0];
    assert_eq!(signature["name"], "Scale::forward");
    assert_eq!(
        signature["needed"],
        "pub fn forward(&self, x: Tensor<2>) -> Tensor<2>"
    );
    assert_eq!(signature["found"]["line"], line_of(&text, "by: f32"));
    let shown = sandbox.tutor(&["run", "s01"]).stdout;
    assert!(
        !shown.contains("check.rs"),
        "the check is not the learner's business: {shown}"
    );
}

#[test]
fn panicked() {
    let sandbox = Sandbox::small();
    let text = edited(&[(FORWARD, "panic!(\"no way\")")]);
    let result = judge(&sandbox, &text);
    assert_kind(&result, "panicked");
    assert_eq!(result.1["at"]["line"], line_of(&text, "no way"));
    assert_eq!(result.1["details"]["message"], "no way");
}

#[test]
fn panicked_inside_burn() {
    let sandbox = Sandbox::small();
    let text = edited(&[(FORWARD, "x.clone().matmul(x)")]);
    let result = judge(&sandbox, &text);
    assert_kind(&result, "panicked");
    assert_eq!(
        result.1["at"]["line"],
        line_of(&text, "matmul"),
        "{:#}",
        result.1
    );
    let inside = result.1["details"]["inside"]["file"].as_str();
    assert!(
        inside.is_some_and(|file| file.contains("burn")),
        "{inside:?}"
    );
}

#[test]
fn panicked_in_another_thread() {
    let sandbox = Sandbox::small();
    let body = "{ let _ = std::thread::Builder::new().name(\"aside\".into())\
                .spawn(|| panic!(\"aside\")).unwrap().join(); x * self.weight.val().unsqueeze() }";
    let result = forward(&sandbox, body);
    assert_kind(&result, "panicked");
    assert_eq!(result.1["details"]["thread"], "aside");
}

#[test]
fn wrong_parameters() {
    let sandbox = Sandbox::small();
    let misshapen = edited(&[(
        "Tensor::ones([width], device)",
        "Tensor::ones([width + 1], device)",
    )]);
    let result = judge(&sandbox, &misshapen);
    assert_kind(&result, "wrong_parameters");
    assert_eq!(result.1["details"]["parameters"][0]["kind"], "misshapen");

    let text = edited(&[]).replace("weight", "wieght");
    let result = judge(&sandbox, &text);
    assert_kind(&result, "wrong_parameters");
    assert_eq!(result.1["details"]["parameters"][0]["perhaps"], "wieght");
}

#[test]
fn wrong_shape() {
    let sandbox = Sandbox::small();
    let result = forward(&sandbox, "(x * self.weight.val().unsqueeze()).transpose()");
    assert_kind(&result, "wrong_shape");
    assert_eq!(result.1["details"]["got"], serde_json::json!([3, 2]));
    assert_eq!(result.1["details"]["expected"], serde_json::json!([2, 3]));
}

#[test]
fn wrong_type() {
    let sandbox = Sandbox::small();
    let body = "(x * self.weight.val().unsqueeze()).cast(burn::tensor::DType::F64)";
    let result = forward(&sandbox, body);
    assert_kind(&result, "wrong_type");
    assert_eq!(result.1["details"]["got"], "f64");
}

#[test]
fn not_finite() {
    let sandbox = Sandbox::small();
    let result = forward(&sandbox, "x.zeros_like() / x.zeros_like()");
    assert_kind(&result, "not_finite");
    assert_eq!(result.1["details"]["first"]["got"], "NaN");
}

#[test]
fn wrong_values() {
    let sandbox = Sandbox::small();
    let result = forward(&sandbox, "x");
    assert_kind(&result, "wrong_values");
    let details = &result.1["details"];
    assert_eq!(details["group"], "scaled rows");
    assert_eq!(details["observation"], "output [row, column]");
    assert_eq!(details["wrong"], 6);
    assert_eq!(details["of"], 6);
    assert_eq!(details["first"]["index"], serde_json::json!([0, 0]));
}

#[test]
fn wrong_text() {
    let sandbox = Sandbox::small();
    let result = judge(
        &sandbox,
        &edited(&[("\"scale\".into()", "\"scales\".into()")]),
    );
    assert_kind(&result, "wrong_text");
    assert_eq!(result.1["details"]["expected"], "scale");
}

#[test]
fn wrong_refusal() {
    let sandbox = Sandbox::small();
    let result = judge(&sandbox, &edited(&[("rows <= 4", "rows <= 5")]));
    assert_kind(&result, "wrong_refusal");
    assert_eq!(result.1["details"]["got"], "accepts");
}

#[test]
fn what_a_step_prints_is_shown_as_its_own() {
    let sandbox = Sandbox::small();
    let body = "{ println!(\"shape {:?}\", x.dims()); eprintln!(\"\\x1b[31mhm\"); x }";
    let result = forward(&sandbox, body);
    assert_kind(&result, "wrong_values");
    assert!(
        result.1["stdout"]
            .as_str()
            .is_some_and(|s| s.contains("shape [2, 3]"))
    );
    let shown = sandbox.tutor(&["run", "s01"]).stdout;
    assert!(shown.contains("| shape [2, 3]"), "{shown}");
    assert!(
        !shown.contains('\x1b'),
        "the step's escape codes do not reach the terminal"
    );
}

#[test]
fn a_step_that_replaces_the_panic_hook_is_still_judged() {
    let sandbox = Sandbox::small();
    let body = "{ std::panic::set_hook(Box::new(|_| {})); panic!(\"hidden\") }";
    let result = forward(&sandbox, body);
    assert_ne!(result.1["verdict"], "passed");
    assert_eq!(result.0, 1);
}

#[test]
fn sources_that_are_none() {
    let sandbox = Sandbox::small();
    let reason = |result: &(i32, Value)| {
        assert_kind(result, "unreadable");
        result.1["details"]["reason"].clone()
    };
    assert_eq!(reason(&judge(&sandbox, "")), "empty");
    sandbox.write("steps/s01_scale.rs", b"fn a() {}\n// \xff\n");
    let result = sandbox.json(&["s01"]);
    assert_eq!(reason(&result), "not_utf8");
    assert_eq!(result.1["details"]["line"], 2);
    assert_eq!(reason(&judge(&sandbox, &" ".repeat(10 << 20))), "too_large");
    fs::remove_file(sandbox.path().join("steps/s01_scale.rs")).expect("it is there");
    assert_eq!(reason(&sandbox.json(&["s01"])), "missing");
    let shown = sandbox.tutor(&["run", "s01"]).stdout;
    assert!(shown.contains("tutor reset s01"), "{shown}");
    fs::create_dir(sandbox.path().join("steps/s01_scale.rs")).expect("nothing is there");
    assert_eq!(reason(&sandbox.json(&["s01"])), "refused");
}

#[test]
fn mine_stands_on_the_learners_own_steps() {
    let sandbox = Sandbox::small();
    let copy = |step: &str| {
        sandbox.write(
            &format!("steps/{step}.rs"),
            sandbox.read(&format!("solutions/{step}.rs")),
        );
    };
    copy("s02_twice");
    // The reference's s01 is fine, one's own is a skeleton.
    assert_kind(&sandbox.json(&["s02"]), "passed");
    let result = sandbox.json(&["s02", "--mine"]);
    assert_kind(&result, "not_started");
    let at = result.1["at"]["file"].as_str();
    assert!(
        at.is_some_and(|file| file.ends_with("steps/s01_scale.rs")),
        "{at:?}"
    );
    sandbox.write("steps/s01_scale.rs", edited(&[(FORWARD, "x")]));
    assert_kind(&sandbox.json(&["s02"]), "passed");
    assert_kind(&sandbox.json(&["s02", "--mine"]), "wrong_values");
    sandbox.write("steps/s01_scale.rs", "no Rust");
    let result = sandbox.json(&["s02", "--mine"]);
    assert_kind(&result, "earlier_step");
    assert_eq!(result.1["details"]["step"], "s01");
    copy("s01_scale");
    assert_kind(&sandbox.json(&["s02", "--mine"]), "passed");
}

#[test]
fn a_seed_decides_the_inputs() {
    let sandbox = Sandbox::small();
    sandbox.write("steps/s01_scale.rs", edited(&[(FORWARD, "x")]));
    let expected = |seed: &str| {
        let (_, result) = sandbox.json(&["s01", "--seed", seed]);
        result["details"]["first"]["expected"].clone()
    };
    assert_eq!(expected("3"), expected("3"));
    assert_ne!(expected("3"), expected("4"));
    sandbox.write("steps/s01_scale.rs", edited(&[]));
    assert_kind(&sandbox.json(&["s01", "--seed", "random"]), "passed");
}
