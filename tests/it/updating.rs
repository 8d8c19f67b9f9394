//! `tutor update`: a begun course and a newer one, in real git repositories.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::support::quick::times;
use crate::support::{Done, Sandbox, without_settings};

const ONE: &str = "steps/s01_scale.rs";
const TWO: &str = "steps/s02_twice.rs";

/// The course as its authors have it.
fn origin() -> Sandbox {
    let origin = Sandbox::small();
    origin.write(".gitignore", "/target\n/.tutor\n");
    origin.write("README.md", "one\ntwo\nthree\nfour\nfive\n");
    origin.git(&["init", "--quiet", "--initial-branch", "main"]);
    commit(&origin, "The course");
    origin
}

fn commit(sandbox: &Sandbox, message: &str) {
    sandbox.git(&["add", "--all"]);
    sandbox.git(&["commit", "--quiet", "--message", message]);
}

/// A newer skeleton of a step, as authors write it: in two places.
fn renew(origin: &Sandbox, step: &str) -> String {
    let skeleton = origin.read(&format!("checks/{step}/skeleton.rs"));
    let newer = format!("//! What is new in the task.\n{skeleton}");
    origin.write(&format!("checks/{step}/skeleton.rs"), &newer);
    origin.write(&format!("steps/{step}.rs"), &newer);
    newer
}

fn update(sandbox: &Sandbox, more: &[&str]) -> Done {
    let mut args = vec!["update"];
    args.extend(more);
    let mut command = sandbox.command(&args);
    Done::from(
        without_settings(&mut command)
            .output()
            .expect("tutor can be started"),
    )
}

#[test]
fn a_begun_course_is_brought_up_to_date_and_nothing_is_lost() {
    let origin = origin();
    let learner = origin.cloned();
    // One step is solved and committed, the other has an edit that is not.
    learner.solve("s01_scale");
    assert_eq!(learner.tutor(&["run", "s01"]).code, 0);
    let solved = learner.read(ONE);
    commit(&learner, "Step 1");
    let begun = learner.read(TWO) + "// begun\n";
    learner.write(TWO, &begun);
    learner.write("notes.txt", "mine");

    renew(&origin, "s01_scale");
    let skeleton = renew(&origin, "s02_twice");
    origin.write("README.md", "one\ntwo\nthree\nfour\nfive and a half\n");
    commit(&origin, "Newer tasks");

    let done = update(&learner, &[]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stdout.contains("1 commit newer"), "{done:?}");
    assert!(
        done.stdout.contains("s01 Scale: the task changed"),
        "{done:?}"
    );
    assert!(
        done.stdout.contains("+//! What is new in the task."),
        "{done:?}"
    );
    assert_eq!(learner.read(ONE), solved);
    assert_eq!(learner.read(TWO), begun);
    assert_eq!(learner.read("notes.txt"), "mine");
    assert_eq!(learner.read("checks/s02_twice/skeleton.rs"), skeleton);
    assert!(learner.read("README.md").contains("five and a half"));
    assert_eq!(learner.git(&["ls-files", "-u"]), "");
    let status = learner.git(&["status", "--porcelain"]);
    assert_eq!(status, " M steps/s02_twice.rs\n?? notes.txt\n");
    // The verdicts go on, and the list says what changed.
    let list = learner.tutor(&["list"]).stdout;
    assert!(list.contains("Changed since you passed: s01"), "{list}");
    assert_eq!(learner.tutor(&["run", "s01"]).code, 0);

    let again = update(&learner, &[]);
    assert_eq!(again.stdout, "The course is up to date\n");
    // git itself goes on from there, too.
    learner.git(&["pull", "--quiet"]);
}

#[test]
fn steps_that_nobody_began_are_renewed_and_new_ones_come() {
    let origin = origin();
    let learner = origin.cloned();
    let old = learner.read(TWO);
    let mine = learner.read(ONE) + "// begun\n";
    learner.write(ONE, &mine);
    learner.git(&["add", ONE]);
    let newer = renew(&origin, "s02_twice");
    origin.write("steps/s03_thrice.rs", "// new\n");
    commit(&origin, "More");
    let done = update(&learner, &[]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stdout.contains("You had not begun it"), "{done:?}");
    assert!(done.stdout.contains("s03_thrice: a new step"), "{done:?}");
    assert_ne!(learner.read(TWO), old);
    assert_eq!(learner.read(TWO), newer);
    assert_eq!(learner.read(ONE), mine);
    assert_eq!(learner.read("steps/s03_thrice.rs"), "// new\n");
    // What was staged is staged still.
    let status = learner.git(&["status", "--porcelain"]);
    assert_eq!(status, "M  steps/s01_scale.rs\n");
    // Nothing was committed here: the branch is the course's own.
    let heads = [&learner, &origin].map(|s| s.git(&["rev-parse", "HEAD"]));
    assert_eq!(heads[0], heads[1]);
}

#[test]
fn other_files_are_merged_or_kept_as_copies() {
    let origin = origin();
    let learner = origin.cloned();
    learner.write("README.md", "one, mine\ntwo\nthree\nfour\nfive\n");
    learner.write("course.toml", learner.read("course.toml") + "# mine\n");
    commit(&learner, "Mine");
    origin.write("README.md", "one\ntwo\nthree\nfour\nfive, theirs\n");
    origin.write("course.toml", origin.read("course.toml") + "# theirs\n");
    commit(&origin, "Theirs");
    let done = update(&learner, &[]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(
        learner.read("README.md"),
        "one, mine\ntwo\nthree\nfour\nfive, theirs\n"
    );
    assert!(learner.read("course.toml").ends_with("# theirs\n"));
    assert!(
        learner
            .read(".tutor/backups/course.toml")
            .ends_with("# mine\n")
    );
    assert!(done.stdout.contains("`course.toml` as"), "{done:?}");
    assert_eq!(learner.git(&["status", "--porcelain"]), "");
}

#[test]
fn what_is_in_the_way_is_told_and_nothing_is_touched() {
    let origin = origin();
    let learner = origin.cloned();
    learner.write("README.md", "not committed\n");
    origin.write("README.md", "newer\n");
    renew(&origin, "s01_scale");
    commit(&origin, "Newer");
    let refused = |sandbox: &Sandbox, code: i32, words: &str| {
        let before = sandbox.read(ONE);
        let done = update(sandbox, &[]);
        assert_eq!(done.code, code, "{done:?}");
        assert!(done.stderr.contains(words), "{words}: {done:?}");
        assert_eq!(sandbox.read(ONE), before);
    };
    refused(
        &learner,
        2,
        "`README.md` was changed here and is not committed",
    );
    assert_eq!(learner.read("README.md"), "not committed\n");
    learner.git(&["checkout", "--quiet", "README.md"]);

    // A pull that was tried before left conflicts.
    let begun = learner.read(ONE);
    learner.write(ONE, format!("//! My first step.\n{begun}"));
    commit(&learner, "Step 1");
    let pull = without_settings(
        Command::new("git")
            .args(["pull", "--quiet", "--no-rebase"])
            .current_dir(learner.path()),
    )
    .output()
    .expect("git can be started");
    assert!(!pull.status.success(), "{pull:?}");
    refused(&learner, 2, "in the middle of a merge");
    learner.git(&["merge", "--abort"]);

    learner.git(&["checkout", "--quiet", "--detach"]);
    refused(&learner, 2, "on no branch");
    learner.git(&["switch", "--quiet", "-c", "own"]);
    refused(&learner, 2, "`own` follows none");
    // A place may be named instead, as a folder for one.
    let place = origin.path().to_str().expect("it is UTF-8");
    assert_eq!(update(&learner, &["--from", place]).code, 0);
    learner.git(&["switch", "--quiet", "main"]);
    learner.git(&["remote", "set-url", "origin", "/nowhere/at/all"]);
    refused(&learner, 3, "nothing was changed");
    let plain = Sandbox::small();
    refused(&plain, 2, "is no git clone");
}

/// A git that kills whoever called it, once it has done what it was called for as the n-th.
fn deadly_git(folder: &Path) {
    let path = folder.join("git");
    let script = "#!/bin/sh\nn=$(($(cat \"$CALLS\") + 1))\necho $n > \"$CALLS\"\n\
                  PATH=\"$REST\" git \"$@\"\ncode=$?\n\
                  test $n = $DEADLY && kill -9 $PPID\nexit $code\n";
    fs::write(&path, script).expect("it can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
}

#[test]
fn whoever_is_interrupted_loses_nothing_and_goes_on() {
    let origin = origin();
    let tools = tempfile::tempdir().expect("a folder for tests");
    deadly_git(tools.path());
    let calls = tools.path().join("calls");
    let first = origin.cloned();
    let solved = first.read("solutions/s01_scale.rs");
    let newer = renew(&origin, "s02_twice");
    renew(&origin, "s01_scale");
    origin.write("README.md", "newer\n");
    fs::remove_file(origin.path().join("checks/s02_twice/trace.rs")).expect("it is there");
    commit(&origin, "Newer");
    for deadly in (1..).step_by(times(1, 3)) {
        let learner = Sandbox::cloned(&first);
        learner.git(&[
            "remote",
            "set-url",
            "origin",
            origin.path().to_str().expect("UTF-8"),
        ]);
        learner.write(ONE, &solved);
        // In one half of the cases there is something to be merged.
        if deadly % 2 == 0 {
            commit(&learner, "Step 1");
        }
        fs::write(&calls, "0").expect("it can be written");
        let rest = std::env::var("PATH").expect("there is one");
        let mut command = learner.command(&["update"]);
        let status = without_settings(&mut command)
            .env("PATH", format!("{}:{rest}", tools.path().display()))
            .env("REST", &rest)
            .env("CALLS", &calls)
            .env("DEADLY", deadly.to_string())
            .output()
            .expect("tutor can be started")
            .status;
        assert_eq!(learner.read(ONE), solved, "killed after call {deadly}");
        if status.code().is_none() {
            let done = update(&learner, &[]);
            assert_eq!(done.code, 0, "killed after call {deadly}: {done:?}");
        }
        assert_eq!(learner.read(ONE), solved, "killed after call {deadly}");
        assert_eq!(learner.read(TWO), newer, "killed after call {deadly}");
        assert_eq!(learner.read("README.md"), "newer\n");
        assert!(!learner.path().join("checks/s02_twice/trace.rs").exists());
        let status_told = learner.git(&["status", "--porcelain"]);
        let expected = match deadly % 2 {
            0 => "",
            _ => " M steps/s01_scale.rs\n",
        };
        assert_eq!(status_told, expected, "killed after call {deadly}");
        if status.code().is_some() {
            assert!(deadly > 15, "it was never killed");
            break;
        }
    }
}
