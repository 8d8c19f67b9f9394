use std::time::Duration;

use observation::{DType, Panic, Place, Tolerance};
use serde_json::Value;

use super::*;
use crate::course::source::Unreadable;
use crate::course::{Step, StepLimits};
use crate::engine::compile::signatures::Signature;
use crate::engine::compile::{Diagnostic, Level};
use crate::engine::judge::pattern::{AxisPart, Part, Pattern, Triangle};
use crate::engine::judge::{
    Entries, Fault, JudgedGroup, Mismatch, Mismatches, Outcome, ParameterFault, Reaction, Relation,
    Stop, Tensors, Verdict,
};
use crate::engine::pipeline::{Diagnosis, Earlier, Judgement, file_name};
use crate::error::Code;

/// A judgement of the step that says no more than this verdict.
fn unobserved(verdict: Verdict) -> Judgement {
    let step = step();
    let file = file_name(&step);
    Judgement::unobserved(&step, file, Earlier::Reference, verdict)
}

fn step() -> Step {
    Step {
        id: "s01".into(),
        name: "s01_a".into(),
        title: "A".into(),
        learnt: None,
        points: 1,
        needs: Vec::new(),
        allows: Vec::new(),
        assets: Vec::new(),
        limits: StepLimits::default(),
    }
}

fn at() -> Place {
    Place {
        file: "steps/s01_a.rs".into(),
        line: 7,
    }
}

fn diagnostic() -> Diagnostic {
    Diagnostic {
        level: Level::Error,
        message: "mismatched types".into(),
        at: Some(at()),
        in_source: true,
        rendered: "\u{1b}[1merror\u{1b}[0m: mismatched types".into(),
        meaning: Some("a number is no tensor".into()),
        is_unsafe: false,
    }
}

fn mismatches(pattern: Pattern, relation: Option<Relation>) -> Mismatches {
    let mismatch = |got| Mismatch {
        index: vec![0, 1],
        got,
        expected: 0.5,
    };
    Mismatches {
        observation: "y".into(),
        shape: vec![1, 2],
        first: mismatch(2.0),
        largest: mismatch(f64::NAN),
        wrong: 1,
        of: 2,
        pattern,
        tensors: Box::new(Tensors {
            got: vec![0.5, 2.0],
            expected: vec![0.5, 0.5],
            is_wrong: vec![false, true],
            tolerance: Tolerance::DEFAULT,
            relation,
        }),
    }
}

fn parameter_faults() -> Vec<ParameterFault> {
    let path = || "h.0.weight".to_owned();
    vec![
        ParameterFault::Missing {
            path: path(),
            expected: vec![2],
            perhaps: Some("h.0.gamma".into()),
        },
        ParameterFault::Extra {
            path: path(),
            got: vec![2],
        },
        ParameterFault::Misshapen {
            path: path(),
            got: vec![2],
            expected: vec![3],
        },
    ]
}

/// Numbers that are wrong in every kind of place and in every simple way.
fn wrong_values() -> Vec<Fault> {
    let part = |axis, part| AxisPart { axis, part };
    let within = vec![
        part(0, Part::Only(1)),
        part(1, Part::After(2)),
        part(2, Part::Before(3)),
        part(3, Part::These(vec![0, 2])),
    ];
    [
        (Pattern::Everywhere, None),
        (Pattern::Scattered, Some(Relation::Constant(f64::INFINITY))),
        (Pattern::Within(within), Some(Relation::Scaled(2.0))),
        (
            Pattern::Triangle(Triangle::Above),
            Some(Relation::Offset(-1.5)),
        ),
        (
            Pattern::Triangle(Triangle::Below),
            Some(Relation::Transposed),
        ),
        (
            Pattern::Triangle(Triangle::Diagonal),
            Some(Relation::Reversed(1)),
        ),
        (Pattern::Everywhere, Some(Relation::Late(0))),
        (Pattern::Everywhere, Some(Relation::Early(0))),
    ]
    .map(|(pattern, relation)| Fault::WrongValues(mismatches(pattern, relation)))
    .into()
}

fn faults() -> Vec<Fault> {
    let observation = || "y".to_owned();
    let names = |name: &str| vec![name.to_owned()];
    let mut faults = vec![
        Fault::NotStarted { at: Some(at()) },
        Fault::NotStarted { at: None },
        Fault::Panicked {
            at: Some(at()),
            panic: Panic {
                message: "too short".into(),
                at: None,
                calls: vec![at()],
                thread: Some("worker".into()),
            },
            meaning: None,
        },
        Fault::WrongParameters {
            observation: observation(),
            faults: parameter_faults(),
        },
        Fault::WrongShape {
            observation: observation(),
            got: vec![1, 2],
            expected: vec![2, 1],
            exchanged: Some((0, 1)),
        },
        Fault::WrongType {
            observation: observation(),
            got: DType::F64,
            expected: DType::Bool,
        },
        Fault::NotFinite(mismatches(Pattern::Everywhere, None)),
        Fault::WrongText {
            observation: observation(),
            got: "a".into(),
            expected: "b".into(),
        },
        Fault::WrongEntries(Entries {
            got: names("a"),
            expected: names("b"),
            missing: names("b"),
            extra: names("a"),
        }),
        Fault::NotRecorded { observation: None },
        Fault::TimedOut {
            limit: Duration::from_millis(1500),
        },
        Fault::TooManyThreads,
        Fault::OutOfMemory { limit: 1 << 30 },
        Fault::StackOverflow,
        Fault::StoppedEarly(Stop::Exited(3)),
        Fault::StoppedEarly(Stop::Signalled(11)),
    ];
    faults.extend(
        [Reaction::Accepts, Reaction::ReturnsError, Reaction::Panics].map(|got| {
            Fault::WrongRefusal {
                observation: observation(),
                got,
                expected: Reaction::Accepts,
                message: Some("no".into()),
            }
        }),
    );
    faults.extend(wrong_values());
    faults
}

fn verdicts() -> Vec<Verdict> {
    let does_not_compile = Verdict::DoesNotCompile {
        errors: vec![diagnostic()],
        signatures: [Some(("fn b()".to_owned(), 3)), None]
            .map(|found| Signature {
                name: "B::b".into(),
                needed: "fn b(self)".into(),
                found,
            })
            .into(),
        timed_out: false,
    };
    let mut verdicts = vec![Verdict::Passed, does_not_compile.clone()];
    verdicts.extend(
        [
            Unreadable::Missing,
            Unreadable::Empty,
            Unreadable::TooLarge {
                bytes: 20,
                limit: 10,
            },
            Unreadable::NotUtf8 { line: 2 },
            Unreadable::Refused {
                reason: "permission denied".into(),
            },
        ]
        .map(Verdict::Unreadable),
    );
    verdicts.push(Verdict::EarlierStep {
        step: "s00".into(),
        verdict: Box::new(does_not_compile),
    });
    verdicts.extend(faults().into_iter().map(|fault| Verdict::Failed {
        group: "g".into(),
        fault,
    }));
    verdicts
}

/// What is said of each verdict, one a line.
#[test]
fn every_verdict_has_its_details() {
    let lines: Vec<String> = verdicts()
        .into_iter()
        .map(|verdict| {
            let all = judgements(&[unobserved(verdict)], Seed(1));
            let result = &all["results"][0];
            format!(
                "{} {} {}",
                result["verdict"], result["at"], result["details"]
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// A judgement in which nothing is left out.
#[test]
fn a_judgement_has_all_its_fields() {
    let fault = || Fault::OutOfMemory { limit: 1 << 30 };
    let mut judgement = unobserved(Verdict::Failed {
        group: "b".into(),
        fault: fault(),
    });
    let group = |name: &str, outcome| JudgedGroup {
        name: name.into(),
        outcome,
        diagnosis: vec!["m".into()],
    };
    judgement.groups = vec![
        group("a", Outcome::Passed),
        group("b", Outcome::Failed(fault())),
        group("c", Outcome::NotReached),
    ];
    judgement.diagnosis = vec![Diagnosis {
        id: "m".into(),
        what: "does m".into(),
        nudge: "Think.".into(),
    }];
    judgement.forbidden = vec!["nets_nn::modules::norm".into()];
    judgement.warnings = vec![diagnostic()];
    judgement.stdout.text = "out".into();
    judgement.stderr.text = "err".into();
    judgement.peak_memory = 9;
    insta::assert_snapshot!(format!("{:#}", judgements(&[judgement], Seed(1))));
}

#[test]
fn an_error_says_what_to_do_next() {
    let usage = Error::Usage {
        message: "there is no step `s99`".into(),
        next: "`tutor list` shows all steps".into(),
    };
    let value: Value = error(&usage);
    assert_eq!(value["version"], VERSION);
    assert_eq!(value["error"]["message"], "there is no step `s99`");
    assert_eq!(value["error"]["next"], "`tutor list` shows all steps");
    assert_eq!(value["error"]["exit_code"], Code::Usage as u8);
}
