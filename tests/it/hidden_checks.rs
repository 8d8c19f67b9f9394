//! A teacher's own checks beside the course's, and what groups count.

use std::fs;

use serde_json::json;

use crate::support::class::{Class, student};

const CHECK: &str = r#"
use crate::s01_scale::{Scale, name};
use kit::Observer;

pub fn observe(o: &mut Observer) {
    o.group("five columns", |o| {
        let scale = o.filled(Scale::new(5, &o.device()));
        let x = o.floats("secret input", [2, 5]);
        o.tensor("output", scale.forward(x));
    });
    o.group("the name again", |o| o.text("name", name()));
}
"#;

/// Right for three columns, which is all that the public check looks at.
const SHORTCUT: (&str, &str) = (
    "x * self.weight",
    "x.clone() * (if x.dims()[1] == 3 { 1.0 } else { 2.0 }) * self.weight",
);

/// A class with somebody who takes a shortcut, and a hidden check; and the check's folder.
fn class() -> (Class, String) {
    let class = Class::usual();
    let scale = class.sandbox.read("solutions/s01_scale.rs");
    class.hand_in("eve/s01_scale.rs", &scale.replace(SHORTCUT.0, SHORTCUT.1));
    let folder = class.out("mine");
    write_check(&class, CHECK);
    (class, folder.display().to_string())
}

fn write_check(class: &Class, text: &str) {
    let folder = class.out("mine").join("s01_scale");
    fs::create_dir_all(&folder).expect("it can be made");
    fs::write(folder.join("check.rs"), text).expect("it can be written");
}

#[test]
fn a_shortcut_is_caught_and_what_caught_it_stays_hidden() {
    let (class, checks) = class();
    let weights = class.out("weights.toml");
    fs::write(&weights, "[s01]\n\"five columns\" = 2\n").expect("it can be written");
    let weights = weights.display().to_string();
    let formats = "junit,gradescope,csv,html,feedback";
    let options = [
        "--checks",
        &checks,
        "--weights",
        &weights,
        "--formats",
        formats,
    ];
    let results = class.graded(&options);
    let step = &results["steps"][0];
    assert_eq!(step["hidden"], json!(["five columns", "the name again"]));
    assert_eq!(step["weights"], json!([1, 1, 1, 1, 2, 1]));

    let ann = &student(&results, "ann")["steps"][0];
    assert_eq!(
        (&ann["score"], &ann["verdict"]),
        (&json!(4), &json!("passed"))
    );
    assert_eq!(ann["hidden"]["groups"], json!(["passed", "passed"]));
    let eve = &student(&results, "eve")["steps"][0];
    assert_eq!(eve["verdict"], "wrong_values");
    assert_eq!(
        eve["groups"],
        json!(["passed", "passed", "passed", "passed"])
    );
    assert_eq!(eve["hidden"]["groups"], json!(["failed", "passed"]));
    // Five of seven shares of four points.
    assert_eq!(eve["score"], json!(2.85));
    let text = eve["text"].as_str().expect("a text");
    assert!(
        text.contains("✗ hidden check 1 of 2\n  ✓ hidden check 2 of 2"),
        "{text}"
    );
    let first = "All that you can check yourself is right; a hidden check is not.\n  ✗ hidden";
    assert!(text.starts_with(first), "{text}");
    let cyd = &student(&results, "cyd")["steps"][0];
    assert_eq!(cyd["verdict"], "not_started");
    // The second step has no hidden check.
    assert!(results["steps"][1].get("hidden").is_none());

    let out = class.out("grades");
    let read = |name: &str| fs::read_to_string(out.join(name)).expect("it was written");
    assert!(read("report.html").contains("five columns"));
    for name in [
        "junit.xml",
        "gradescope/eve.json",
        "grades.csv",
        "feedback/eve.txt",
        "feedback/eve.html",
    ] {
        let text = read(name);
        assert!(
            name == "grades.csv" || text.contains("hidden check 1 of 2"),
            "{name}"
        );
        for secret in ["five columns", "the name again", "secret input"] {
            assert!(!text.contains(secret), "{name}: {secret}");
        }
    }

    // Grades by other checks do not go together.
    write_check(&class, &CHECK.replace("[2, 5]", "[3, 5]"));
    let done = class.grade("grades", &[&options[..], &["--resume"]].concat());
    assert_eq!(done.code, 2, "{done:?}");
    assert!(
        done.stderr.contains("other hidden checks"),
        "{}",
        done.stderr
    );
}

#[test]
fn what_is_wrong_with_a_hidden_check_is_told_before_anything_is_graded() {
    let (class, checks) = class();
    let said = |options: &[&str]| {
        let done = class.grade("other", options);
        assert_eq!(done.code, 2, "{done:?}");
        done.stderr
    };
    write_check(&class, &CHECK.replace("o.text(", "o.test("));
    let text = said(&["--checks", &checks]);
    assert!(text.contains("check.rs: it does not compile"), "{text}");
    write_check(&class, &CHECK.replace("[2, 5]", "[5, 5]"));
    let text = said(&["--checks", &checks]);
    assert!(text.contains("mine/s01_scale"), "{text}");
    fs::create_dir(class.out("mine").join("s07_none")).expect("it is new");
    let text = said(&["--checks", &checks]);
    assert!(text.contains("s07_none: no step has this name"), "{text}");
    let weights = class.out("weights.toml");
    fs::write(&weights, "[s01]\n\"the nane\" = 2\n").expect("it can be written");
    let text = said(&["--weights", &weights.display().to_string()]);
    assert!(
        text.contains("weights.toml:2: s01 has no group `the nane`"),
        "{text}"
    );
}
