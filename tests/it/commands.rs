//! The commands around the verdicts: progress, names, pipes, and courses that are broken.

use std::fs;
use std::io::Read;
use std::process::Stdio;
use std::thread;

use serde_json::Value;

use crate::support::{self, Sandbox};

#[test]
fn progress_leads_from_step_to_step() {
    let sandbox = Sandbox::small();
    assert!(sandbox.tutor(&["next"]).stdout.contains("s01 Scale"));
    sandbox.solve("s01_scale");
    // Without a name: the step to do now.
    let done = sandbox.tutor(&["run"]);
    assert!(done.stdout.contains("s01 Scale: passed"), "{}", done.stdout);
    assert!(sandbox.tutor(&["next"]).stdout.contains("s02 Twice"));
    let list = sandbox.tutor(&["list"]).stdout;
    assert!(list.contains("1 of 2 steps pass"), "{list}");
    sandbox.solve("s02_twice");
    let done = sandbox.tutor(&["run", "all"]);
    assert!(done.stdout.contains("2 of 2 steps pass"), "{}", done.stdout);
    assert_eq!(done.code, 0);
    assert!(
        sandbox
            .tutor(&["next"])
            .stdout
            .contains("You have written a scale")
    );
}

#[test]
fn another_file_is_judged_without_touching_progress() {
    let sandbox = Sandbox::small();
    let done = sandbox.tutor(&["run", "s01", "--file", "solutions/s01_scale.rs"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        sandbox
            .tutor(&["list"])
            .stdout
            .contains("0 of 2 steps pass")
    );
    let done = sandbox.tutor(&["run", "s01", "--file", "no/such.rs"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("no/such.rs"), "{}", done.stderr);
    assert_eq!(
        sandbox
            .tutor(&["run", "all", "--file", "solutions/s01_scale.rs"])
            .code,
        2
    );
}

/// Standard input can be read once only, by whatever name.
#[cfg(unix)]
#[test]
fn a_step_comes_through_a_pipe() {
    let sandbox = Sandbox::small();
    let solution = sandbox.path().join("solutions/s01_scale.rs");
    for (input, file) in [("cat", "/dev/stdin"), ("cat", "/dev/fd/0")] {
        let mut source = std::process::Command::new(input)
            .arg(&solution)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it can be started");
        let output = sandbox
            .command(&["run", "s01", "--file", file])
            .stdin(source.stdout.take().expect("it is piped"))
            .output()
            .expect("tutor can be started");
        source.wait().expect("it was started");
        assert!(output.status.success(), "{file}: {output:?}");
    }
    let output = sandbox
        .command(&["run", "s01", "--file", "/dev/stdin"])
        .stdin(fs::File::open(&solution).expect("it is there"))
        .output()
        .expect("tutor can be started");
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn corrupt_progress_is_moved_aside() {
    let sandbox = Sandbox::small();
    sandbox.solve("s01_scale");
    fs::create_dir(sandbox.path().join(".tutor")).expect("it is new");
    for corrupt in ["{ half", "{\"version\":999,\"steps\":{}}"] {
        sandbox.write(".tutor/progress.json", corrupt);
        assert_eq!(sandbox.tutor(&["list"]).code, 0);
        assert_eq!(
            sandbox.read(".tutor/progress.json"),
            corrupt,
            "reading changes nothing"
        );
        let done = sandbox.tutor(&["run", "s01"]);
        assert_eq!(done.code, 0);
        assert!(
            done.stderr.contains("progress.unreadable"),
            "{}",
            done.stderr
        );
        assert!(
            sandbox
                .tutor(&["list"])
                .stdout
                .contains("1 of 2 steps pass")
        );
    }
    assert_eq!(sandbox.read(".tutor/progress.unreadable.json"), "{ half");
    assert!(
        sandbox
            .read(".tutor/progress.unreadable.1.json")
            .contains("999")
    );
}

#[test]
fn processes_at_once_lose_no_progress() {
    const PROCESSES: usize = 8;
    let sandbox = Sandbox::small();
    sandbox.solve("s01_scale");
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 0);
    thread::scope(|scope| {
        for i in 0..PROCESSES {
            let step = ["s01", "s02"][i % 2];
            let sandbox = &sandbox;
            scope.spawn(move || {
                let done = sandbox.tutor(&["run", step]);
                assert_eq!(done.code, i32::from(step == "s02"), "{done:?}");
            });
        }
    });
    let progress: Value =
        serde_json::from_str(&sandbox.read(".tutor/progress.json")).expect("it is whole");
    assert_eq!(progress["steps"]["s01"]["attempts"], 1 + PROCESSES / 2);
    assert_eq!(progress["steps"]["s02"]["attempts"], PROCESSES / 2);
}

#[test]
fn progress_that_cannot_be_kept_does_not_change_a_verdict() {
    let sandbox = Sandbox::small();
    sandbox.solve("s01_scale");
    // Where the folder should be, is a file: works for root too, whom no permission stops.
    sandbox.write(".tutor", "");
    let done = sandbox.tutor(&["run", "s01"]);
    assert_eq!(done.code, 0);
    assert!(done.stdout.contains("passed"));
    assert!(
        done.stderr.contains("Progress is not kept"),
        "{}",
        done.stderr
    );
}

#[test]
fn steps_have_many_names() {
    let sandbox = Sandbox::small();
    for name in [
        "s01",
        "01",
        "1",
        "s01_scale",
        "scale",
        "sc",
        "steps/s01_scale.rs",
    ] {
        let done = sandbox.tutor(&["show", "solution", name]);
        assert_eq!(done.code, 0, "{name}");
        assert_eq!(done.stdout, sandbox.read("solutions/s01_scale.rs"));
    }
    let done = sandbox.tutor(&["run", "scael"]);
    assert_eq!(done.code, 2);
    assert!(
        done.stderr.contains("did you mean `s01_scale`?"),
        "{}",
        done.stderr
    );
    let done = sandbox.tutor(&["run", "s0"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("s02_twice"), "{}", done.stderr);
    assert_eq!(sandbox.tutor(&["dance"]).code, 2);
}

#[test]
fn a_pipe_has_no_colours_and_may_close_early() {
    let sandbox = Sandbox::small();
    for args in [
        &["list"][..],
        &["run", "s01"],
        &["show", "solution", "s01"],
        &["diff", "s01"],
    ] {
        let done = sandbox.tutor(args);
        assert!(!done.stdout.contains('\x1b'), "{args:?}");
        let with = |settings: &[(&str, &str)]| {
            let mut command = sandbox.command(args);
            let output = command.envs(settings.iter().copied()).output();
            support::Done::from(output.expect("tutor can be started")).stdout
        };
        let forced = with(&[("CLICOLOR_FORCE", "1")]);
        assert!(forced.contains('\x1b'), "{args:?}");
        let stripped = anstream::adapter::strip_str(&forced).to_string();
        assert_eq!(stripped, done.stdout, "{args:?}");
        assert_eq!(with(&[("CLICOLOR_FORCE", "0")]), done.stdout, "{args:?}");
        let none = with(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]);
        assert_eq!(none, done.stdout, "{args:?}");
    }
    let mut child = sandbox
        .command(&["show", "solution", "s01"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("tutor can be started");
    drop(child.stdout.take());
    let mut words = String::new();
    let mut stderr = child.stderr.take().expect("it is piped");
    stderr.read_to_string(&mut words).expect("it is text");
    assert!(child.wait().expect("it ends").success(), "{words}");
    assert_eq!(words, "");
}

#[test]
fn what_programs_read_never_has_colours() {
    let sandbox = Sandbox::small();
    for args in [
        &["run", "s01", "--format", "json"][..],
        &["run", "s09", "--format", "json"],
        &["list", "--format", "json"],
        &["completions", "bash"],
    ] {
        let forced = sandbox.command(args).env("CLICOLOR_FORCE", "1").output();
        let forced = support::Done::from(forced.expect("tutor can be started"));
        assert!(!forced.stdout.contains('\x1b'), "{args:?}");
    }
}

#[test]
fn a_panic_cannot_swallow_the_rest_of_the_verdict() {
    let sandbox = Sandbox::small();
    let solution = sandbox.read("solutions/s01_scale.rs");
    let body = "x * self.weight.val().unsqueeze()";
    let panics = "{ let _ = x; panic!(\"\\x1b]0;a title that never ends\") }";
    sandbox.write("steps/s01_scale.rs", solution.replace(body, panics));
    let done = sandbox.tutor(&["run", "s01"]);
    assert!(
        done.stdout.contains("it said   ]0;a title"),
        "{}",
        done.stdout
    );
    assert!(done.stdout.contains("Next: edit"), "{}", done.stdout);
}

#[test]
fn a_diff_leads_to_the_solution() {
    let sandbox = Sandbox::small();
    let diff = sandbox.tutor(&["diff", "s01"]).stdout;
    assert!(diff.contains("-        todo!()"), "{diff}");
    assert!(
        diff.contains("+        x * self.weight.val().unsqueeze()"),
        "{diff}"
    );
    sandbox.solve("s01_scale");
    assert!(
        sandbox
            .tutor(&["diff", "s01"])
            .stdout
            .contains("letter by letter")
    );
}

#[test]
fn without_a_course_or_with_a_broken_one() {
    let empty = tempfile::tempdir().expect("a folder for tests");
    let sandbox = Sandbox::small();
    let outside = sandbox
        .command(&["list"])
        .current_dir(empty.path())
        .output();
    let outside = support::Done::from(outside.expect("tutor can be started"));
    assert_eq!(outside.code, 2);
    assert!(outside.stderr.contains("course.toml"), "{}", outside.stderr);
    assert!(outside.stderr.contains("next: "), "{}", outside.stderr);

    let inside = sandbox
        .command(&["list"])
        .current_dir(sandbox.path().join("steps"))
        .output();
    assert_eq!(
        support::Done::from(inside.expect("tutor can be started")).code,
        0
    );

    let manifest = sandbox.read("course.toml");
    sandbox.write(
        "course.toml",
        manifest.replace("points = 4", "points = four"),
    );
    let done = sandbox.tutor(&["run", "s01", "--format", "json"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("course.toml:14:"), "{}", done.stderr);
}

#[test]
fn an_error_is_json_too_where_json_is_asked_for() {
    let sandbox = Sandbox::small();
    let done = sandbox.tutor(&["run", "s77", "--format", "json"]);
    assert_eq!(done.code, 2);
    let value: Value = serde_json::from_str(&done.stdout).expect("JSON was asked for");
    assert_eq!(value["error"]["exit_code"], 2);
}

#[test]
fn a_flaw_in_the_course_is_not_blamed_on_the_learner() {
    let sandbox = Sandbox::small();
    let solution = sandbox.read("solutions/s01_scale.rs");
    sandbox.write("solutions/s01_scale.rs", "pub fn broken(");
    let done = sandbox.tutor(&["run", "s01"]);
    assert_eq!(done.code, 101);
    assert!(done.stderr.contains("internal error"), "{}", done.stderr);
    sandbox.write("solutions/s01_scale.rs", solution);
    fs::remove_file(sandbox.path().join("checks/s02_twice/check.rs")).expect("it is there");
    assert_eq!(sandbox.tutor(&["run", "s02"]).code, 2);
}

#[test]
fn what_runs_leave_behind_does_not_pile_up() {
    let sandbox = Sandbox::small();
    sandbox.tutor(&["run", "s01"]);
    let target = fs::read_dir(sandbox.path().join("target/tutor")).expect("it was made");
    let results = target
        .flatten()
        .map(|entry| entry.path().join("results"))
        .find(|path| path.is_dir())
        .expect("a run leaves results");
    for i in 0..1000 {
        fs::write(results.join(format!("{i}.run")), "").expect("it can be written");
    }
    sandbox.tutor(&["run", "s01"]);
    let left = fs::read_dir(&results).expect("it is there").count();
    assert!(left <= 600, "{left} results are left");
}

#[test]
#[cfg(target_os = "linux")]
fn a_function_that_no_library_has_is_told() {
    let sandbox = Sandbox::small();
    let solution = sandbox.read("solutions/s01_scale.rs");
    let at = solution.find("pub fn").expect("there is a function");
    let body = at + solution[at..].find('{').expect("it has a body") + 1;
    let (head, tail) = solution.split_at(body);
    let declared = "unsafe extern \"C\" { safe fn no_such_function(); }";
    sandbox.write(
        "steps/s01_scale.rs",
        format!("{head} no_such_function(); {tail}\n{declared}\n"),
    );
    let done = sandbox.tutor(&["run", "s01"]);
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.stdout.contains("`extern`"), "{}", done.stdout);
}
