//! The scripts in `deploy/`, as far as one machine can run them.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{self, Sandbox};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder for tests")
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("files have folders")).expect("it can be made");
    fs::write(path, text).expect("it can be written");
}

/// The course for tests, with the scripts beside it as in a clone.
fn course() -> Sandbox {
    let sandbox = Sandbox::small();
    let scripts = support::root().join("deploy");
    let copied = Command::new("cp")
        .arg("-r")
        .arg(&scripts)
        .arg(sandbox.path().join("deploy"))
        .status()
        .expect("cp can be started");
    assert!(copied.success());
    sandbox
}

fn script(sandbox: &Sandbox, name: &str) -> Command {
    let mut command = Command::new("bash");
    command
        .arg(sandbox.path().join("deploy").join(name))
        .current_dir(sandbox.path())
        .env("TUTOR", env!("CARGO_BIN_EXE_tutor"))
        .env_remove("CARGO_TARGET_DIR");
    command
}

fn succeeded(mut command: Command) -> Output {
    let output = command.output().expect("bash can be started");
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

fn class(sandbox: &Sandbox, place: &Path) -> PathBuf {
    let solution = sandbox.read("solutions/s01_scale.rs");
    for student in 0..5 {
        let text = format!("{solution}// {student}\n");
        write(
            &place.join(format!("class/student-{student}/s01_scale.rs")),
            &text,
        );
    }
    place.join("class")
}

#[test]
fn gradescope_gets_its_results() {
    let sandbox = course();
    let root = folder();
    let source = root.path().join("source");
    fs::create_dir_all(&source).expect("it is new");
    std::os::unix::fs::symlink(sandbox.path(), source.join("course")).expect("it is new");
    write(
        &source.join("options"),
        "--steps s01 --visibility after_published\n",
    );
    let solution = sandbox.read("solutions/s01_scale.rs");
    write(&root.path().join("submission/s01_scale.rs"), &solution);
    let grade = || {
        let mut command = script(&sandbox, "gradescope/run_autograder");
        command.env("AUTOGRADER", root.path());
        succeeded(command);
        let text = fs::read(root.path().join("results/results.json")).expect("it is there");
        serde_json::from_slice::<Value>(&text).expect("it is JSON")
    };
    let results = grade();
    let tests = results["tests"].as_array().expect("a list");
    assert_eq!(tests.len(), 1);
    assert_eq!(tests[0]["score"], 4);
    assert_eq!(tests[0]["visibility"], "after_published");
    // When tutor cannot grade, the student is told that it is not their fault.
    write(&source.join("options"), "--steps s99\n");
    let results = grade();
    assert_eq!(results["score"], 0);
    assert!(
        results["output"]
            .as_str()
            .is_some_and(|text| text.contains("itself failed"))
    );
}

#[test]
fn a_slurm_array_grades_a_class_in_parts() {
    let sandbox = course();
    let place = folder();
    let class = class(&sandbox, place.path());
    let out = place.path().join("out");
    for task in ["1", "2", "3"] {
        let mut command = script(&sandbox, "slurm/grade.sh");
        command
            .args([&class, &out])
            .args(["--steps", "s01"])
            .env("SLURM_ARRAY_TASK_ID", task)
            .env("SLURM_ARRAY_TASK_COUNT", "3")
            .env("SLURM_CPUS_PER_TASK", "1")
            .env("TUTOR_GRADE_SEED", "12345");
        succeeded(command);
    }
    let mut command = script(&sandbox, "merge.sh");
    command.arg(&out);
    succeeded(command);
    let results = fs::read(out.join("class/results.json")).expect("it is there");
    let results: Value = serde_json::from_slice(&results).expect("it is JSON");
    assert_eq!(results["students"].as_array().map(Vec::len), Some(5));
    assert_eq!(results["seed"], 12345);
}

#[test]
fn a_kubernetes_job_counts_from_zero() {
    let sandbox = course();
    let place = folder();
    let class = class(&sandbox, place.path());
    let out = place.path().join("out");
    for index in ["0", "1"] {
        let mut command = script(&sandbox, "kubernetes/part.sh");
        command
            .args(["--steps", "s01"])
            .env("CLASS", &class)
            .env("OUT", &out)
            .env("PARTS", "2")
            .env("JOB_COMPLETION_INDEX", index)
            .env("TUTOR_GRADE_SEED", "12345");
        succeeded(command);
    }
    assert!(out.join("part-1/results.json").is_file());
    assert!(out.join("part-2/results.json").is_file());
}

#[test]
fn a_part_without_a_seed_is_refused() {
    let sandbox = course();
    let mut command = script(&sandbox, "part.sh");
    command
        .args([".", "out", "1", "2"])
        .env_remove("TUTOR_GRADE_SEED");
    let output = command.output().expect("bash can be started");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("TUTOR_GRADE_SEED"));
}

#[test]
fn gradescopes_package_holds_the_course_and_the_scripts() {
    let place = folder();
    let file = place.path().join("autograder.zip");
    let mut command = Command::new("bash");
    command
        .arg(support::root().join("deploy/gradescope/pack.sh"))
        .arg(&file);
    succeeded(command);
    let file = fs::File::open(file).expect("it was written");
    let names: Vec<String> = zip::ZipArchive::new(file)
        .expect("it is a zip archive")
        .file_names()
        .map(|name| name.expect("names are text").into_owned())
        .collect();
    for name in [
        "setup.sh",
        "run_autograder",
        "course/course.toml",
        "course/Cargo.lock",
    ] {
        assert!(names.iter().any(|found| found == name), "{name}: {names:?}");
    }
}
