//! Who came late, and steps that do not count.

use super::*;
use crate::classroom::record::Decision;

/// The sample with a roster, what is said of the second student.
fn late() -> Grades {
    let mut grades = sample::enrolled();
    grades.records = grades.records[1..2].to_vec();
    grades
}

#[test]
fn what_is_taken_off_stands_beside_the_points() {
    let grades = late();
    let student = &grades.records[0].student;
    // 5 and a third of 10; the third step, of 20 points, does not count.
    assert_eq!(student.earned().to_string(), "8.33");
    assert_eq!(student.deduction().to_string(), "1.66");
    assert_eq!(student.score().to_string(), "6.67");
    assert_eq!(student.out_of(&grades.header).to_string(), "25");
    let said = "1 day 23 hours late: 20 % off, 1.66 of 8.33 points";
    assert_eq!(student.lateness().as_deref(), Some(said));

    let row = text(&only(ClassFormat::Csv, &grades));
    let mut reader = csv::Reader::from_reader(row.as_bytes());
    let head = reader.headers().expect("headers").clone();
    let row = reader
        .records()
        .next()
        .expect("a row")
        .expect("it is whole");
    let cell = |name: &str| {
        let at = head.iter().position(|head| head == name).expect("a column");
        row[at].to_owned()
    };
    for (name, expected) in [
        ("score", "6.67"),
        ("out_of", "25"),
        ("s07", "EX"),
        ("name", "'=Ana, \"A\""),
        ("group", "A"),
        ("submitted", "2026-12-03T00:30:00"),
        ("submitted_from", "name"),
        ("late", said),
        ("deduction", "1.66"),
    ] {
        assert_eq!(cell(name), expected, "{name}");
    }

    let results = json(&files(ClassFormat::Gradescope, &grades)[0]);
    assert_eq!(results["score"], 6.67);
    assert!(
        results["output"]
            .as_str()
            .is_some_and(|text| text.contains(said))
    );
    assert_eq!(results["tests"][2]["max_score"], 0);
    assert!(
        results["tests"][2]["name"]
            .as_str()
            .is_some_and(|name| name.ends_with("(excused)"))
    );

    let xml = text(&only(ClassFormat::Junit, &grades));
    let report = quick_junit::Report::deserialize_from_str(&xml).expect("it is well-formed");
    let suite = &report.test_suites[0];
    assert_eq!(suite.skipped, 1);
    let property = |name: &str| {
        let found = suite
            .properties
            .iter()
            .find(|property| property.name.as_str() == name);
        found.map(|property| property.value.as_str().to_owned())
    };
    assert_eq!(property("out_of").as_deref(), Some("25"));
    assert_eq!(property("late").as_deref(), Some(said));
    assert_eq!(property("group").as_deref(), Some("A"));
}

#[test]
fn what_was_decided_is_not_reduced_again() {
    let mut grades = late();
    let student = &mut grades.records[0].student;
    let earned = student.steps[1].score;
    student.steps[1].decide(Decision {
        earned,
        excused: false,
        points: Some(Points::whole(9)),
        reason: Some("on paper".into()),
        comment: None,
    });
    // 20 % of the 5 points of the first step.
    assert_eq!(student.earned(), Points::whole(14));
    assert_eq!(student.deduction(), Points::whole(1));
    assert_eq!(student.score(), Points::whole(13));
    let said = student.lateness().expect("it is late");
    assert!(said.ends_with(": 20 % off, 1 of 5 points"), "{said}");
}

#[test]
fn a_step_that_does_not_count_is_in_no_mean() {
    let grades = late();
    let class = &Results::from(&grades).class;
    let step = &class.steps[2];
    assert_eq!((step.excused, step.none, step.missing), (1, 0, 0));
    assert_eq!(step.mean, Points::default());
    assert_eq!(class.mean.to_string(), "6.67");
}
