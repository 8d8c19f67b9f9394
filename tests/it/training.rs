//! `tutor train`: it can be stopped and goes on as if nothing had happened, refuses what it cannot
//! learn from, and made the model that comes with the course.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use serde_json::Value;
use tutor::engine::kit::Kit;
use tutor::engine::pipeline::{Earlier, Pipeline};
use tutor::engine::sandbox::foreground::Streams;
use tutor::engine::sandbox::{self, Ending};

use crate::support::{Sandbox, copy, root};

/// A model that learns in a moment, on the kit that is there.
const TINY: [&str; 4] = [
    "--backend",
    "ndarray",
    "--config",
    "n_layer=1,n_embd=8,n_head=2,n_positions=8,context=8,batch_size=2",
];

fn course() -> Sandbox {
    let sandbox = Sandbox::real();
    sandbox.write(
        "text.txt",
        "a text to learn from, and to learn from again. ".repeat(20),
    );
    sandbox
}

fn train<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["train", "--solution"];
    args.extend(more);
    args
}

fn fresh<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = train(&TINY);
    args.extend(["--text", "text.txt", "--out", out]);
    args.extend(more);
    args
}

/// Starts a training that tells each step, and lets it make the first three.
fn begun(sandbox: &Sandbox, args: &[&str]) -> Child {
    let mut command = sandbox.command(args);
    command.args(["--format", "json"]);
    let mut child = (command.stdout(Stdio::piped()).stderr(Stdio::null()))
        .spawn()
        .expect("tutor can be started");
    let out = child.stdout.take().expect("it is piped");
    let third = BufReader::new(out).lines().find(|line| {
        let line = line.as_ref().expect("it can be read");
        let event: Value = serde_json::from_str(line).expect("each line is an object");
        event["event"] == "step" && event["step"] == 3
    });
    assert!(third.is_some(), "it ended before its third step");
    child
}

fn weights(sandbox: &Sandbox, folder: &str) -> Vec<u8> {
    fs::read(sandbox.path().join(folder).join("model.safetensors")).expect("there is a checkpoint")
}

/// A reader that goes away, and a `tutor` that is killed, stop it: what is there then is whole, and
/// what comes of it in the end is what would have come without a stop.
#[test]
fn a_training_that_was_stopped_goes_on_as_if_nothing_had_happened() {
    let sandbox = course();
    let steps = ["--steps", "400"];
    let whole = sandbox.tutor(&fresh("whole", &steps));
    assert_eq!(whole.code, 0, "{whole:?}");
    for (out, is_killed) in [("stopped", false), ("killed", true)] {
        let mut child = begun(&sandbox, &fresh(out, &steps));
        if is_killed {
            child.kill().expect("it runs");
        }
        child.wait().expect("it ends");
        wait_until_free(&sandbox.path().join(out).join("lock"));
        let mut args = train(&TINY[..2]);
        args.extend(["--out", out, "--resume"]);
        let resumed = sandbox.tutor(&args);
        assert_eq!(resumed.code, 0, "{resumed:?}");
        assert_eq!(
            weights(&sandbox, out).len(),
            weights(&sandbox, "whole").len()
        );
        let model = |folder| tensors(&weights(&sandbox, folder));
        assert!(model(out) == model("whole"), "{out}: other weights");
        let again = sandbox.tutor(&args);
        assert_eq!(again.code, 2, "{again:?}");
        assert!(
            again.stderr.contains("all 400 steps have been made"),
            "{again:?}"
        );
    }
}

/// The program outlives `tutor` by the step that it is making.
fn wait_until_free(lock: &Path) {
    let file = fs::File::open(lock).expect("it is there");
    file.lock().expect("it can be had");
}

/// The tensors of a safetensors file: what stands behind its header.
fn tensors(file: &[u8]) -> Vec<u8> {
    let (length, rest) = file.split_first_chunk::<8>().expect("it has a header");
    let length = usize::try_from(u64::from_le_bytes(*length)).expect("it is small");
    rest[length..].to_vec()
}

#[test]
fn what_cannot_be_learnt_from_is_refused_in_a_sentence() {
    let sandbox = course();
    sandbox.write("empty.txt", " \n");
    sandbox.write("short.txt", "short");
    sandbox.write("binary", b"\xff\xfe\x00");
    let refused = |args: &[&str], said: &str| {
        let done = sandbox.tutor(args);
        assert_eq!(done.code, 2, "{args:?} {done:?}");
        assert!(done.stderr.contains(said), "{args:?} {done:?}");
        assert!(done.stderr.contains("next: "), "{args:?} {done:?}");
    };
    let with = |text: &'static str| {
        let mut args = train(&TINY);
        args.extend(["--text", text, "--out", "out"]);
        args
    };
    refused(&with("empty.txt"), "`empty.txt` is empty");
    refused(&with("short.txt"), "too few");
    refused(&with("binary"), "no text in UTF-8");
    refused(
        &train(&["--resume", "--backend", "ndarray", "--out", "none"]),
        "no checkpoint in",
    );
    let mut args = with("text.txt");
    args[5] = "n_head=3,n_embd=8";
    refused(&args, "3 heads cannot share");
    assert!(!sandbox.path().join("out/model.safetensors").exists());
    let unknown = sandbox.tutor(&train(&["--config", "layers=2"]));
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(
        unknown.stderr.contains("`layers` is no setting"),
        "{unknown:?}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_as_such() {
    let sandbox = course();
    let out = sandbox.path().join("out");
    fs::create_dir(&out).expect("it can be made");
    // Nothing that is written there finds room.
    std::os::unix::fs::symlink("/dev/full", out.join("text.txt")).expect("it can be linked");
    let done = sandbox.tutor(&fresh("out", &["--steps", "2"]));
    assert_eq!(done.code, 3, "{done:?}");
    assert!(
        done.stderr
            .contains("next: the disk is full; free some space"),
        "{done:?}"
    );
}

#[test]
fn two_trainings_do_not_share_a_folder_and_a_model_is_put_aside() {
    let sandbox = course();
    let mut first = begun(&sandbox, &fresh("out", &["--steps", "100000"]));
    // Its reader is gone: it stops by itself.
    first.wait().expect("it ends");
    let lock = fs::File::open(sandbox.path().join("out/lock")).expect("it is there");
    lock.lock().expect("it can be had");
    let mut args = train(&TINY[..2]);
    args.extend(["--out", "out", "--resume"]);
    let second = sandbox.tutor(&args);
    assert_eq!(second.code, 2, "{second:?}");
    assert!(
        second.stderr.contains("another program is at work"),
        "{second:?}"
    );
    let before = weights(&sandbox, "out");
    let third = sandbox.tutor(&fresh("out", &["--steps", "2"]));
    assert_eq!(third.code, 2, "{third:?}");
    drop(lock);
    // What is refused leaves the model where it is.
    let mut refused = fresh("out", &["--steps", "2"]);
    refused[5] = "n_head=3,n_embd=8";
    assert_eq!(sandbox.tutor(&refused).code, 2);
    assert!(!sandbox.path().join("out-1").exists());
    assert!(weights(&sandbox, "out") == before, "the model is another");
    let anew = sandbox.tutor(&fresh("out", &["--steps", "2"]));
    assert_eq!(anew.code, 0, "{anew:?}");
    assert!(anew.stderr.contains("out-1"), "{anew:?}");
    assert!(weights(&sandbox, "out-1") == before, "the model is another");
    assert!(
        sandbox.read("out/loss.svg").contains("<polyline"),
        "{anew:?}"
    );
}

#[test]
fn the_model_that_comes_with_the_course_is_what_its_page_says() {
    let sandbox = Sandbox::real();
    let folder = root().join("assets/model");
    let how = fs::read_to_string(folder.join("HOW.md")).expect("it is there");
    let bytes: u64 = fs::read_dir(&folder)
        .expect("it is there")
        .map(|entry| {
            entry
                .and_then(|entry| entry.metadata())
                .map_or(0, |data| data.len())
        })
        .sum();
    assert!(bytes <= 2 << 20, "{bytes}");
    copy(
        &root().join("tests/it/training"),
        &sandbox.path().join("training"),
    );
    let course = sandbox.course();
    sandbox::set_supervisor(env!("CARGO_BIN_EXE_tutor").into());
    let kit = Kit::current_in(&course, &sandbox.kit_folder()).expect("the course is sound");
    let pipeline = Pipeline::open(&course, kit.expect("it was lent a kit"));
    let pipeline = pipeline.unwrap_or_else(|e| panic!("{e}"));
    let file = sandbox.path().join("training/evaluate.rs");
    let program = pipeline
        .driver(&file, &Earlier::Reference)
        .expect("it compiles");
    let foreground = pipeline.foreground(&program, Vec::new(), &folder);
    let mut lines = Vec::new();
    let mut tell = |line: &str| lines.push(line.to_owned());
    let ending = foreground.and_then(|it| it.run(Streams::Lines(&mut tell)));
    assert_eq!(ending.unwrap_or_else(|e| panic!("{e}")), Ending::Exited(0));
    let said: f64 = lines[0].parse().expect("a number");
    let written = how
        .split_once("its loss is ")
        .and_then(|(_, rest)| rest.split(' ').next())
        .and_then(|number| number.parse::<f64>().ok())
        .expect("the page has a number");
    assert!((said - written).abs() < 2e-3, "{said}, not {written}");
}
