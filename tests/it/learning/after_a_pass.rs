//! What there is to do with a step that passes.

use std::fs;

use crate::support::Sandbox;

#[test]
fn other_right_ways_and_advice_are_offered() {
    let sandbox = Sandbox::real();
    let lesson = sandbox.path().join("lessons/s02_causal_mask/experiments");
    fs::create_dir_all(lesson).expect("it is new");
    sandbox.write(
        "lessons/s02_causal_mask/experiments/rows.rs",
        "//! Rows\n//!\n//! What is in a row?\n",
    );
    let variant = sandbox.read("checks/s02_causal_mask/variants/logarithm.rs");
    let advised =
        "\n/// Its length.\npub fn length(v: &[f32]) -> usize {\n    return v.len();\n}\n";
    sandbox.write("steps/s02_causal_mask.rs", format!("{variant}{advised}"));
    let passed = sandbox.tutor(&["run", "s02"]);
    assert_eq!(passed.code, 0, "{passed:?}");
    for offer in [
        "tutor try s02 rows",
        "tutor show variants s02",
        "tutor clippy s02",
    ] {
        assert!(passed.stdout.contains(offer), "{offer}: {}", passed.stdout);
    }
    let clippy = sandbox.tutor(&["clippy", "s02"]);
    assert_eq!(clippy.code, 0, "{clippy:?}");
    assert!(clippy.stdout.contains("unneeded `return`"), "{clippy:?}");
    assert!(!clippy.stdout.contains("-W clippy::all"), "{clippy:?}");

    let list = sandbox.tutor(&["show", "variants", "s02"]).stdout;
    assert!(list.contains("\nlogarithm\n  "), "{list}");
    let shown = sandbox.tutor(&["show", "variants", "s02", "logarithm"]);
    assert_eq!(shown.stdout, variant);
    let unknown = sandbox.tutor(&["show", "variants", "s02", "logarithms"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("`logarithm`"), "{unknown:?}");
}

#[test]
fn advice_needs_a_step_that_compiles() {
    let sandbox = Sandbox::small();
    sandbox.write("steps/s01_scale.rs", "fn nothing_closes_this() {\n");
    let done = sandbox.tutor(&["clippy", "s01"]);
    assert_eq!(done.code, 1);
    assert!(done.stdout.contains("unclosed delimiter"), "{done:?}");
    assert!(done.stdout.contains("then `tutor clippy s01`"), "{done:?}");
}
