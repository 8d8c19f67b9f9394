//! The backends that `--backend` offers: with the same weights, the same logits, gradients and texts.
//!
//! Everything runs in the project's own folder, where the optimised kit is built if it is not there:
//! that takes minutes, so the quick set leaves it out. A backend that needs more than Rust is held
//! against the others where this machine has that; elsewhere the test says that it was left out.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::checkpoints::{Stored, tensors};
use crate::support::quick::{is_left_out, say};
use crate::support::{copy, root};

/// By how much they may differ, relative to 1 or to what is larger.
const EQUAL: f64 = 1e-4;

/// Held against that of the checks.
const OTHERS: [&str; 2] = ["flex", "tch"];

const TEXT: &str = "A token looks at itself and at what came before it.";

#[test]
fn all_backends_compute_the_same() {
    if is_left_out() {
        return;
    }
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder for tests");
    let begun = place.path().join("begun");
    told(&["train", "--steps", "3", "--out", path(&begun)], "ndarray");
    let expected = Shown::by("ndarray", &begun);
    for backend in OTHERS.into_iter().filter(|backend| is_here(backend)) {
        Shown::by(backend, &begun).assert_is(&expected, backend);
    }
}

/// Whether this machine has what the backend needs.
fn is_here(backend: &str) -> bool {
    let doctor = Command::new(env!("CARGO_BIN_EXE_tutor"))
        .arg("doctor")
        .current_dir(root())
        .output()
        .expect("tutor can be started");
    let text = String::from_utf8_lossy(&doctor.stdout);
    let of_backend = |line: &&str| line.split_whitespace().nth(1) == Some(backend);
    match text.lines().find(of_backend) {
        // What needs nothing has no line of its own.
        None => true,
        Some(line) if line.contains("could be used") => true,
        Some(line) => {
            say(&format!("not held against the others: {line}"));
            false
        }
    }
}

/// What a backend shows of the same models.
struct Shown {
    /// What is seen inside a model that reads a text.
    seen: Vec<Value>,
    /// What it writes, and how likely it found that.
    written: Vec<Value>,
    /// A step of a training.
    step: Vec<Value>,
    /// The moments after that step, by name.
    moments: Vec<(String, Vec<f64>)>,
}

impl Shown {
    /// `begun` is the folder of a training that goes on for a step.
    fn by(backend: &str, begun: &Path) -> Self {
        let mut seen = told(&["look", TEXT, "--checkpoint", MODEL], backend);
        // How far it is, is told by the clock.
        seen.retain(|event| event["event"] != "progress");
        let greedy = ["generate", "A token", "--checkpoint", MODEL, "--greedy"];
        let shown = ["--show-probabilities", "--max-new-tokens", "100"];
        let mut written = told(&[&greedy[..], &shown].concat(), backend);
        written.retain(|event| event["event"] == "token");
        assert_eq!(written.len(), 100);

        let folder = begun.with_file_name(backend);
        copy(begun, &folder);
        let arguments = ["train", "--resume", "--steps", "1", "--out", path(&folder)];
        let mut step = told(&arguments, backend);
        step.retain(|event| event["event"] == "step");
        assert_eq!(step.len(), 1);
        if let Some(event) = step[0].as_object_mut() {
            event.remove("seconds");
        }
        Self {
            seen,
            written,
            step,
            moments: moments(&folder),
        }
    }

    fn assert_is(&self, expected: &Self, backend: &str) {
        assert_close(&format!("{backend}: seen"), &expected.seen, &self.seen);
        assert_close(
            &format!("{backend}: written"),
            &expected.written,
            &self.written,
        );
        assert_close(&format!("{backend}: step"), &expected.step, &self.step);
        assert_eq!(expected.moments.len(), self.moments.len());
        // The running means hold a tenth of the last gradient.
        for ((name, one), (other_name, other)) in expected.moments.iter().zip(&self.moments) {
            assert_eq!(name, other_name);
            assert_eq!(one.len(), other.len(), "{name}");
            // The mean of the gradients, then that of their squares.
            let half = one.len() / 2;
            for (one, other) in one.chunks(half).zip(other.chunks(half)) {
                let largest = one
                    .iter()
                    .fold(0.0_f64, |most, value| most.max(value.abs()));
                let pairs = one.iter().zip(other);
                let off = pairs.fold(0.0_f64, |most, (a, b)| most.max((a - b).abs()));
                let is_close = off <= EQUAL * largest;
                assert!(is_close, "{backend}, {name}: off by {off} of {largest}");
            }
        }
    }
}

/// The model that comes with the course.
const MODEL: &str = "assets/model";

fn path(folder: &Path) -> &str {
    folder.to_str().expect("it is UTF-8")
}

/// What `tutor` tells of a command, made of the reference's steps.
fn told(args: &[&str], backend: &str) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_tutor"))
        .args(args)
        .args(["--solution", "--format", "json", "--backend", backend])
        .current_dir(root())
        .output()
        .expect("tutor can be started");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {errors}");
    let text = String::from_utf8(output.stdout).expect("JSON is text");
    let values = serde_json::Deserializer::from_str(&text).into_iter();
    values.map(|value| value.expect("it is JSON")).collect()
}

/// The moments that were saved in `folder`, by name.
fn moments(folder: &Path) -> Vec<(String, Vec<f64>)> {
    let entries = fs::read_dir(folder).expect("it was made").flatten();
    let mut names = entries.map(|entry| entry.path());
    let is_training = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("training-") && name.ends_with(".safetensors")
    };
    let file = names.find(|path| is_training(path)).expect("it was saved");
    let (weights, _) = tensors(&file);
    let floats = weights
        .into_iter()
        .filter(|(_, stored)| stored.kind == "F32");
    let values = |stored: &Stored| -> Vec<f64> {
        let values = stored
            .bytes
            .chunks(4)
            .map(|bytes| bytes.try_into().expect("four bytes"));
        values
            .map(|bytes| f64::from(f32::from_le_bytes(bytes)))
            .collect()
    };
    let all: Vec<(String, Vec<f64>)> = floats
        .map(|(name, stored)| (name, values(&stored)))
        .collect();
    assert!(!all.is_empty(), "{} has moments", file.display());
    all
}

fn assert_close(what: &str, one: &[Value], other: &[Value]) {
    assert_eq!(one.len(), other.len(), "{what}");
    for (a, b) in one.iter().zip(other) {
        close(what, a, b);
    }
}

/// Panics unless two values are alike but for small differences of numbers.
fn close(what: &str, one: &Value, other: &Value) {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => {
            let [a, b] = [a, b].map(|number| number.as_f64().expect("it is a number"));
            let bound = EQUAL * a.abs().max(1.0);
            assert!((a - b).abs() <= bound, "{what}: {a} and {b}");
        }
        (Value::Array(a), Value::Array(b)) => assert_close(what, a, b),
        (Value::Object(a), Value::Object(b)) => {
            assert_eq!(a.len(), b.len(), "{what}");
            for (key, value) in a {
                close(&format!("{what}, {key}"), value, &b[key]);
            }
        }
        _ => assert_eq!(one, other, "{what}"),
    }
}
