//! Around the wall: where course, submissions and results lie, and what names and texts of others can do
//! to those who read them.

use std::fs;

use crate::support::Done;
use crate::support::class::{Class, student, timeless};

#[test]
fn a_course_and_what_it_judges_lie_apart() {
    let class = Class::usual();
    // A student's clone with a course in it, typed from inside, from around, and the other way round.
    let root = class.sandbox.path().to_owned();
    let around = root.parent().expect("it is in a folder").to_owned();
    let inside = root.join("submissions");
    fs::create_dir(&inside).expect("it is new");
    for folder in [&root, &around, &inside] {
        for single in [&["--single"][..], &[]] {
            let mut command = class.sandbox.command(&["grade", "--out"]);
            command.arg(class.out("apart")).arg(folder).args(single);
            let done = Done::from(command.output().expect("tutor can be started"));
            assert_eq!(done.code, 2, "{done:?}");
            assert!(done.stderr.contains("the course is"), "{done:?}");
        }
    }
    assert!(!class.out("apart").exists());
    let done = class.grade("grades", &["--steps", "s02"]);
    let told = format!("Course: {}", root.display());
    assert!(done.stderr.contains(&told), "{done:?}");
}

#[test]
fn whoever_hands_in_a_log_is_graded_and_where_results_go_is_nobodys() {
    let class = Class::usual();
    class.hand_in("bob/grades.jsonl", "{\"version\":1}\n");
    let out = class.submissions().join("grades");
    for more in [&[][..], &["--resume"]] {
        let mut command = class.sandbox.command(&["grade", "--steps", "s02", "--out"]);
        command.arg(&out).arg(class.submissions()).args(more);
        let done = Done::from(command.output().expect("tutor can be started"));
        assert_eq!(done.code, 0, "{done:?}");
        let text = fs::read(out.join("results.json")).expect("there are results");
        let results: serde_json::Value = serde_json::from_slice(&text).expect("they are JSON");
        assert_eq!(student(&results, "bob")["score"], 2);
        assert_eq!(results["students"].as_array().map(Vec::len), Some(4));
    }
}

#[test]
fn results_go_into_nobodys_submission_and_replace_no_other_class() {
    let class = Class::usual();
    let file = class.out("a file");
    fs::write(&file, "x").expect("it can be written");
    let graded = |out: &std::path::Path, more: &[&str]| {
        let mut command = class.sandbox.command(&["grade", "--steps", "s02", "--out"]);
        command.arg(out).args(more);
        Done::from(command.output().expect("tutor can be started"))
    };
    let submissions = class.submissions();
    let folder = submissions.display().to_string();
    for (out, why) in [
        (submissions.join("ann"), "lies in a submission"),
        (submissions.join("bob/steps/new"), "lies in a submission"),
        (submissions.clone(), "is what is to be graded"),
        (file, "is a file"),
    ] {
        let done = graded(&out, &[&folder]);
        assert_eq!(done.code, 2, "{done:?}");
        assert!(done.stderr.contains(why), "{done:?}");
        assert!(done.stderr.contains("with `--out FOLDER`"), "{done:?}");
    }
    assert!(
        !submissions.join("grades.jsonl").exists() && !submissions.join("ann/sources").exists()
    );

    let done = class.grade("grades", &["--steps", "s02", "--seed", "5"]);
    assert_eq!(done.code, 0, "{done:?}");
    let results = class.results("grades");
    let one = submissions.join("ann").join("s02_twice.rs");
    let other = class.out("other");
    for who in ["eve", "flo"] {
        fs::create_dir_all(other.join(who)).expect("it can be made");
        fs::copy(&one, other.join(who).join("s02_twice.rs")).expect("it can be copied");
    }
    let other = other.display().to_string();
    let done = graded(&class.out("grades"), &["--seed", "5", "--resume", &other]);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.stderr.contains("none of them is here"), "{done:?}");
    assert_eq!(class.results("grades"), results);
}

#[cfg(unix)]
#[test]
fn results_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let class = Class::usual();
    class.graded(&[
        "--steps",
        "s02",
        "--formats",
        "json,csv,junit,html,gradescope",
    ]);
    let mode = |name: &str| {
        let data = fs::metadata(class.out("grades").join(name)).expect("it is there");
        data.permissions().mode() & 0o777
    };
    assert_eq!(mode("."), 0o700);
    for file in [
        "grades.jsonl",
        "results.json",
        "grades.csv",
        "report.html",
        "alike.json",
    ] {
        assert_eq!(mode(file), 0o600, "{file}");
    }
}

#[test]
fn names_do_nothing_where_they_are_shown() {
    let class = Class::new();
    let solution = class.sandbox.read("solutions/s01_scale.rs");
    let names = [
        "::set-output name=a::b",
        " ::error::x",
        "##vso[task.complete]",
        "x##[error]",
        "a\u{202e}b",
        "a\u{200b}c\u{feff}",
        "\u{1b}[31mred\u{9b}0m",
        "two\nlines",
    ];
    for (place, name) in names.iter().enumerate() {
        // The same text for all of them, and so pairs; and an error with what they said.
        class.hand_in(&format!("{name}/s01_scale.rs"), &solution);
        let says = format!(
            "panic!(\"\\u{{202e}}\\u{{200b}}\\n::error:: {place}\");\n        assert!(rows <= 4"
        );
        let wrong = solution.replace("assert!(rows <= 4", &says);
        class.hand_in(&format!("{place}/s01_scale.rs"), &wrong);
    }
    let formats = "json,csv,junit,html,gradescope";
    let done = class.grade("grades", &["--steps", "s01", "--formats", formats]);
    assert_eq!(done.code, 0, "{done:?}");
    let is_harmful = |c: char| c != '\n' && tutor::text::is_deceptive(c);
    for line in done.stdout.lines().chain(done.stderr.lines()) {
        let is_command = line.trim_start().starts_with("::")
            || ["##[", "##vso["]
                .iter()
                .any(|command| line.contains(command));
        assert!(!is_command && !line.contains(is_harmful), "{line:?}");
    }
    let mut read = 0;
    for (file, text) in timeless(&class.out("grades")) {
        // What was handed in is kept as it is.
        if file.starts_with("sources") {
            continue;
        }
        let text = text.replace("\r\n", "\n");
        let harmful = text.lines().find(|line| line.contains(is_harmful));
        assert_eq!(harmful, None, "{file}");
        read += 1;
    }
    assert!(read > 5 + 2 * names.len(), "{read}");
    let again = class.out("grades").display().to_string();
    for place in ["0", "::set-output name=a::b"] {
        let done = class
            .sandbox
            .tutor(&["grade", "--again", place, "--out", &again]);
        assert_eq!(done.code, 0, "{done:?}");
        let commands = done
            .stdout
            .lines()
            .filter(|line| line.trim_start().starts_with("::"));
        assert_eq!(commands.count(), 0, "{done:?}");
        assert!(!done.stdout.contains(is_harmful), "{done:?}");
    }
}
