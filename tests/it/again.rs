//! A verdict had once more; and what is said of code that runs without a wall.

use std::fs;
use std::path::Path;

use crate::support::class::{Class, student};
use crate::support::{Done, Sandbox};

fn again(class: &Class, who: &str) -> Done {
    let out = class.out("grades").display().to_string();
    class
        .sandbox
        .tutor(&["grade", "--again", who, "--out", &out])
}

/// The text of a student's first step in the results.
fn text(class: &Class, who: &str) -> String {
    let results = class.results("grades");
    let text = student(&results, who)["steps"][0]["text"].as_str();
    text.expect("a text").trim_end().to_owned()
}

#[test]
fn a_verdict_is_the_same_again_to_the_letter() {
    let class = Class::usual();
    let scale = class.sandbox.read("solutions/s01_scale.rs");
    // It tells whether there is a wall.
    let looks = scale.replace(
        "        x * self",
        "        println!(\"outside: {:?}\", std::fs::read(\"/etc/passwd\").is_ok());\n        x * 3.0 * self",
    );
    assert_ne!(looks, scale);
    class.hand_in("eve/s01_scale.rs", &looks);
    class.hand_in("f:g/s01_scale.rs", &scale);
    class.graded(&[]);
    for who in ["ann", "bob", "cyd", "eve"] {
        for whole in [who.to_owned(), format!("{who}:s01")] {
            let done = again(&class, &whole);
            assert_eq!(done.code, 0, "{done:?}");
            assert!(done.stdout.contains(&text(&class, who)), "{done:?}");
            assert!(done.stdout.contains("This is what the results say."));
            assert_eq!(
                done.stdout.contains("s02: "),
                whole == who && who != "eve",
                "{done:?}"
            );
        }
    }
    assert!(text(&class, "eve").contains("outside: false"));
    // A name may hold a colon, with a step behind it or without.
    for who in ["f:g", "f:g:s01"] {
        assert_eq!(again(&class, who).code, 0, "{who}");
    }
}

#[test]
fn a_verdict_on_own_steps_is_the_same_again() {
    let class = Class::usual();
    class.graded(&["--mine"]);
    let done = again(&class, "bob:s02");
    assert_eq!(done.code, 0, "{done:?}");
    let results = class.results("grades");
    let text = student(&results, "bob")["steps"][1]["text"]
        .as_str()
        .expect("a text");
    assert!(done.stdout.contains(text.trim_end()), "{done:?}");
}

#[test]
fn results_that_say_otherwise_are_told() {
    let class = Class::usual();
    class.graded(&[]);
    let log = class.out("grades").join("grades.jsonl");
    let lines = fs::read_to_string(&log).expect("it is there");
    let forged = lines.replace("\"verdict\":\"wrong_values\"", "\"verdict\":\"passed\"");
    assert_ne!(forged, lines);
    fs::write(&log, forged).expect("it can be written");
    let done = again(&class, "bob:s01");
    assert_eq!(done.code, 1, "{done:?}");
    assert!(
        done.stdout.contains("The results say otherwise"),
        "{done:?}"
    );
}

#[test]
fn what_is_not_on_record_is_told() {
    let class = Class::usual();
    class.graded(&["--steps", "s01"]);
    for (who, word) in [
        ("nobody", "nobody"),
        ("ann:s99", "s99"),
        ("ann:s02", "no text"),
        ("dee:s02", "no text"),
    ] {
        let done = again(&class, who);
        assert_eq!(done.code, 2, "{who}: {done:?}");
        assert!(done.stderr.contains(word), "{who}: {done:?}");
    }
    class.sandbox.write("checks/s01_scale/mistakes.toml", "");
    let done = again(&class, "ann");
    assert_eq!(done.code, 2, "{done:?}");
    assert!(
        done.stderr.contains("another version of the course"),
        "{done:?}"
    );
}

fn run(sandbox: &Sandbox, file: &Path) -> Done {
    sandbox.tutor(&["run", "s01", "--file", &file.display().to_string()])
}

#[test]
fn a_file_from_elsewhere_runs_with_a_warning() {
    let sandbox = Sandbox::small();
    let elsewhere = tempfile::tempdir().expect("a folder for tests");
    let theirs = elsewhere.path().join("theirs.rs");
    fs::write(&theirs, sandbox.read("solutions/s01_scale.rs")).expect("it can be written");
    let done = run(&sandbox, &theirs);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stderr.contains("nothing in its way"), "{done:?}");
    let own = run(&sandbox, &sandbox.path().join("solutions/s01_scale.rs"));
    assert!(!own.stderr.contains("nothing in its way"), "{own:?}");
}

#[test]
fn what_grade_refuses_run_says_beforehand() {
    let class = Class::new();
    let scale = class.sandbox.read("solutions/s01_scale.rs");
    let with_unsafe = format!(
        "{scale}\n#[allow(unsafe_code)]\npub fn zero() -> u8 {{\n    unsafe {{ std::mem::zeroed() }}\n}}\n"
    );
    class.sandbox.write("steps/s01_scale.rs", &with_unsafe);
    let line = with_unsafe.lines().count() - 1;
    let done = class.sandbox.tutor(&["run", "s01"]);
    assert_eq!(done.code, 0, "{done:?}");
    let told =
        format!("`tutor grade` refuses steps/s01_scale.rs:{line}: usage of an `unsafe` block");
    assert!(done.stdout.contains(&told), "{done:?}");
    class.sandbox.write("steps/s01_scale.rs", &scale);
    let done = class.sandbox.tutor(&["run", "s01"]);
    assert!(!done.stdout.contains("refuses"), "{done:?}");

    class.hand_in("ann/s01_scale.rs", &with_unsafe);
    let results = class.graded(&["--steps", "s01"]);
    let step = &student(&results, "ann")["steps"][0];
    assert_eq!(step["verdict"], "does_not_compile", "{step:#}");
}
