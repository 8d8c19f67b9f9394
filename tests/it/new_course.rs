//! `tutor course new`: a course that has nothing to do with the one beside it, with a kit of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Done, copy};

/// A course in a folder of its own, begun by `tutor course new`.
struct New {
    folder: TempDir,
}

impl New {
    fn begun(options: &[&str]) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder for tests");
        let new = Self { folder };
        let mut args = vec!["course", "new", "course"];
        args.extend(options);
        let done = New::tutor_in(new.folder.path(), &args);
        assert_eq!(done.code, 0, "{done:?}");
        new
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("course")
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("files have folders")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("it is there")
    }

    /// Writes `name` with the only `old` in it replaced.
    fn edit(&self, name: &str, old: &str, new: &str) {
        let text = self.read(name);
        assert_eq!(text.matches(old).count(), 1, "{name}: {old}");
        self.write(name, &text.replace(old, new));
    }

    fn tutor(&self, args: &[&str]) -> Done {
        Self::tutor_in(&self.path(), args)
    }

    fn tutor_in(folder: &Path, args: &[&str]) -> Done {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tutor"));
        command.args(args).current_dir(folder);
        for variable in ["CARGO_TARGET_DIR", "NO_COLOR", "CLICOLOR_FORCE"] {
            command.env_remove(variable);
        }
        command.output().expect("tutor can be started").into()
    }

    /// The first result of `tutor run … --format json`.
    fn judged(&self, args: &[&str]) -> Value {
        let done = self.tutor(&[&["run"], args, &["--format", "json"]].concat());
        let value: Value = serde_json::from_str(&done.stdout)
            .unwrap_or_else(|e| panic!("no JSON ({e}): {done:?}"));
        value["results"][0].clone()
    }
}

/// A crate of the course's own: rules for numerical integration.
const RULES: &str = "
//! Rules for numerical integration.

/// What a rule evaluates: places in 0..=1, each with its weight.
pub struct Rule(pub Vec<(f64, f64)>);

/// Simpson's rule.
pub fn simpson() -> Rule {
    Rule(vec![(0.0, 1.0 / 6.0), (0.5, 4.0 / 6.0), (1.0, 1.0 / 6.0)])
}
";

const INTEGRAL: &str = "
//! Integrals by a rule.

use rules::Rule;

/// The integral of `f` from `a` to `b`.
pub fn integral(rule: &Rule, f: impl Fn(f64) -> f64, a: f64, b: f64) -> f64 {
    let sum: f64 = rule.0.iter().map(|(at, weight)| weight * f(a + (b - a) * at)).sum();
    sum * (b - a)
}
";

const CHECK: &str = "
//! Observes an integral.

use crate::s02_integral::integral;
use kit::Observer;

/// A cubic, which Simpson's rule is exact for, and one that it is not.
pub fn observe(o: &mut Observer) {
    let bounds = o.reals(\"bounds\", 1.0, 2.0, 2);
    let (a, b) = (-bounds[0], bounds[1]);
    let rule = rules::simpson();
    o.group(\"a cubic\", |o| o.number(\"integral\", integral(&rule, |x| x * x * x - x, a, b)));
    o.group(\"a sine\", |o| o.number(\"integral\", integral(&rule, f64::sin, a, b)));
}
";

const MISTAKES: &str = "
[[mistake]]
id = \"unscaled\"
what = \"forgets how long the interval is\"
nudge = \"What is the integral of 1 from 0 to 2?\"

[[mistake.edit]]
find = \"sum * (b - a)\"
replace = \"sum\"
";

const ROW: &str = "
[[part.step]]
id = \"s02\"
file = \"s02_integral\"
title = \"An integral\"
points = 5
";

/// Adds a second step, which uses a crate of the course's own.
fn with_a_second_step(new: &New) {
    new.write(
        "kit/rules/Cargo.toml",
        "[package]\nname = \"rules\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    );
    new.write("kit/rules/src/lib.rs", RULES);
    let manifest = new.read("kit/Cargo.toml");
    new.write(
        "kit/Cargo.toml",
        &(manifest + "rules = { path = \"rules\" }\n"),
    );
    let lib = new.read("kit/src/lib.rs");
    new.write("kit/src/lib.rs", &(lib + "use rules as _;\n"));
    new.edit("course.toml", "crates = []", "crates = [\"rules\"]");
    new.write("course.toml", &(new.read("course.toml") + ROW));
    let body = INTEGRAL.find("    let sum").expect("it is there");
    let skeleton = format!("{}    todo!()\n}}\n", &INTEGRAL[..body]);
    new.write("solutions/s02_integral.rs", INTEGRAL);
    new.write("steps/s02_integral.rs", &skeleton);
    new.write("checks/s02_integral/skeleton.rs", &skeleton);
    new.write("checks/s02_integral/check.rs", CHECK);
    new.write("checks/s02_integral/mistakes.toml", MISTAKES);
}

#[test]
fn a_new_course_is_run_hinted_at_and_graded() {
    let new = New::begun(&["--title", "Calculus"]);
    assert!(new.tutor(&["list"]).stdout.contains("The mean"));

    // The kit is built by the first verdict.
    assert_eq!(new.judged(&["s01"])["verdict"], "not_started");
    with_a_second_step(&new);
    assert_eq!(new.judged(&["s02"])["verdict"], "not_started");
    for (step, wrong, named) in [
        ("s01_mean", (" / numbers.len() as f64", ""), "sum"),
        ("s02_integral", ("sum * (b - a)", "sum"), "unscaled"),
    ] {
        let id = &step[..3];
        let solution = new.read(&format!("solutions/{step}.rs"));
        new.write(&format!("steps/{step}.rs"), &solution);
        assert_eq!(new.judged(&[id])["verdict"], "passed", "{id}");
        new.write(
            &format!("steps/{step}.rs"),
            &solution.replace(wrong.0, wrong.1),
        );
        let judged = new.judged(&[id]);
        assert_eq!(judged["verdict"], "wrong_values", "{judged:#}");
        assert_eq!(judged["diagnosis"][0]["id"], named, "{judged:#}");
    }
    let variant = "checks/s01_mean/variants/one_by_one.rs";
    assert_eq!(new.judged(&["s01", "--file", variant])["verdict"], "passed");

    let hint = new.tutor(&["hint", "s01"]);
    assert!(hint.stdout.contains("the sum of all numbers"), "{hint:?}");
    let tried = new.tutor(&["try", "s01", "outlier", "--solution"]);
    let expected = new.read("lessons/s01_mean/experiments/outlier.txt");
    assert!(tried.stdout.ends_with(&expected), "{tried:?}");
    let lesson = new.tutor(&["show", "lesson", "s01"]);
    assert_eq!(lesson.stdout, new.read("lessons/s01_mean/lesson.md"));

    let place = tempfile::tempdir().expect("a folder for tests");
    copy(&new.path().join("steps"), &place.path().join("alice"));
    let class = place.path().display().to_string();
    let graded = new.tutor(&["grade", &class, "--no-sandbox", "--seed", "1"]);
    assert_eq!(graded.code, 0, "{graded:?}");
    let results: Value =
        serde_json::from_str(&new.read("grades/results.json")).expect("it is JSON");
    let alice = &results["students"][0];
    assert_eq!(
        alice["steps"].as_array().map(Vec::len),
        Some(2),
        "{alice:#}"
    );

    fs::remove_dir_all(new.path().join("lessons")).expect("it is there");
    for (args, says) in [
        (vec!["show", "lesson", "s01"], "There is no lesson for s01"),
        (vec!["show", "hint", "s01"], "0 hints"),
        (vec!["hint", "s01"], "There are no hints for s01"),
        (vec!["try", "s01"], "There are no experiments for s01"),
        (vec!["try", "s01", "x"], "no experiment called `x`"),
        (vec!["list"], "The mean"),
        (vec!["run", "s01"], "wrong"),
    ] {
        let done = new.tutor(&args);
        let said = format!("{}{}", done.stdout, done.stderr);
        assert!(said.contains(says), "{args:?}: {said}");
        assert!(done.code < 3, "{args:?}: {done:?}");
    }
}

#[test]
fn a_kit_that_cannot_be_had_is_told_with_its_place() {
    let new = New::begun(&[]);
    let says = |words: &[&str]| {
        let done = new.tutor(&["run", "s01"]);
        assert!(done.code == 2 || done.code == 3, "{done:?}");
        for word in words {
            assert!(done.stderr.contains(word), "{word}: {done:?}");
        }
    };
    new.edit("course.toml", "path = \"kit\"", "path = \"gone\"");
    says(&["course.toml:13:8", "there is no folder"]);
    new.edit("course.toml", "path = \"gone\"", "path = \"steps/..\"");
    says(&["course.toml:13:8", "describes no `[package]`"]);
    new.edit("course.toml", "path = \"steps/..\"", "path = \"lessons\"");
    says(&["course.toml:13:8", "there is no package in"]);
    new.edit("course.toml", "path = \"lessons\"", "path = \"kit\"");

    let lib = new.read("kit/src/lib.rs");
    new.write(
        "kit/src/lib.rs",
        &(lib.clone() + "\nfn f() -> u8 { \"\" }\n"),
    );
    says(&["error[E0308]", "build.log"]);
    assert!(new.read("target/tutor/build.log").contains("E0308"));
    new.write("kit/src/lib.rs", &lib);

    new.edit(
        "course.toml",
        "crates = []",
        "crates = [\"serde\", \"observer\"]",
    );
    says(&[
        "course.toml:14:11",
        "does not depend on a crate `serde` itself",
    ]);
    new.edit("course.toml", "\"serde\", ", "");
    assert_eq!(new.judged(&["s01"])["verdict"], "not_started");
}

#[test]
fn two_courses_share_a_kit() {
    let first = New::begun(&[]);
    let second = first.folder.path().join("second");
    let done = New::tutor_in(
        first.folder.path(),
        &["course", "new", "second", "--kit", "course/kit"],
    );
    assert_eq!(done.code, 0, "{done:?}");
    assert!(!second.join("kit").exists());
    let solution = second.join("solutions/s01_mean.rs");
    fs::copy(solution, second.join("steps/s01_mean.rs")).expect("it is there");
    assert_eq!(New::tutor_in(&second, &["run", "s01"]).code, 0);
    let built = || {
        let note: Value =
            serde_json::from_str(&first.read("target/tutor/kit.json")).expect("it is JSON");
        (note["id"].clone(), note["library"]["modified"].clone())
    };
    let before = built();
    assert_eq!(first.judged(&["s01"])["verdict"], "not_started");
    assert_eq!(built(), before, "it was there already");
}

#[test]
fn what_is_there_is_not_written_over() {
    let new = New::begun(&[]);
    let before = new.read("course.toml");
    let parent = new.folder.path();
    for (args, says) in [
        (&["course", "new", "course"][..], "`course` is not empty"),
        (&["course", "new", "course/course.toml"], "is not a folder"),
        (
            &["course", "new", "x", "--with", "a b"],
            "`a b` is no crate",
        ),
        (
            &["course", "new", "x", "--kit", "gone"],
            "there is no kit in `gone`",
        ),
    ] {
        let done = New::tutor_in(parent, args);
        assert_eq!(done.code, 2, "{done:?}");
        assert!(done.stderr.contains(says), "{done:?}");
    }
    assert_eq!(new.read("course.toml"), before);
    assert!(!parent.join("x").exists());
}
