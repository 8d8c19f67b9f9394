//! What a teacher decides by hand: `overrides.toml`. docs/grades.md says how it is written.
//!
//! It is put over the results whenever they are written and never into the log: what the checks
//! found stays what it is.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use crate::classroom::record::{Decision, Grades, Points, Student};
use crate::course::{Course, line_and_column};
use crate::error::{Error, Result};
use crate::files;

/// The file's name in the folder of results.
pub const FILE: &str = "overrides.toml";

/// Decisions, each sound by itself.
#[derive(Debug, Default)]
pub struct Overrides {
    path: PathBuf,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    /// Where in the file it is.
    line: usize,
    student: String,
    /// The step's id; none if it is about the submission as a whole.
    step: Option<String>,
    excused: bool,
    points: Option<Points>,
    reason: Option<String>,
    comment: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    #[serde(default, rename = "override")]
    entries: Vec<Spanned<Row>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    student: String,
    step: Option<Spanned<String>>,
    points: Option<Spanned<f64>>,
    excused: Option<bool>,
    reason: Option<String>,
    comment: Option<String>,
}

/// What is wrong, and at which byte.
type Flaw = (usize, String);

impl Overrides {
    /// Reads the decisions in the file `path`.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or one of them is not sound, with its line.
    pub fn read(path: &Path, course: &Course) -> Result<Self> {
        let text = files::read_text(path).map_err(Error::named("--overrides", path))?;
        let entries = parse(&text, course)
            .map_err(|(at, message)| flawed(path, line_and_column(&text, at).0, &message))?;
        Ok(Self {
            path: path.to_owned(),
            entries,
        })
    }

    /// Sees that every decision is about somebody, and is worth no more than the step. What is about
    /// a step that is not among `steps`, each with what it is worth, waits until that is graded.
    ///
    /// # Errors
    ///
    /// For the first that is not, with its line.
    pub fn fit(&self, students: &[&str], steps: &[(&str, u32)]) -> Result<()> {
        for entry in &self.entries {
            if !students.contains(&entry.student.as_str()) {
                let meant = nearest(students, &entry.student)
                    .map_or(String::new(), |name| format!("; did you mean `{name}`?"));
                let message = format!("there is no student `{}`{meant}", entry.student);
                return Err(flawed(&self.path, entry.line, &message));
            }
            let worth = (steps.iter()).find(|(id, _)| entry.step.as_deref() == Some(*id));
            if let (Some((id, worth)), Some(points)) = (worth, entry.points)
                && points > Points::whole(*worth)
            {
                let message = format!("{id} is worth {worth} points, and not {points}");
                return Err(flawed(&self.path, entry.line, &message));
            }
        }
        Ok(())
    }

    /// Puts the decisions over what was found, and before them those that the roster or the command
    /// line made: steps that do not count. Those about students who are in another part of the class,
    /// or about other steps, wait.
    pub fn put_over(&self, grades: &mut Grades) {
        for record in &mut grades.records {
            excuse(&mut record.student);
        }
        let mut students: HashMap<String, &mut _> = (grades.records.iter_mut())
            .map(|record| (record.student.id.clone(), &mut record.student))
            .collect();
        for entry in &self.entries {
            let Some(student) = students.get_mut(&entry.student) else {
                continue;
            };
            let Some(step) = &entry.step else {
                student.comment.clone_from(&entry.comment);
                continue;
            };
            for grade in student.steps.iter_mut().filter(|grade| grade.step == *step) {
                // A comment alone leaves it out of account; points do not.
                let excused = entry.excused || (entry.points.is_none() && grade.is_excused());
                grade.decide(Decision {
                    earned: grade.earned(),
                    excused,
                    points: entry.points,
                    reason: entry.reason.clone(),
                    comment: entry.comment.clone(),
                });
            }
        }
    }
}

/// Leaves the steps out of account that do not count for the student.
fn excuse(student: &mut Student) {
    let excused = &student.intake.excused;
    for grade in (student.steps.iter_mut()).filter(|grade| excused.contains(&grade.step)) {
        grade.decide(Decision {
            earned: grade.earned(),
            excused: true,
            points: None,
            reason: None,
            comment: None,
        });
    }
}

fn parse(text: &str, course: &Course) -> std::result::Result<Vec<Entry>, Flaw> {
    let manifest: Manifest = toml::from_str(text).map_err(|e| {
        let at = e.span().map_or(0, |span| span.start);
        (at, e.message().to_owned())
    })?;
    let mut entries: Vec<Entry> = Vec::new();
    for row in manifest.entries {
        let at = row.span().start;
        let entry = entry(row.into_inner(), at, text, course)?;
        let same = |other: &&Entry| other.student == entry.student && other.step == entry.step;
        if let Some(other) = entries.iter().find(same) {
            let message = format!(
                "line {} decides about `{}` and the same step already",
                other.line, entry.student
            );
            return Err((at, message));
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn entry(row: Row, at: usize, text: &str, course: &Course) -> std::result::Result<Entry, Flaw> {
    let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let (reason, comment) = (said(row.reason), said(row.comment));
    let excused = row.excused.unwrap_or(false);
    let step = match &row.step {
        None => None,
        Some(name) => {
            let step = course.step(name.as_ref());
            let step = step.map_err(|e| (name.span().start, e.to_string()))?;
            Some(step.id.clone())
        }
    };
    let points = match &row.points {
        None => None,
        Some(number) => Some(Points::exactly(*number.as_ref()).ok_or_else(|| {
            let message = "points are a number from 0 with at most two decimals";
            (number.span().start, message.to_owned())
        })?),
    };
    let decides = excused || points.is_some();
    let flaw = match (&step, &reason, &comment) {
        _ if excused && points.is_some() => "either `points` or `excused = true`, not both",
        (None, ..) if decides => "`step` is missing: which step is this about?",
        (_, None, _) if decides => "`reason` is missing: why is this decided?",
        (_, _, None) if !decides => "nothing is said: `points`, `excused` or `comment` is missing",
        _ => {
            return Ok(Entry {
                line: line_and_column(text, at).0,
                student: row.student,
                step,
                excused,
                points,
                reason,
                comment,
            });
        }
    };
    Err((at, flaw.into()))
}

fn flawed(path: &Path, line: usize, message: &str) -> Error {
    Error::Usage {
        message: format!("{}:{line}: {message}", path.display()),
        next: "mend that line, then type the same again".into(),
    }
}

/// The name most like `typed`, if any is like it at all.
fn nearest<'a>(names: &[&'a str], typed: &str) -> Option<&'a str> {
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(name, typed);
    (names.iter().copied())
        .filter(|name| likeness(name) > 0.6)
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classroom::gradebook::sample;
    use crate::classroom::record::StepGrade;

    fn course() -> Course {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        Course::find(root).expect("the course is there")
    }

    fn read(text: &str) -> Result<Overrides> {
        let folder = tempfile::tempdir().expect("a folder for tests");
        let path = folder.path().join(FILE);
        std::fs::write(&path, text).expect("it can be written");
        Overrides::read(&path, &course())
    }

    fn said(text: &str) -> String {
        read(text).map_or_else(|e| e.to_string(), |_| "sound".into())
    }

    const SOUND: &str = r#"
[[override]]
student = "0042"
step = "layer-norm"
points = 8.5
reason = "the upload was cut off"

[[override]]
student = "0042"
step = "s07"
excused = true
reason = "ill"

[[override]]
student = "0042"
step = "1"
comment = "A fine start."

[[override]]
student = "ok"
comment = "All of it is right.\nWell done!"
"#;

    #[test]
    fn what_is_decided_is_put_over_what_was_found() {
        let decisions = read(SOUND).expect("it is sound");
        let mut grades = sample::grades();
        let found = grades.clone();
        decisions.put_over(&mut grades);
        let student = &grades.records[1].student;
        let scores: Vec<String> = (student.steps.iter())
            .map(|s| s.score.to_string())
            .collect();
        assert_eq!(scores, ["5", "8.5", "0", "0"]);
        assert_eq!(student.out_of(&grades.header).to_string(), "25");
        let decision = student.steps[1].decision.as_ref().expect("it is decided");
        assert_eq!(decision.earned, found.records[1].student.steps[1].score);
        assert_eq!(
            student.steps[1].verdict,
            found.records[1].student.steps[1].verdict
        );
        assert!(student.steps[2].is_excused());
        let comment = grades.records[6].student.comment.as_deref();
        assert_eq!(comment, Some("All of it is right.\nWell done!"));
        assert_eq!(grades.records[0], found.records[0]);
    }

    #[test]
    fn what_is_not_sound_is_told_with_its_line() {
        let one = |rest: &str| said(&format!("\n[[override]]\nstudent = \"a\"\n{rest}\n"));
        for (rest, line, word) in [
            ("points = 1\nreason = \"r\"", 2, "which step"),
            ("step = \"s01\"\npoints = 1", 2, "why"),
            ("step = \"s01\"", 2, "nothing is said"),
            ("step = \"s01\"\ncomment = \" \"", 2, "nothing is said"),
            ("step = \"s99\"\ncomment = \"c\"", 4, "s99"),
            (
                "step = \"s01\"\npoints = 1.005\nreason = \"r\"",
                5,
                "two decimals",
            ),
            ("step = \"s01\"\npoints = -1\nreason = \"r\"", 5, "from 0"),
            (
                "step = \"s01\"\npoints = 1\nexcused = true\nreason = \"r\"",
                2,
                "not both",
            ),
            ("stop = \"s01\"", 4, "unknown field"),
            (
                "comment = \"c\"\n[[override]]\nstudent = \"a\"\ncomment = \"d\"",
                5,
                "line 2",
            ),
            ("comment = ", 4, "string"),
        ] {
            let said = one(rest);
            assert!(said.contains(&format!("{FILE}:{line}: ")), "{rest}: {said}");
            assert!(said.contains(word), "{rest}: {said}");
        }
        assert_eq!(one("comment = \"c\""), "sound");
        assert_eq!(said(""), "sound");
    }

    #[test]
    fn who_is_unknown_is_told_and_more_than_a_step_is_worth() {
        let decisions = read(SOUND).expect("it is sound");
        let fit = |students: &[&str], steps: &[(&str, u32)]| {
            decisions
                .fit(students, steps)
                .map_or_else(|e| e.to_string(), |()| "fits".into())
        };
        assert_eq!(fit(&["ok", "0042"], &[("s03", 10)]), "fits");
        // Another step waits for its time.
        assert_eq!(fit(&["ok", "0042"], &[("s01", 1)]), "fits");
        let said = fit(&["ok", "0043"], &[]);
        assert!(said.contains(&format!(
            "{FILE}:2: there is no student `0042`; did you mean `0043`?"
        )));
        let said = fit(&["ok", "0042"], &[("s03", 8)]);
        assert!(
            said.contains("s03 is worth 8 points, and not 8.5"),
            "{said}"
        );
    }

    #[test]
    fn the_roster_and_the_file_decide_in_one_way() {
        let mut grades = sample::grades();
        let student = &mut grades.records[1].student;
        assert_eq!(student.id, "0042");
        student.intake.excused = ["s01", "s03", "s11"].map(String::from).into();
        let earned = student.steps[0].score;
        read(SOUND).expect("it is sound").put_over(&mut grades);
        let steps = &grades.records[1].student.steps;
        let excused: Vec<bool> = steps.iter().map(StepGrade::is_excused).collect();
        // Points in the file count before the roster; a comment leaves to it what it says.
        assert_eq!(excused, [true, false, true, true]);
        let first = steps[0].decision.as_ref().expect("it is excused");
        assert_eq!((first.earned, steps[0].score), (earned, Points::default()));
        assert_eq!(first.comment.as_deref(), Some("A fine start."));
        assert_eq!(steps[1].score.to_string(), "8.5");
        assert!(steps[3].is_excused() && steps[3].earned() == Points::default());
    }

    #[test]
    fn the_page_shows_a_file_that_is_sound() {
        let page = include_str!("../../docs/grades.md");
        let (_, rest) = page
            .split_once("```toml\n[[override]]")
            .expect("an example");
        let (example, _) = rest.split_once("```").expect("it ends");
        assert_eq!(said(&format!("[[override]]{example}")), "sound");
    }
}
