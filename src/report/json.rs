//! A verdict as JSON. The schema is versioned: what is there keeps its name and meaning.

use observation::Place;
use serde_json::{Value, json};

use super::human::place;
use crate::course::source::Unreadable;
use crate::engine::compile::Diagnostic;
use crate::engine::judge::pattern::{AxisPart, Part, Pattern, Triangle};
use crate::engine::judge::{
    Fault, Mismatch, Mismatches, Outcome, ParameterFault, Reaction, Relation, Stop, Verdict,
};
use crate::engine::observe::Seed;
use crate::engine::pipeline::Judgement;
use crate::error::Error;

/// Grows when something changes its name or meaning.
const VERSION: u32 = 1;

/// All judgements of one call.
#[must_use]
pub fn judgements(judgements: &[Judgement], seed: Seed) -> Value {
    json!({
        "version": VERSION,
        "seed": seed.0,
        "results": judgements.iter().map(judgement).collect::<Vec<_>>(),
    })
}

/// Why there are no judgements.
#[must_use]
pub fn error(error: &Error) -> Value {
    json!({
        "version": VERSION,
        "error": {
            "message": error.to_string(),
            "next": error.next(),
            "exit_code": error.code() as u8,
        },
    })
}

fn judgement(judgement: &Judgement) -> Value {
    let groups: Vec<Value> = judgement
        .groups
        .iter()
        .map(|group| {
            let (outcome, fault) = match &group.outcome {
                Outcome::Passed => ("passed", Value::Null),
                Outcome::Failed(found) => ("failed", fault(found)),
                Outcome::NotReached => ("not_reached", Value::Null),
            };
            json!({
                "name": group.name,
                "outcome": outcome,
                "fault": fault,
                "diagnosis": group.diagnosis,
            })
        })
        .collect();
    json!({
        "step": judgement.step.id,
        "name": judgement.step.name,
        "file": judgement.file,
        "verdict": judgement.verdict.kind(),
        "at": place(&judgement.verdict).map(place_json),
        "details": details(&judgement.verdict),
        "diagnosis": judgement.diagnosis.iter().map(|named| json!({
            "id": named.id,
            "what": named.what,
            "pointer": named.pointer,
        })).collect::<Vec<_>>(),
        "right_on_reference": judgement.right_on_reference,
        "groups": groups,
        "forbidden": judgement.forbidden,
        "warnings": judgement.warnings.iter().map(diagnostic).collect::<Vec<_>>(),
        "stdout": judgement.stdout.text,
        "stderr": judgement.stderr.text,
        "peak_memory": judgement.peak_memory,
    })
}

fn details(verdict: &Verdict) -> Value {
    match verdict {
        Verdict::Passed => Value::Null,
        Verdict::Unreadable(why) => match why {
            Unreadable::Missing => json!({"reason": "missing"}),
            Unreadable::Empty => json!({"reason": "empty"}),
            Unreadable::TooLarge { bytes, limit } => {
                json!({"reason": "too_large", "bytes": bytes, "limit": limit})
            }
            Unreadable::NotUtf8 { line } => json!({"reason": "not_utf8", "line": line}),
            Unreadable::Refused { reason } => json!({"reason": "refused", "message": reason}),
        },
        Verdict::DoesNotCompile {
            errors,
            signatures,
            timed_out,
        } => json!({
            "errors": errors.iter().map(diagnostic).collect::<Vec<_>>(),
            "signatures": signatures.iter().map(|s| json!({
                "name": s.name,
                "needed": s.needed,
                "found": s.found.as_ref().map(|(text, line)| json!({"text": text, "line": line})),
            })).collect::<Vec<_>>(),
            "timed_out": timed_out,
        }),
        Verdict::EarlierStep { step, verdict } => json!({
            "step": step,
            "verdict": verdict.kind(),
            "details": details(verdict),
        }),
        Verdict::Failed {
            group,
            fault: found,
        } => {
            let mut value = fault(found);
            value["group"] = json!(group);
            value
        }
    }
}

fn diagnostic(diagnostic: &Diagnostic) -> Value {
    json!({
        "message": diagnostic.message,
        "at": diagnostic.at.as_ref().map(place_json),
        "rendered": anstream::adapter::strip_str(&diagnostic.rendered).to_string(),
        "meaning": diagnostic.meaning,
    })
}

fn place_json(place: &Place) -> Value {
    json!({"file": place.file, "line": place.line})
}

fn fault(fault: &Fault) -> Value {
    let mut value = fault_fields(fault);
    value["kind"] = json!(fault.kind());
    value
}

fn fault_fields(fault: &Fault) -> Value {
    match fault {
        Fault::NotStarted { at } => json!({"at": at.as_ref().map(place_json)}),
        Fault::Panicked { at, panic, meaning } => json!({
            "at": at.as_ref().map(place_json),
            "message": panic.message,
            "meaning": meaning,
            "inside": panic.at.as_ref().map(place_json),
            "thread": panic.thread,
        }),
        Fault::WrongParameters {
            observation,
            faults,
        } => json!({
            "observation": observation,
            "parameters": faults.iter().map(parameter_fault).collect::<Vec<_>>(),
        }),
        Fault::WrongShape {
            observation,
            got,
            expected,
            exchanged,
        } => json!({
            "observation": observation,
            "got": got,
            "expected": expected,
            "exchanged_axes": exchanged,
        }),
        Fault::WrongType {
            observation,
            got,
            expected,
        } => json!({
            "observation": observation,
            "got": got.to_string(),
            "expected": expected.to_string(),
        }),
        Fault::NotFinite(found) | Fault::WrongValues(found) => mismatches(found),
        Fault::WrongText {
            observation,
            got,
            expected,
        } => json!({"observation": observation, "got": got, "expected": expected}),
        Fault::WrongRefusal {
            observation,
            got,
            expected,
            message,
        } => json!({
            "observation": observation,
            "got": reaction(*got),
            "expected": reaction(*expected),
            "message": message,
        }),
        Fault::WrongEntries(entries) => json!({
            "got": entries.got,
            "expected": entries.expected,
            "missing": entries.missing,
            "extra": entries.extra,
        }),
        Fault::NotRecorded { observation } => json!({"observation": observation}),
        Fault::TimedOut { limit } => json!({"limit_seconds": limit.as_secs_f64()}),
        Fault::OutOfMemory { limit } => json!({"limit_bytes": limit}),
        Fault::StackOverflow | Fault::TooManyThreads => json!({}),
        Fault::StoppedEarly(Stop::Exited(code)) => json!({"exit_code": code}),
        Fault::StoppedEarly(Stop::Signalled(signal)) => json!({"signal": signal}),
    }
}

fn parameter_fault(fault: &ParameterFault) -> Value {
    match fault {
        ParameterFault::Missing { parameter, perhaps } => json!({
            "kind": "missing",
            "path": parameter.path,
            "expected": parameter.shape,
            "perhaps": perhaps,
        }),
        ParameterFault::Extra(parameter) => json!({
            "kind": "extra",
            "path": parameter.path,
            "got": parameter.shape,
        }),
        ParameterFault::Misshapen {
            parameter,
            expected,
        } => json!({
            "kind": "misshapen",
            "path": parameter.path,
            "got": parameter.shape,
            "expected": expected,
        }),
    }
}

fn mismatches(found: &Mismatches) -> Value {
    json!({
        "observation": found.observation,
        "shape": found.shape,
        "first": mismatch(&found.first),
        "largest": mismatch(&found.largest),
        "wrong": found.wrong,
        "of": found.of,
        "where": pattern(&found.pattern),
        "relation": found.tensors.relation.map(relation),
        "tolerance": {
            "relative": found.tensors.tolerance.relative,
            "absolute": found.tensors.tolerance.absolute,
        },
    })
}

fn relation(relation: Relation) -> Value {
    match relation {
        Relation::Constant(value) => json!({"constant": json_number(value)}),
        Relation::Scaled(factor) => json!({"scaled_by": json_number(factor)}),
        Relation::Offset(offset) => json!({"offset_by": json_number(offset)}),
        Relation::Transposed => json!("transposed"),
        Relation::Reversed(axis) => json!({"reversed_along": axis}),
        Relation::Late(axis) => json!({"one_late_along": axis}),
        Relation::Early(axis) => json!({"one_early_along": axis}),
    }
}

fn pattern(pattern: &Pattern) -> Value {
    match pattern {
        Pattern::Everywhere => json!("everywhere"),
        Pattern::Scattered => json!("scattered"),
        Pattern::Triangle(Triangle::Above) => json!("above_diagonal"),
        Pattern::Triangle(Triangle::Below) => json!("below_diagonal"),
        Pattern::Triangle(Triangle::Diagonal) => json!("diagonal"),
        Pattern::Within(parts) => parts.iter().map(axis_part).collect(),
    }
}

fn axis_part(AxisPart { axis, part }: &AxisPart) -> Value {
    match part {
        Part::Only(i) => json!({"axis": axis, "only": i}),
        Part::After(i) => json!({"axis": axis, "after": i}),
        Part::Before(i) => json!({"axis": axis, "before": i}),
        Part::These(these) => json!({"axis": axis, "these": these}),
    }
}

fn mismatch(mismatch: &Mismatch) -> Value {
    json!({
        "index": mismatch.index,
        "got": json_number(mismatch.got),
        "expected": json_number(mismatch.expected),
    })
}

/// JSON has no NaN and no infinities: they become text.
fn json_number(value: f64) -> Value {
    if value.is_finite() {
        json!(value)
    } else {
        json!(super::numbers::number(value))
    }
}

fn reaction(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Accepts => "accepts",
        Reaction::ReturnsError => "returns_error",
        Reaction::Panics => "panics",
    }
}

#[cfg(test)]
mod tests;
