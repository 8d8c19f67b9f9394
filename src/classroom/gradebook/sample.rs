//! A class with everything in it that a format may stumble over.

use crate::classroom::due::Lateness;
use crate::classroom::overrides::Overrides;
use crate::classroom::record::{
    Deadline, Decision, Diagnosis, EarlierSteps, GradedStep, Grades, GroupOutcome, Header, Hidden,
    Intake, Points, Record, Sandbox, StepGrade, Student, Submitted, TimeFrom, Timing, VERSION,
};

/// Four steps, seven students.
#[must_use]
pub fn grades() -> Grades {
    let steps = [
        ("s01", "config", "Configuration", 5),
        ("s03", "layer_norm", "Layer normalisation", 10),
        ("s07", "attention", "Causal self-attention", 20),
        ("s11", "all", "The model, \"ALL\" <whole>", 10),
    ];
    let header = header(steps.iter().map(|&(id, name, title, points)| GradedStep {
        name: format!("{id}_{name}"),
        title: title.into(),
        ..graded_step(id, points)
    }));
    let by = |step: usize| Grade(&header.steps[step]);
    let biased = diagnosis(
        "unbiased-variance",
        "divides by n - 1 instead of n for the variance",
    );
    let epsilon = diagnosis(
        "epsilon-outside-the-root",
        "adds epsilon to the standard deviation, outside the root",
    );
    let unscaled = diagnosis(
        "unscaled-scores",
        "does not scale the scores by the width of a head",
    );
    let records = vec![
        record(
            "-1+1 \"quoted\", twice",
            [
                by(0).passed(),
                by(1).passed(),
                by(2).passed(),
                by(3).passed(),
            ],
        ),
        record(
            "0042",
            [
                by(0).passed(),
                by(1).partial(vec![biased.clone(), epsilon]),
                by(2).failed("timed_out", "stopped after 10 s", Vec::new()),
                by(3).not_started(),
            ],
        ),
        record(
            "<script>alert('1 & 2')</script>",
            [
                by(0).failed(
                    "does_not_compile",
                    "]]> <b>&amp; \u{1}\u{1b}[31m\u{fffe}",
                    vec![],
                ),
                by(1).missing(),
                by(2).partial(vec![unscaled]),
                by(3).missing(),
            ],
        ),
        record(
            "=cmd|' /C calc'!A0",
            [
                by(0).passed(),
                by(1).partial(vec![biased]),
                by(2).forbidden("nets::nn::attention::MultiHeadAttention"),
                by(3).not_started(),
            ],
        ),
        record(
            "Zoë 李",
            [
                by(0).passed(),
                by(1).passed(),
                by(2).passed(),
                by(3).not_started(),
            ],
        ),
        with_notes(
            "a.student.with.a.rather.long.name@university.example",
            "There is no file of any step: `report.pdf` is all that was handed in.\nIt is empty.",
            [
                by(0).missing(),
                by(1).missing(),
                by(2).missing(),
                by(3).missing(),
            ],
        ),
        record(
            "ok",
            [
                by(0).passed(),
                by(1).passed(),
                by(2).passed(),
                by(3).passed(),
            ],
        ),
    ];
    Grades { header, records }
}

/// The same class with a roster and a time when everything was due: the second student came two
/// days late, the third is not on the roster, the sixth handed in nothing.
#[must_use]
pub fn enrolled() -> Grades {
    let mut grades = grades();
    grades.header.deadline = Deadline {
        due: "2026-11-30T23:59+01:00".parse().ok(),
        late_rule: "10% per day".parse().ok(),
    };
    for (at, record) in grades.records.iter_mut().enumerate() {
        record.student.intake.on_roster = Some(at != 2);
    }
    let late = &mut grades.records[1].student;
    late.intake = Intake {
        name: Some("=Ana, \"A\"".into()),
        group: Some("A".into()),
        on_roster: Some(true),
        submitted: "2026-12-03T00:30".parse().ok().map(|at| Submitted {
            at,
            from: TimeFrom::Name,
        }),
        extra_time: 3600,
        excused: vec!["s07".into()],
        late: Some(Lateness {
            seconds: 2 * 86_400 - 1740,
            percent: 20,
        }),
    };
    grades.records[5].student.entry.clear();
    Overrides::default().put_over(&mut grades);
    grades
}

/// What nobody should be called.
pub const HOSTILE: &str = "<script>alert(\"x\")</script>'\u{202e}\0";

/// The same class, its second student hostile.
#[must_use]
pub fn hostile() -> Grades {
    let mut grades = grades();
    let student = &mut grades.records[1].student;
    student.id = HOSTILE.into();
    let step = &mut student.steps[1];
    step.verdict = "does_not_compile".into();
    step.file = Some(HOSTILE.into());
    step.source = Some("evil".into());
    step.notes = vec![HOSTILE.into()];
    step.forbidden = vec![HOSTILE.into()];
    step.text = format!("{HOSTILE}\n</pre>{HOSTILE}");
    grades
}

/// Puts into a class what few classes have: hidden checks, weights, decisions by hand.
pub fn with_everything(grades: &mut Grades) {
    grades.header.hidden_checks = Some("fedcba9876543210fedcba98".into());
    for step in &mut grades.header.steps {
        step.hidden = vec!["secret sizes".into(), "secret texts".into()];
        step.weights = vec![3, 1, 2, 2];
    }
    for (place, record) in grades.records.iter_mut().enumerate() {
        let student = &mut record.student;
        student.comment = (place % 2 == 0).then(|| "Let us talk.\nOn Monday?".into());
        for grade in &mut student.steps {
            grade.hidden = Some(Hidden {
                verdict: "wrong_values".into(),
                groups: vec![GroupOutcome::Passed, GroupOutcome::Failed],
                text: "secret sizes are right, secret texts are not".into(),
            });
        }
        decide(&mut student.steps[1], Some(Points::whole(9)), false);
        decide(&mut student.steps[2], None, true);
    }
}

fn decide(grade: &mut StepGrade, points: Option<Points>, excused: bool) {
    grade.decide(Decision {
        earned: grade.earned(),
        excused,
        points,
        reason: Some("what was handed in on paper".into()),
        comment: Some("See <chapter 3>.".into()),
    });
}

/// A class of two for the whole course.
#[must_use]
pub fn twelve_steps() -> Grades {
    let points = [5, 5, 10, 10, 5, 10, 20, 5, 10, 15, 10, 15];
    let points = points.iter().zip(1..);
    let header = header(points.map(|(&points, i)| graded_step(&format!("s{i:02}"), points)));
    let steps = || header.steps.iter().enumerate();
    let first = steps().map(|(i, step)| match i {
        0..6 => Grade(step).passed(),
        6 | 7 => Grade(step).partial(Vec::new()),
        8 => Grade(step).failed("wrong_shape", "wrong shape", Vec::new()),
        9 => Grade(step).forbidden("Mha"),
        10 => Grade(step).not_started(),
        _ => Grade(step).missing(),
    });
    let records = vec![
        record("anna", first),
        record(
            "李".repeat(20).as_str(),
            steps().map(|(_, step)| Grade(step).passed()),
        ),
    ];
    Grades { header, records }
}

fn header(steps: impl Iterator<Item = GradedStep>) -> Header {
    Header {
        version: VERSION,
        course: "Parsers by hand, step by step".into(),
        course_id: "0123456789abcdef01234567".into(),
        seed: 1_234_567_890_123,
        earlier: EarlierSteps::Reference,
        timeout: 10.0,
        sandbox: Sandbox::Enforced,
        shard: None,
        deadline: Deadline::default(),
        hidden_checks: None,
        steps: steps.collect(),
    }
}

fn record(id: &str, steps: impl IntoIterator<Item = StepGrade>) -> Record {
    let steps: Vec<StepGrade> = steps.into_iter().collect();
    Record {
        timing: Timing {
            started: 1_790_000_000_000,
            seconds: vec![0.25; steps.len()],
        },
        student: Student {
            id: id.into(),
            entry: format!("{id}.zip"),
            intake: Intake::default(),
            notes: Vec::new(),
            comment: None,
            steps,
        },
    }
}

fn with_notes(id: &str, note: &str, steps: impl IntoIterator<Item = StepGrade>) -> Record {
    let mut record = record(id, steps);
    record.student.notes.push(note.into());
    record
}

/// A step as it was graded.
#[must_use]
pub fn graded_step(id: &str, points: u32) -> GradedStep {
    GradedStep {
        id: id.into(),
        name: format!("{id}_step"),
        title: "A step".into(),
        points,
        seed: 9_876_543_210,
        groups: vec!["the parameters".into(), "the values".into()],
        hidden: Vec::new(),
        weights: Vec::new(),
    }
}

/// What a student has for a step.
#[must_use]
pub fn step(id: &str, verdict: &str, points: u32) -> StepGrade {
    let outcome = GroupOutcome::NotReached;
    Grade(&graded_step(id, points)).grade(verdict, Points::whole(points), outcome, verdict)
}

/// A known mistake.
#[must_use]
pub fn diagnosis(id: &str, what: &str) -> Diagnosis {
    Diagnosis {
        id: id.into(),
        what: what.into(),
        nudge: "What would happen with twice as many?".into(),
    }
}

/// Grades for a step.
struct Grade<'a>(&'a GradedStep);

impl Grade<'_> {
    fn passed(&self) -> StepGrade {
        let all = Points::whole(self.0.points);
        self.grade("passed", all, GroupOutcome::Passed, "passed")
    }

    fn partial(&self, diagnosis: Vec<Diagnosis>) -> StepGrade {
        let mut grade = self.failed("wrong_values", "wrong values\n\n  ✗ the values", diagnosis);
        grade.score = Points::whole(self.0.points).share(1, 3);
        grade.groups[0] = GroupOutcome::Passed;
        grade
    }

    fn failed(&self, verdict: &str, text: &str, diagnosis: Vec<Diagnosis>) -> StepGrade {
        let mut grade = self.grade(verdict, Points::default(), GroupOutcome::Failed, text);
        grade.diagnosis = diagnosis;
        grade.line = Some(42);
        grade
    }

    fn forbidden(&self, call: &str) -> StepGrade {
        let mut grade = self.failed("forbidden", "calls what it should write itself", vec![]);
        grade.forbidden.push(call.into());
        grade
            .notes
            .push("Of two files, the newer one was taken.".into());
        grade
    }

    fn not_started(&self) -> StepGrade {
        let outcome = GroupOutcome::NotReached;
        self.grade("not_started", Points::default(), outcome, "not started")
    }

    fn missing(&self) -> StepGrade {
        let outcome = GroupOutcome::NotReached;
        let mut grade = self.grade("missing", Points::default(), outcome, "");
        grade.text.clear();
        (grade.file, grade.source) = (None, None);
        grade
    }

    fn grade(&self, verdict: &str, score: Points, outcome: GroupOutcome, text: &str) -> StepGrade {
        let GradedStep {
            id, name, title, ..
        } = self.0;
        let mark = if verdict == "passed" { '✓' } else { '✗' };
        StepGrade {
            step: id.clone(),
            file: Some(format!("steps/{name}.rs")),
            source: Some("ca11ab1eca11ab1eca11ab1e".into()),
            notes: Vec::new(),
            verdict: verdict.into(),
            line: None,
            score,
            groups: vec![outcome; self.0.groups.len()],
            hidden: None,
            decision: None,
            diagnosis: Vec::new(),
            forbidden: Vec::new(),
            text: format!("{mark} {id} {title}: {text}\n"),
        }
    }
}
