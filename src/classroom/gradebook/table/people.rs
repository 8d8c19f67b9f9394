//! Who handed in nothing, who is not known, who came late, and for whom a step does not count.

use crate::classroom::record::{Grades, Student};
use crate::terminal;
use crate::text;

/// So many are named.
const SHOWN: usize = 12;

/// A paragraph for each of these that somebody is, or nothing.
pub fn people(grades: &Grades, width: usize) -> String {
    let students = || grades.records.iter().map(|record| &record.student);
    let of = |is: fn(&Student) -> bool| {
        students()
            .filter(move |student| is(student))
            .map(Student::label)
    };
    let missing = of(Student::is_missing);
    let unknown = of(|student| student.intake.on_roster == Some(false));
    let late = students().filter_map(|student| {
        let lateness = student.lateness()?;
        let by = student
            .intake
            .submitted
            .map_or("", |submitted| submitted.from.words());
        Some(format!("{}: {lateness} ({by})", student.label()))
    });
    let excused = students().filter_map(|student| {
        let steps = student.steps.iter().filter(|step| step.is_excused());
        let steps: Vec<&str> = steps.map(|step| step.step.as_str()).collect();
        (!steps.is_empty()).then(|| format!("{} from {}", student.label(), steps.join(", ")))
    });
    let sections: [(&str, Vec<String>); 4] = [
        ("Nothing handed in", missing.collect()),
        ("Not on the roster", unknown.collect()),
        ("Late", late.collect()),
        ("Excused", excused.collect()),
    ];
    let mut text = String::new();
    for (title, people) in sections.iter().filter(|(_, people)| !people.is_empty()) {
        text.push_str(&format!("\n{title}:\n"));
        for person in people.iter().take(SHOWN) {
            text.push_str(&line(person, width));
        }
        if people.len() > SHOWN {
            text.push_str(&format!("  and {} more\n", people.len() - SHOWN));
        }
    }
    text
}

fn line(person: &str, width: usize) -> String {
    let options = terminal::wrapping(width)
        .initial_indent("  ")
        .subsequent_indent("    ");
    textwrap::fill(&text::line(person), options) + "\n"
}
