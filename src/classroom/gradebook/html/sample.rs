//! A small class for tests.

use crate::classroom::record::{
    Diagnosis, EarlierSteps, GradedStep, Grades, GroupOutcome, Header, Points, Record, Sandbox,
    StepGrade, Student, Timing, VERSION,
};

/// What nobody should be called.
pub const HOSTILE: &str = "<script>alert(\"x\")</script>'\u{202e}\0";

/// Two students, the second of them hostile, and two steps.
pub fn grades() -> Grades {
    let good = vec![step("s01", "passed", 5), step("s02", "wrong_values", 4)];
    let mut bad = step("s02", "does_not_compile", 0);
    bad.file = Some(HOSTILE.into());
    bad.source = Some("evil".into());
    bad.notes = vec![HOSTILE.into()];
    bad.forbidden = vec![HOSTILE.into()];
    bad.text = format!("{HOSTILE}\n</pre>{HOSTILE}");
    Grades {
        header: Header {
            version: VERSION,
            course: "GPT-2 & friends".into(),
            course_id: "0123abcd".into(),
            seed: 7,
            earlier: EarlierSteps::Reference,
            timeout: 10.0,
            sandbox: Sandbox::Enforced,
            shard: None,
            steps: vec![graded_step("s01", 5), graded_step("s02", 10)],
        },
        records: vec![
            student("ada", good),
            student(HOSTILE, vec![step("s01", "missing", 0), bad]),
        ],
    }
}

fn student(id: &str, steps: Vec<StepGrade>) -> Record {
    Record {
        student: Student {
            id: id.into(),
            entry: format!("{id}.zip"),
            notes: Vec::new(),
            steps,
        },
        timing: Timing::default(),
    }
}

/// A step as it was graded.
pub fn graded_step(id: &str, points: u32) -> GradedStep {
    GradedStep {
        id: id.into(),
        name: format!("{id}_name"),
        title: format!("Title of {id}"),
        points,
        seed: 77,
        groups: vec!["first things".into(), "last things".into()],
    }
}

/// What a student has for a step.
pub fn step(id: &str, verdict: &str, points: u32) -> StepGrade {
    StepGrade {
        step: id.into(),
        file: None,
        source: None,
        notes: Vec::new(),
        verdict: verdict.into(),
        line: None,
        score: Points::whole(points),
        groups: vec![GroupOutcome::Passed, GroupOutcome::NotReached],
        diagnosis: Vec::new(),
        forbidden: Vec::new(),
        text: String::new(),
    }
}

/// A known mistake.
pub fn diagnosis(id: &str) -> Diagnosis {
    Diagnosis {
        id: id.into(),
        what: format!("does {id}"),
        pointer: "Think.".into(),
    }
}
