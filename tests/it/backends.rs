//! The backends that `--backend` offers: with the same weights, the same logits, gradients and texts.
//!
//! Everything runs in the project's own folder, where the optimised kit is built if it is not there:
//! that takes minutes, so the quick set leaves it out.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::checkpoints::{Stored, tensors};
use crate::support::quick::is_left_out;
use crate::support::{copy, root};

/// By how much they may differ, relative to 1 or to what is larger.
const EQUAL: f64 = 1e-4;

/// Held against each other.
const BACKENDS: [&str; 2] = ["ndarray", "flex"];

const TEXT: &str = "A token looks at itself and at what came before it.";

#[test]
fn all_backends_compute_the_same() {
    if is_left_out() {
        return;
    }
    let seen = BACKENDS.map(|backend| {
        let mut events = told(&["look", TEXT, "--checkpoint", MODEL], backend);
        // How far it is, is told by the clock.
        events.retain(|event| event["event"] != "progress");
        events
    });
    assert_close("seen", &seen[0], &seen[1]);
    let written = BACKENDS.map(|backend| {
        let greedy = ["generate", "A token", "--checkpoint", MODEL, "--greedy"];
        let shown = ["--show-probabilities", "--max-new-tokens", "100"];
        let mut events = told(&[&greedy[..], &shown].concat(), backend);
        events.retain(|event| event["event"] == "token");
        assert_eq!(events.len(), 100);
        events
    });
    assert_close("written", &written[0], &written[1]);

    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder for tests");
    let begun = place.path().join("begun");
    told(&["train", "--steps", "3", "--out", path(&begun)], "ndarray");
    let steps = BACKENDS.map(|backend| {
        let folder = place.path().join(backend);
        copy(&begun, &folder);
        let arguments = ["train", "--resume", "--steps", "1", "--out", path(&folder)];
        let mut events = told(&arguments, backend);
        events.retain(|event| event["event"] == "step");
        assert_eq!(events.len(), 1);
        if let Some(event) = events[0].as_object_mut() {
            event.remove("seconds");
        }
        (events, moments(&folder))
    });
    let [(events, moments), (other_events, other_moments)] = steps;
    assert_close("step", &events, &other_events);
    assert_eq!(moments.len(), other_moments.len());
    // The running means hold a tenth of the last gradient.
    for ((name, one), (other_name, other)) in moments.iter().zip(&other_moments) {
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
            assert!(off <= EQUAL * largest, "{name}: off by {off} of {largest}");
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
