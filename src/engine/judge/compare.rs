//! Compares one observation with the reference's.

use std::path::PathBuf;

use observation::{Call, Observation, Observations, TensorValue, Tolerance, Value};

use super::pattern::{Pattern, pattern};
use super::relation::{is_exchanged, relation};
use super::{Departure, Fault, Mismatch, Mismatches, Reaction, Tensors, panic_fault, parameters};

/// A tensor of more elements than this is large.
const LARGE: usize = 1 << 20;

/// What is wrong with `got`, if anything is. The tolerance is the reference's.
pub fn observations(got: &Observation, expected: &Observation, own: &[PathBuf]) -> Option<Fault> {
    let name = expected.name.clone();
    match (&got.value, &expected.value) {
        (Value::Tensor(got), Value::Tensor(wanted)) => {
            tensors(name, got, wanted, expected.tolerance)
        }
        (Value::Parameters(got), Value::Parameters(expected)) => {
            let faults = parameters::compare(got, expected);
            (!faults.is_empty()).then_some(Fault::WrongParameters {
                observation: name,
                faults,
            })
        }
        (Value::Call(got), Value::Call(expected)) => calls(name, got, reaction(expected), own),
        // A call that should have returned something, and one that should not.
        (Value::Call(got), _) if *got != Call::Accepted => calls(name, got, Reaction::Accepts, own),
        (_, Value::Call(expected)) if *expected != Call::Accepted => {
            calls(name, &Call::Accepted, reaction(expected), own)
        }
        (got, expected) => (got != expected).then(|| Fault::WrongText {
            observation: name,
            got: described(got),
            expected: described(expected),
        }),
    }
}

/// Whether `got` is as it should be: [`observations`] without a word.
pub fn is_right(got: &Observation, expected: &Observation) -> bool {
    match (&got.value, &expected.value) {
        (Value::Tensor(got), Value::Tensor(wanted)) => {
            got.shape() == wanted.shape()
                && got.dtype() == wanted.dtype()
                && got.is_alike(wanted, tolerance_for(wanted, expected.tolerance))
        }
        _ => observations(got, expected, &[]).is_none(),
    }
}

/// A value in a few words, for where another kind of value should be.
fn described(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Tensor(tensor) => format!("a tensor of {} {:?}", tensor.dtype(), tensor.shape()),
        Value::Parameters(parameters) => format!("{} parameters", parameters.len()),
        Value::Call(_) => "no tensor".into(),
    }
}

/// Whether a message is that of a `todo!()`: the learner has not been there yet. An
/// `unimplemented!` with words of its own is a refusal like any other.
pub fn is_todo_message(message: &str) -> bool {
    message.starts_with("not yet implemented") || message == "not implemented"
}

/// Whether a call ended at a `todo!()`.
pub fn is_todo(value: &Value) -> bool {
    matches!(value, Value::Call(Call::Panicked(panic)) if is_todo_message(&panic.message))
}

/// Only whether and how a call refuses counts, not its words.
fn calls(observation: String, got: &Call, should: Reaction, own: &[PathBuf]) -> Option<Fault> {
    let is = reaction(got);
    if let Call::Panicked(panic) = got {
        let fault = panic_fault(panic, own);
        // A panic where nothing should have been refused is a panic like any other.
        if should == Reaction::Accepts || matches!(fault, Fault::NotStarted { .. }) {
            return Some(fault);
        }
    }
    let message = match got {
        Call::Accepted => None,
        Call::Error { message } => Some(message.clone()),
        Call::Panicked(panic) => Some(panic.message.clone()),
    };
    (is != should).then_some(Fault::WrongRefusal {
        observation,
        got: is,
        expected: should,
        message,
    })
}

/// What a call made of its input.
pub fn reaction(call: &Call) -> Reaction {
    match call {
        Call::Accepted => Reaction::Accepts,
        Call::Error { .. } => Reaction::ReturnsError,
        Call::Panicked(_) => Reaction::Panics,
    }
}

/// Shape, then element type, then finiteness, then values.
fn tensors(
    observation: String,
    got: &TensorValue,
    expected: &TensorValue,
    tolerance: Tolerance,
) -> Option<Fault> {
    if got.shape() != expected.shape() {
        return Some(Fault::WrongShape {
            observation,
            got: got.shape().to_vec(),
            expected: expected.shape().to_vec(),
            exchanged: exchanged(got, expected, tolerance),
        });
    }
    if got.dtype() != expected.dtype() {
        return Some(Fault::WrongType {
            observation,
            got: got.dtype(),
            expected: expected.dtype(),
        });
    }
    let tolerance = tolerance_for(expected, tolerance);
    if got.is_alike(expected, tolerance) {
        return None;
    }
    let pairs: Vec<(f64, f64)> = got.elements().zip(expected.elements()).collect();
    let wrong_where = |is_wrong: &dyn Fn(f64, f64) -> bool| {
        let wrong: Vec<usize> = (0..pairs.len())
            .filter(|&i| is_wrong(pairs[i].0, pairs[i].1))
            .collect();
        mismatches(&observation, got, &pairs, &wrong, tolerance)
    };
    // In a mask infinities belong: one in the wrong place is a wrong value.
    let is_mask = pairs
        .iter()
        .all(|pair| pair.1 == 0.0 || pair.1 == f64::NEG_INFINITY);
    let is_stray = |got: f64, expected: f64| {
        got.is_nan() || (!is_mask && got.is_infinite() && got != expected)
    };
    if let Some(mismatches) = wrong_where(&is_stray) {
        return Some(Fault::NotFinite(mismatches));
    }
    wrong_where(&|got, expected| !tolerance.accepts(got, expected)).map(Fault::WrongValues)
}

/// Integers and truth values are exact.
fn tolerance_for(expected: &TensorValue, tolerance: Tolerance) -> Tolerance {
    if expected.dtype().is_float() {
        tolerance
    } else {
        Tolerance::EXACT
    }
}

/// Two axes that only have to be exchanged for the tensor to be right.
fn exchanged(
    got: &TensorValue,
    expected: &TensorValue,
    tolerance: Tolerance,
) -> Option<(usize, usize)> {
    let (shape, rank) = (expected.shape(), expected.shape().len());
    let mut axes = (0..rank).flat_map(|a| (a + 1..rank).map(move |b| (a, b)));
    axes.find(|&(a, b)| {
        let mut swapped = shape.to_vec();
        swapped.swap(a, b);
        let tolerance = tolerance_for(expected, tolerance);
        swapped == got.shape()
            && is_exchanged(shape, (a, b), &got.values(), &expected.values(), tolerance)
    })
}

fn mismatches(
    observation: &str,
    tensor: &TensorValue,
    pairs: &[(f64, f64)],
    wrong: &[usize],
    tolerance: Tolerance,
) -> Option<Mismatches> {
    let mismatch = |offset: usize| Mismatch {
        index: tensor.index(offset),
        got: pairs[offset].0,
        expected: pairs[offset].1,
    };
    // NaN sorts above all numbers: an error that cannot be measured is the largest.
    let error = |offset: usize| (pairs[offset].0 - pairs[offset].1).abs();
    let largest = wrong.iter().copied().reduce(|a, b| {
        if error(b).total_cmp(&error(a)).is_gt() {
            b
        } else {
            a
        }
    })?;
    let shape = tensor.shape();
    // Looked at in detail only as far as anybody would: this takes many times the tensor's memory.
    let looked_at = if pairs.len() <= LARGE { pairs } else { &[] };
    let got: Vec<f64> = looked_at.iter().map(|pair| pair.0).collect();
    let expected: Vec<f64> = looked_at.iter().map(|pair| pair.1).collect();
    let indices = || wrong.iter().map(|&i| tensor.index(i)).collect::<Vec<_>>();
    let relation = match looked_at {
        [] => None,
        _ => relation(shape, &got, &expected, tolerance),
    };
    Some(Mismatches {
        observation: observation.to_owned(),
        shape: shape.to_vec(),
        first: mismatch(*wrong.first()?),
        largest: mismatch(largest),
        wrong: wrong.len(),
        of: pairs.len(),
        pattern: match looked_at {
            [] if wrong.len() == pairs.len() => Pattern::Everywhere,
            [] => Pattern::Scattered,
            _ => pattern(shape, &indices()),
        },
        tensors: Box::new(Tensors {
            tolerance,
            relation,
            got,
            expected,
            is_wrong: (0..looked_at.len())
                .map(|i| wrong.binary_search(&i).is_ok())
                .collect(),
        }),
    })
}

/// Intermediate results beside the reference's, as far as they were recorded.
#[must_use]
pub fn depart(got: &Observations, expected: &Observations) -> Vec<Departure> {
    let flat = |all: &Observations| -> Vec<Observation> {
        all.groups
            .iter()
            .flat_map(|group| group.observations.clone())
            .collect()
    };
    let got = flat(got);
    flat(expected)
        .into_iter()
        .enumerate()
        .map(|(i, expected)| {
            let found = got.get(i).filter(|found| found.name == expected.name);
            let Value::Tensor(tensor) = &expected.value else {
                return Departure {
                    name: expected.name,
                    shape: Vec::new(),
                    error: None,
                    fault: None,
                };
            };
            let fault = match found {
                Some(found) => observations(found, &expected, &[]),
                None => Some(Fault::NotRecorded {
                    observation: Some(expected.name.clone()),
                }),
            };
            let error = found.and_then(|found| largest_error(&found.value, tensor));
            Departure {
                shape: tensor.shape().to_vec(),
                name: expected.name,
                error,
                fault,
            }
        })
        .collect()
}

fn largest_error(got: &Value, expected: &TensorValue) -> Option<f64> {
    let Value::Tensor(got) = got else {
        return None;
    };
    if got.shape() != expected.shape() {
        return None;
    }
    let errors = got.elements().zip(expected.elements());
    errors
        .map(|(got, expected)| {
            if got == expected {
                0.0
            } else {
                (got - expected).abs()
            }
        })
        .max_by(f64::total_cmp)
}
