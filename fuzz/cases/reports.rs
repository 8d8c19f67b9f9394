//! A class is written in every format; whatever a student can choose is from the input, whose parts
//! are parted by zero bytes.

use tutor::classroom::due::Lateness;
use tutor::classroom::gradebook::Visibility;
use tutor::classroom::gradebook::html::{self, Material};
use tutor::classroom::gradebook::{ClassFormat, table};
use tutor::classroom::record::{
    Deadline, Decision, EarlierSteps, GradedStep, Grades, GroupOutcome, Header, Hidden, Intake,
    Points, Record, Sandbox, StepGrade, Student, Submitted, TimeFrom, Timing, VERSION,
};
use tutor::course::verdict_kind::VerdictKind;

const SOLUTION: &str = include_str!("../../solutions/s03_layer_norm.rs");

/// Does what is to be tried with this input.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.split('\0').map(str::to_owned);
    let mut part = || parts.next().unwrap_or_default();
    let records = vec![record(&mut part), record(&mut part)];
    let source = part();
    let grades = Grades {
        header: header(),
        records,
    };
    for format in [
        ClassFormat::Json,
        ClassFormat::Csv,
        ClassFormat::Junit,
        ClassFormat::Gradescope,
    ] {
        let exporter = format.exporter(Visibility::Visible).expect("it has one");
        for file in exporter.files(&grades).expect("anything can be written") {
            let text = std::str::from_utf8(&file.content).expect("it is text");
            if file.name.ends_with(".json") {
                serde_json::from_str::<serde_json::Value>(text).expect("it is JSON");
            }
        }
    }
    let _ = table::table(&grades, 80);
    let page = html::page(&Material {
        grades: &grades,
        alike: &[],
        source: &|_| Some(source.clone()),
        solution: &|_| Some(SOLUTION.to_owned()),
    });
    assert!(!page.contains("<script"), "{page}");
}

fn header() -> Header {
    Header {
        version: VERSION,
        course: "Course".into(),
        course_id: "id".into(),
        seed: 1,
        earlier: EarlierSteps::Reference,
        timeout: 10.0,
        sandbox: Sandbox::Enforced,
        shard: None,
        deadline: Deadline {
            due: "2026-11-30T23:59Z".parse().ok(),
            late_rule: "10% per day".parse().ok(),
        },
        hidden_checks: Some("id".into()),
        steps: vec![GradedStep {
            id: "s03".into(),
            name: "s03_layer_norm".into(),
            title: "Layer normalisation".into(),
            points: 10,
            seed: 2,
            groups: vec!["one".into(), "two".into()],
            hidden: vec!["three".into()],
            weights: Vec::new(),
        }],
    }
}

fn record(part: &mut impl FnMut() -> String) -> Record {
    let step = StepGrade {
        step: "s03".into(),
        file: Some(part()),
        source: Some("name".into()),
        notes: vec![part()],
        verdict: VerdictKind::Panicked.into(),
        line: Some(7),
        score: Points::whole(3),
        groups: vec![GroupOutcome::Passed, GroupOutcome::Failed],
        hidden: Some(Hidden {
            verdict: VerdictKind::Panicked.into(),
            groups: vec![GroupOutcome::NotReached],
            text: part(),
        }),
        decision: Some(Decision {
            earned: Points::whole(3),
            excused: false,
            points: Some(Points::whole(4)),
            reason: Some(part()),
            comment: Some(part()),
        }),
        diagnosis: Vec::new(),
        forbidden: vec![part()],
        text: part(),
    };
    Record {
        student: Student {
            id: part(),
            entry: part(),
            intake: Intake {
                name: Some(part()),
                group: Some(part()),
                on_roster: Some(false),
                submitted: Some(Submitted {
                    at: "2026-12-02T10:00Z".parse().expect("a time"),
                    from: TimeFrom::Name,
                }),
                extra_time: 3600,
                excused: Vec::new(),
                late: Some(Lateness {
                    seconds: 100_000,
                    percent: 20,
                }),
            },
            notes: vec![part()],
            comment: Some(part()),
            steps: vec![step],
        },
        timing: Timing {
            started: 1,
            seconds: vec![0.5],
        },
    }
}
