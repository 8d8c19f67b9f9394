//! What `tutor` says of a mistake that it knows, of two at once, and of one that it does not know;
//! and which earlier step it blames.

use serde_json::Value;

use crate::support::Sandbox;
use crate::support::quick::is_left_out;

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

/// What `tutor trace` says of `step` in the real course, solved but for these edits.
fn traced(step: &str, edits: &[(&str, &str, &str)]) -> String {
    let sandbox = Sandbox::real();
    for step in sandbox.course().steps() {
        let name = format!("{}.rs", step.name);
        sandbox.write(
            &format!("steps/{name}"),
            sandbox.read(&format!("solutions/{name}")),
        );
    }
    for (name, from, to) in edits {
        let file = format!("steps/{name}.rs");
        let text = sandbox.read(&file);
        assert_eq!(text.matches(from).count(), 1, "{from}");
        sandbox.write(&file, text.replace(from, to));
    }
    sandbox.tutor(&["trace", step]).stdout
}

/// The ids with this mark in the list of earlier steps.
fn marked(shown: &str, mark: &str) -> Vec<String> {
    let lines = shown.lines().filter_map(|line| line.strip_prefix("  "));
    let marked = lines.filter_map(|line| line.strip_prefix(mark)?.strip_prefix(" s"));
    marked.map(|line| format!("s{}", &line[..2])).collect()
}

/// A function of an own step that another own one uses.
const HELPER: (&str, &str, &str) = (
    "s04_mlp",
    "/// Two projections",
    "/// A helper.\npub fn root(x: f64) -> f64 {\n    x.sqrt()\n}\n\n/// Two projections",
);
const HELPED: (&str, &str, &str) = (
    "s07_attention",
    "(head_dim as f64).sqrt()",
    "crate::s04_mlp::root(head_dim as f64)",
);
const WIDER: (&str, &str, &str) = (
    "s03_layer_norm",
    "square().mean_dim(-1)",
    "square().mean_dim(-1) * 1.1",
);

#[test]
fn a_helper_across_steps_is_not_to_blame() {
    let shown = traced("s09", &[WIDER, HELPER, HELPED]);
    assert_eq!(marked(&shown, "✗"), ["s03"], "{shown}");
    assert!(
        shown.contains("To blame: your own s03. Next: `tutor run s03`"),
        "{shown}"
    );
    let departs = shown.lines().find(|line| line.contains("departs here"));
    assert!(departs.is_some_and(|line| line.contains("ln_1")), "{shown}");
}

#[test]
fn several_steps_are_to_blame_at_once() {
    if is_left_out() {
        return;
    }
    // Through a helper that is wrong itself, s07 is only wrong on the learner's own s04.
    let wrong = ("s04_mlp", "x.sqrt()", "x");
    let minus = (
        "s08_residual",
        "x + sublayer(normalised)",
        "x - sublayer(normalised)",
    );
    let shown = traced("s09", &[HELPER, wrong, HELPED, minus]);
    assert_eq!(marked(&shown, "✗"), ["s07", "s08"], "{shown}");
    assert!(shown.contains("Next: `tutor run s07 --mine`"), "{shown}");
}

/// In the learner's own crate it compiles, and so it does here.
#[test]
fn what_only_the_own_crate_sees_is_not_in_the_way() {
    if is_left_out() {
        return;
    }
    let private = ("s04_mlp", "pub fn root", "pub(crate) fn root");
    let shown = traced("s09", &[HELPER, private, HELPED, WIDER]);
    assert_eq!(marked(&shown, "✗"), ["s03"], "{shown}");
    assert!(shown.contains("To blame: your own s03"), "{shown}");
}

#[test]
fn what_the_step_does_not_use_does_not_depart() {
    if is_left_out() {
        return;
    }
    let sandbox = Sandbox::real();
    for step in sandbox.course().steps() {
        let name = format!("{}.rs", step.name);
        sandbox.write(
            &format!("steps/{name}"),
            sandbox.read(&format!("solutions/{name}")),
        );
    }
    // Both halves, without `residual`.
    sandbox.write(
        "steps/s09_block.rs",
        sandbox.read("checks/s09_block/variants/written_out.rs"),
    );
    sandbox.write(
        "steps/s08_residual.rs",
        sandbox.read("checks/s08_residual/skeleton.rs"),
    );
    let done = sandbox.tutor(&["trace", "s09"]);
    assert_eq!(done.code, 0, "{}", done.stdout);
    assert!(!done.stdout.contains("departs"), "{}", done.stdout);
    assert!(
        done.stdout.contains("there is nothing to trace"),
        "{}",
        done.stdout
    );
    assert_eq!(marked(&done.stdout, "·"), ["s08"], "{}", done.stdout);
    assert!(done.stdout.contains("s09 does not"), "{}", done.stdout);
}

#[test]
fn a_step_whose_own_check_sees_nothing_is_set_beside_the_reference() {
    let sandbox = Sandbox::small();
    sandbox.write("steps/s02_twice.rs", sandbox.read("solutions/s02_twice.rs"));
    // Right the first time it is called, which is all that its own check asks for.
    let text = sandbox.read("solutions/s01_scale.rs");
    let body = "static CALLS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);\n        \
                let calls = CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);\n        \
                x * self.weight.val().unsqueeze() * (1 + calls)";
    sandbox.write(
        "steps/s01_scale.rs",
        text.replace("x * self.weight.val().unsqueeze()", body),
    );
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 0);
    let shown = sandbox.tutor(&["trace", "s02"]).stdout;
    assert!(
        shown.contains("To blame: your own s01. s01 passes its own check"),
        "{shown}"
    );
    assert!(shown.contains("`tutor diff s01`"), "{shown}");
}
