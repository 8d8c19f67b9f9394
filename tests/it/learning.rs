//! Hints, experiments, progress and what a newer course changes.

mod after_a_pass;
mod beside_the_steps;
mod exercises;
mod experiments;
mod hints;

use std::fs;

use serde_json::Value;

use crate::support::{self, Sandbox};

fn forward(sandbox: &Sandbox, body: &str) {
    let text = sandbox.read("solutions/s01_scale.rs");
    let text = text.replace("x * self.weight.val().unsqueeze()", body);
    sandbox.write("steps/s01_scale.rs", text);
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 1);
}

fn listed(sandbox: &Sandbox) -> Value {
    let list = sandbox.tutor(&["list", "--format", "json"]).stdout;
    let list: Value = serde_json::from_str(&list).expect("JSON was asked for");
    list["steps"][0].clone()
}

#[test]
fn a_newer_course_says_what_it_changed_and_touches_nothing() {
    let sandbox = Sandbox::small();
    let solution = sandbox.read("solutions/s01_scale.rs");
    sandbox.write("steps/s01_scale.rs", &solution);
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 0);
    assert!(!sandbox.tutor(&["list"]).stdout.contains("Changed"));
    let check = sandbox.read("checks/s01_scale/check.rs");
    sandbox.write(
        "checks/s01_scale/check.rs",
        format!("{check}\n// stricter\n"),
    );
    let list = sandbox.tutor(&["list"]).stdout;
    assert!(list.contains("Changed since you passed: s01"), "{list}");
    assert_eq!(listed(&sandbox)["changed_since_passed"], true);
    assert_eq!(sandbox.read("steps/s01_scale.rs"), solution);
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 0);
    assert!(!sandbox.tutor(&["list"]).stdout.contains("Changed"));
}

/// The time on each step, and whether its file was edited since it was judged.
fn steps(sandbox: &Sandbox) -> Vec<(u64, bool)> {
    let list = sandbox.tutor(&["list", "--format", "json"]).stdout;
    let list: Value = serde_json::from_str(&list).expect("it is JSON");
    let steps = list["steps"].as_array().expect("they are listed");
    steps
        .iter()
        .map(|step| {
            let seconds = step["seconds"].as_u64().expect("a number");
            (seconds, step["edited_since_verdict"] == true)
        })
        .collect()
}

#[test]
fn an_edit_after_the_verdict_is_seen() {
    let sandbox = Sandbox::small();
    for step in ["s01_scale", "s02_twice"] {
        sandbox.solve(step);
    }
    sandbox.tutor(&["run", "s01"]);
    let text = sandbox.read("steps/s01_scale.rs");
    sandbox.write("steps/s01_scale.rs", text.clone() + "// edited\n");
    assert!(steps(&sandbox)[0].1);
    let list = sandbox.tutor(&["list"]).stdout;
    assert!(list.contains("edited since, 1 run"), "{list}");
    assert!(
        list.contains("`tutor run s01` says whether it still passes"),
        "{list}"
    );
    // A look back does not stop the way forward.
    let next = sandbox.tutor(&["next"]).stdout;
    assert!(
        next.starts_with("s02") && next.contains("Edited since the pass: s01"),
        "{next}"
    );
    // But it is no end of the course either.
    sandbox.tutor(&["run", "s02"]);
    let next = sandbox.tutor(&["next"]).stdout;
    assert!(
        next.starts_with("s01") && next.contains("you have edited"),
        "{next}"
    );
    // Other line ends are no edit, and neither is one that was taken back.
    sandbox.write("steps/s01_scale.rs", text.replace('\n', "\r\n"));
    assert!(!steps(&sandbox)[0].1);
}

#[test]
fn the_time_of_a_step_is_the_time_at_work_on_it() {
    let sandbox = Sandbox::small();
    let later = |seconds: u64| {
        let text = sandbox.read(".tutor/progress.json");
        let mut progress: Value = serde_json::from_str(&text).expect("it is JSON");
        for step in progress["steps"]
            .as_object_mut()
            .expect("a table")
            .values_mut()
        {
            let last = step["last_run"].as_u64().expect("a number");
            step["last_run"] = (last - seconds).into();
        }
        sandbox.write(".tutor/progress.json", progress.to_string());
    };
    let near = |seconds: u64, expected: u64| {
        assert!(
            (expected..expected + 60).contains(&seconds),
            "{seconds}, not {expected}"
        );
    };
    sandbox.tutor(&["run", "all"]);
    later(125);
    sandbox.tutor(&["run", "all"]);
    for (seconds, _) in steps(&sandbox) {
        assert!(seconds < 60, "nothing was worked on: {seconds} s");
    }
    later(125);
    sandbox.solve("s02_twice");
    sandbox.tutor(&["run", "all"]);
    near(steps(&sandbox)[0].0, 0);
    near(steps(&sandbox)[1].0, 125);
    later(125);
    sandbox.tutor(&["run", "s01"]);
    near(steps(&sandbox)[0].0, 125);
    near(steps(&sandbox)[1].0, 125);
}

#[test]
fn a_lesson_is_plain_in_a_pipe_and_set_where_there_are_colours() {
    let sandbox = Sandbox::small();
    fs::create_dir_all(sandbox.path().join("lessons/s01_scale")).expect("it is new");
    let lesson =
        "# Scale\n\nSome `code`.\n\n<details><summary>Answer</summary>\n\nSecret.\n\n</details>\n";
    sandbox.write("lessons/s01_scale/lesson.md", lesson);
    assert_eq!(sandbox.tutor(&["show", "lesson", "s01"]).stdout, lesson);
    let set = |args: &[&str]| {
        let output = sandbox.command(args).env("CLICOLOR_FORCE", "1").output();
        support::Done::from(output.expect("tutor can be started")).stdout
    };
    let folded = set(&["show", "lesson", "s01"]);
    assert!(
        folded.contains('\x1b') && !folded.contains("Secret"),
        "{folded}"
    );
    assert!(set(&["show", "lesson", "s01", "--answers"]).contains("Secret"));
    let missing = sandbox.tutor(&["show", "lesson", "s02"]);
    assert!(
        missing.stdout.contains("There is no lesson for s02 yet"),
        "{missing:?}"
    );
}

#[test]
fn watching_needs_a_terminal() {
    let sandbox = Sandbox::small();
    let done = sandbox.tutor(&["watch"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("tutor run"), "{}", done.stderr);
    // Without a command, a pipe gets the list.
    assert!(sandbox.tutor(&[]).stdout.contains("0 of 2 steps pass"));
}
