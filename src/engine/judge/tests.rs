use super::*;
use crate::engine::sandbox::Printed;
use observation::{Call, Observation, Parameter, Place, TensorValue, Tolerance, Value};
use std::time::Duration;

const SOURCE: &str = "/c/steps/s01_a.rs";

fn own() -> Vec<PathBuf> {
    vec![SOURCE.into()]
}

fn tensor(shape: &[usize], values: &[f32]) -> Value {
    Value::Tensor(TensorValue::from_f32(shape.to_vec(), values))
}

fn group(name: &str, values: Vec<Value>) -> Group {
    Group {
        name: name.into(),
        observations: values
            .into_iter()
            .enumerate()
            .map(|(i, value)| Observation {
                name: format!("o{i}"),
                value,
                tolerance: Tolerance::DEFAULT,
            })
            .collect(),
        panics: Vec::new(),
        ended: true,
    }
}

fn observations(groups: Vec<Group>) -> Observations {
    Observations {
        groups,
        finished: true,
    }
}

fn run(groups: Vec<Group>, ending: RunEnding) -> Run {
    Run {
        observations: observations(groups),
        ending,
        stdout: Printed::default(),
        stderr: Printed::default(),
        peak_memory: 0,
    }
}

/// The fault found when `got` is judged by `expected`, each the only observation.
fn fault(got: Value, expected: Value) -> Option<Fault> {
    let run = run(vec![group("g", vec![got])], RunEnding::Finished);
    let reference = observations(vec![group("g", vec![expected])]);
    match judge(&run, &reference, &own()).0 {
        Verdict::Passed => None,
        Verdict::Failed { fault, .. } => Some(fault),
        other => panic!("{other:?}"),
    }
}

fn panic(message: &str, file: &str) -> Panic {
    let place = |file: &str, line| Place {
        file: file.into(),
        line,
    };
    Panic {
        message: message.into(),
        at: Some(place(file, 3)),
        calls: vec![place("/crates/select.rs", 9), place(SOURCE, 21)],
        thread: None,
    }
}

#[test]
fn equal_values_pass() {
    assert_eq!(
        fault(tensor(&[2], &[1.0, 2.0]), tensor(&[2], &[1.0, 2.0])),
        None
    );
    let infinite = || tensor(&[2], &[f32::NEG_INFINITY, 0.0]);
    assert_eq!(fault(infinite(), infinite()), None);
}

#[test]
fn rounding_passes_and_erf_for_tanh_does_not() {
    assert_eq!(fault(tensor(&[1], &[1.000_05]), tensor(&[1], &[1.0])), None);
    let wrong = fault(tensor(&[1], &[1.000_4]), tensor(&[1], &[1.0]));
    assert!(matches!(wrong, Some(Fault::WrongValues(_))));
}

#[test]
fn integers_are_exact() {
    let integer = |n| Value::Tensor(TensorValue::scalar_i64(n));
    assert_eq!(fault(integer(50_257), integer(50_257)), None);
    let off_by_one = fault(integer(50_256), integer(50_257));
    assert!(matches!(off_by_one, Some(Fault::WrongValues(_))));
}

#[test]
fn nan_never_passes() {
    let nan = || tensor(&[2], &[0.0, f32::NAN]);
    for expected in [nan(), tensor(&[2], &[0.0, 1.0])] {
        let Some(Fault::NotFinite(found)) = fault(nan(), expected) else {
            panic!("NaN passed");
        };
        assert_eq!(found.first.index, [1]);
    }
}

#[test]
fn infinities_match_exactly() {
    let minus = || tensor(&[2], &[f32::NEG_INFINITY, 0.0]);
    let finite = tensor(&[2], &[-1e4, 0.0]);
    assert!(matches!(
        fault(finite, minus()),
        Some(Fault::WrongValues(_))
    ));
    let plus = tensor(&[2], &[f32::INFINITY, 0.0]);
    assert!(matches!(fault(plus, minus()), Some(Fault::WrongValues(_))));
    // Where every key may be seen, a mask has zeros only.
    let open = tensor(&[2], &[0.0, 0.0]);
    assert!(matches!(fault(minus(), open), Some(Fault::WrongValues(_))));
    // Elsewhere an infinity is no value at all.
    let (plus, finite) = (tensor(&[1], &[f32::INFINITY]), tensor(&[1], &[1.0]));
    assert!(matches!(fault(plus, finite), Some(Fault::NotFinite(_))));
}

#[test]
fn shape_comes_before_type_before_values() {
    let got = fault(tensor(&[3, 2], &[9.0; 6]), tensor(&[2, 3], &[0.0; 6]));
    assert!(matches!(got, Some(Fault::WrongShape { .. })));
    let got = fault(
        Value::Tensor(TensorValue::scalar_i64(1)),
        Value::Tensor(TensorValue::scalar_f64(2.0)),
    );
    assert!(matches!(got, Some(Fault::WrongType { .. })));
}

#[test]
fn wrong_values_are_counted_and_located() {
    let got = fault(
        tensor(&[2, 2], &[0.0, 1.5, 2.0, 9.0]),
        tensor(&[2, 2], &[0.0, 1.0, 2.0, 3.0]),
    );
    let Some(Fault::WrongValues(found)) = got else {
        panic!("{got:?}");
    };
    assert_eq!((found.wrong, found.of), (2, 4));
    assert_eq!(found.first.index, [0, 1]);
    assert_eq!(found.largest.index, [1, 1]);
    assert_eq!((found.largest.got, found.largest.expected), (9.0, 3.0));
}

#[test]
fn a_large_tensor_is_counted_and_located_but_not_looked_at() {
    let shape = [3, 1 << 19];
    let zeros = vec![0.0; 3 << 19];
    let mut got = zeros.clone();
    got[(2 << 19) + 7] = 4.0;
    let found = fault(tensor(&shape, &got), tensor(&shape, &zeros));
    let Some(Fault::WrongValues(found)) = found else {
        panic!("{found:?}");
    };
    assert_eq!((found.wrong, found.of), (1, 3 << 19));
    assert_eq!(found.first.index, [2, 7]);
    assert_eq!(found.pattern, Pattern::Scattered);
    assert!(found.tensors.got.is_empty());
    let ones = vec![1.0; 3 << 19];
    match fault(tensor(&shape, &ones), tensor(&shape, &zeros)) {
        Some(Fault::WrongValues(found)) => assert_eq!(found.pattern, Pattern::Everywhere),
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_how_a_call_refuses_counts() {
    let error = |message: &str| {
        Value::Call(Call::Error {
            message: message.into(),
        })
    };
    assert_eq!(fault(error("no"), error("too long")), None);
    let accepted = fault(Value::Call(Call::Accepted), error("too long"));
    assert!(matches!(
        accepted,
        Some(Fault::WrongRefusal {
            got: Reaction::Accepts,
            ..
        })
    ));
    let panicked = Value::Call(Call::Panicked(panic("index", "/crates/x.rs")));
    let other_way = fault(panicked, error("too long"));
    assert!(matches!(
        other_way,
        Some(Fault::WrongRefusal {
            got: Reaction::Panics,
            ..
        })
    ));
}

#[test]
fn a_todo_behind_a_call_is_not_a_refusal() {
    let todo = Value::Call(Call::Panicked(panic("not yet implemented", SOURCE)));
    let refusal = Value::Call(Call::Panicked(panic("too long", SOURCE)));
    assert!(matches!(
        fault(todo, refusal),
        Some(Fault::NotStarted { at: Some(_) })
    ));
}

#[test]
fn parameters_are_compared_as_such() {
    let table = |shape: Vec<usize>| {
        Value::Parameters(vec![Parameter {
            path: "weight".into(),
            shape,
        }])
    };
    assert_eq!(fault(table(vec![2]), table(vec![2])), None);
    assert!(matches!(
        fault(table(vec![3]), table(vec![2])),
        Some(Fault::WrongParameters { .. })
    ));
}

#[test]
fn a_panic_is_blamed_on_the_learners_own_line() {
    let mut got = group("g", vec![]);
    got.panics.push(panic("Index 7", "/crates/ops.rs"));
    let reference = observations(vec![group("g", vec![tensor(&[1], &[0.0])])]);
    let (verdict, _) = judge(&run(vec![got], RunEnding::Finished), &reference, &own());
    let Verdict::Failed {
        fault: Fault::Panicked { at, .. },
        ..
    } = verdict
    else {
        panic!("{verdict:?}");
    };
    assert_eq!(at.map(|at| at.line), Some(21));
}

#[test]
fn what_passed_before_a_crash_counts() {
    let good = || group("first", vec![tensor(&[1], &[1.0])]);
    let mut cut = group("second", vec![]);
    cut.ended = false;
    let limit = Duration::from_secs(10);
    let crashed = run(vec![good(), cut], RunEnding::TimedOut { limit });
    let reference = observations(vec![
        good(),
        group("second", vec![tensor(&[1], &[2.0])]),
        group("third", vec![tensor(&[1], &[3.0])]),
    ]);
    let (verdict, groups) = judge(&crashed, &reference, &own());
    assert_eq!(verdict.kind().as_str(), "timed_out");
    assert_eq!(groups[0].outcome, Outcome::Passed);
    assert!(matches!(groups[1].outcome, Outcome::Failed(_)));
    assert_eq!(groups[2].outcome, Outcome::NotReached);
}

#[test]
fn recording_nothing_is_no_pass() {
    let reference = observations(vec![group("g", vec![tensor(&[1], &[0.0])])]);
    let silent = [
        run(vec![], RunEnding::Finished),
        run(vec![], RunEnding::Exited(0)),
        run(vec![group("g", vec![])], RunEnding::Finished),
        run(
            vec![group("other", vec![tensor(&[1], &[0.0])])],
            RunEnding::Finished,
        ),
    ];
    for run in silent {
        let (verdict, _) = judge(&run, &reference, &own());
        assert_ne!(verdict, Verdict::Passed, "{run:?}");
    }
}
