use std::collections::BTreeSet;

use super::*;
use crate::course::StepLimits;
use crate::engine::judge::Fault;

fn step(id: &str) -> Step {
    Step {
        id: id.into(),
        name: format!("{id}_x"),
        title: String::new(),
        learnt: None,
        points: 1,
        needs: Vec::new(),
        allows: Vec::new(),
        assets: Vec::new(),
        limits: StepLimits::default(),
    }
}

fn wrong() -> Verdict {
    Verdict::Failed {
        group: "g".into(),
        fault: Fault::StackOverflow,
    }
}

fn broken() -> Verdict {
    Verdict::DoesNotCompile {
        errors: Vec::new(),
        signatures: Vec::new(),
        timed_out: false,
    }
}

fn stuck(step: &str) -> Verdict {
    Verdict::EarlierStep {
        step: step.into(),
        verdict: Box::new(broken()),
    }
}

/// The roles of four steps, for a verdict that depends on which of them are the learner's own.
fn roles(verdict: impl Fn(&BTreeSet<&str>) -> Verdict) -> Vec<String> {
    let ids = ["s01", "s02", "s03", "s04"];
    let steps = ids.map(step);
    let needs: Vec<&Step> = steps.iter().collect();
    let none = verdict(&BTreeSet::new());
    let of = |earlier: &Earlier| match earlier {
        Earlier::Own(ids) => Ok(verdict(&ids.iter().map(String::as_str).collect())),
        _ => panic!("{earlier:?}"),
    };
    let parts = sweep(&needs, &none, of).unwrap_or_else(|e| panic!("{e}"));
    let word = |part: Part| match part.role {
        Role::Sound => "sound".to_owned(),
        Role::Guilty(verdict) => verdict.kind().to_string(),
        Role::StandsOn(ids) => format!("on {}", ids.join(" ")),
        Role::Entangled(ids) => format!("with {}", ids.join(" ")),
        Role::DoesNotFit => "does not fit".into(),
    };
    parts.into_iter().map(word).collect()
}

#[test]
fn each_step_at_which_the_verdict_turns_is_to_blame() {
    let found = roles(|own| match own.contains("s02") || own.contains("s04") {
        true => wrong(),
        false => Verdict::Passed,
    });
    assert_eq!(
        found,
        ["sound", "stack_overflow", "sound", "stack_overflow"]
    );
}

#[test]
fn a_helper_of_an_own_step_is_not_to_blame() {
    // s04 uses something of s03; s02 is wrong.
    let found = roles(|own| match (own.contains("s04"), own.contains("s03")) {
        (true, false) => stuck("s04"),
        _ if own.contains("s02") => wrong(),
        _ => Verdict::Passed,
    });
    assert_eq!(found, ["sound", "stack_overflow", "sound", "sound"]);
}

#[test]
fn what_stands_on_a_guilty_step_cannot_be_told() {
    let found = roles(|own| match (own.contains("s04"), own.contains("s03")) {
        (true, false) => stuck("s04"),
        (_, true) => wrong(),
        _ => Verdict::Passed,
    });
    assert_eq!(found, ["sound", "sound", "stack_overflow", "on s03"]);
}

#[test]
fn the_traced_step_may_use_a_helper_itself() {
    let found = roles(|own| match own.contains("s03") {
        false => broken(),
        true if own.contains("s02") => wrong(),
        true => Verdict::Passed,
    });
    assert_eq!(found, ["sound", "stack_overflow", "sound", "sound"]);
    // If the helper itself is what is wrong, nothing else can be tried in its place.
    let found = roles(|own| match own.contains("s03") {
        false => broken(),
        true => wrong(),
    });
    assert_eq!(found, ["with s03"]);
}

#[test]
fn what_the_references_steps_do_not_compile_on_waits_for_a_later_own_one() {
    // s02 has another signature, which own s03 knows of.
    let other = |own: &BTreeSet<&str>| match (own.contains("s02"), own.contains("s03")) {
        (true, false) => Some(stuck("s03")),
        (false, true) => Some(stuck("s03")),
        _ => None,
    };
    let found = roles(|own| {
        other(own).unwrap_or(match own.contains("s04") {
            true => wrong(),
            false => Verdict::Passed,
        })
    });
    assert_eq!(found, ["sound", "sound", "sound", "stack_overflow"]);
    let found = roles(|own| {
        other(own).unwrap_or(match own.contains("s03") {
            true => wrong(),
            false => Verdict::Passed,
        })
    });
    assert_eq!(found, ["sound", "with s02 s03", "with s02 s03", "sound"]);
}

#[test]
fn what_waits_does_not_hold_up_others() {
    // Nothing of the reference's, nor own s04, compiles on own s02; own s03 is wrong.
    let found = roles(|own| match (own.contains("s02"), own.contains("s04")) {
        (true, true) => stuck("s04"),
        (true, false) => stuck("s04"),
        _ if own.contains("s03") => wrong(),
        _ => Verdict::Passed,
    });
    assert_eq!(found, ["sound", "does not fit", "stack_overflow", "sound"]);
}

#[test]
fn what_does_not_compile_on_own_steps_is_to_blame() {
    let found = roles(|own| match own.contains("s03") && own.contains("s02") {
        true => stuck("s03"),
        false => Verdict::Passed,
    });
    assert_eq!(found, ["sound", "sound", "earlier_step", "sound"]);
}
