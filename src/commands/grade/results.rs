//! Writing what became of a class.

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;

use crate::classroom::gradebook::alike::{self, Group, Way};
use crate::classroom::gradebook::html::{self, Material};
use crate::classroom::gradebook::{ClassFormat, File, feedback, table};
use crate::classroom::record::{Grades, VERSION};
use crate::classroom::results_folder;
use crate::classroom::similarity::{self, Base, Findings, Text};
use crate::cli::Results;
use crate::course::Course;
use crate::error::{Error, Result};
use crate::files;
use crate::terminal;
use crate::text;

/// The submissions that are alike, in the folder of results.
const ALIKE: &str = "alike.json";

/// The class as a page.
const PAGE: &str = "report.html";

/// So many groups are shown in the terminal.
const SHOWN: usize = 5;

/// So many members of each.
const NAMED: usize = 6;

/// What stands in [`ALIKE`].
#[derive(Serialize)]
struct AlikeFile<'a> {
    version: u32,
    #[serde(flatten)]
    findings: &'a Findings,
}

/// Writes every file that was asked for, and says what there is.
pub fn write(course: &Course, grades: &Grades, results: &Results) -> Result<()> {
    let out = &results.out;
    let found = found_alike(course, grades, out)?;
    let groups = alike::groups(&found, &grades.header);
    let file = AlikeFile {
        version: VERSION,
        findings: &found,
    };
    let json = serde_json::to_string_pretty(&file).map_err(|e| Error::Internal(e.to_string()))?;
    files::write(&out.join(ALIKE), (text::json(&json) + "\n").as_bytes())?;

    let mut formats = results.formats.clone();
    // Always, and last: where it is, the grading came to its end.
    formats.retain(|format| *format != ClassFormat::Json);
    formats.push(ClassFormat::Json);
    for format in formats {
        let files = match (format, format.exporter(results.visibility)) {
            (_, Some(exporter)) => exporter.files(grades)?,
            (ClassFormat::Feedback, None) => {
                feedback::files(grades, &|name| results_folder::source(out, name))?
            }
            (_, None) => vec![File {
                name: PAGE.into(),
                content: page(course, grades, &groups, out).into_bytes(),
            }],
        };
        for file in files {
            files::write(&out.join(&file.name), &file.content)?;
        }
    }
    terminal::print(&table::table(grades, terminal::width()))?;
    terminal::print(&summary(&groups))?;
    terminal::print(&format!("\nResults: {}\n", out.display()))
}

/// Which submissions look alike.
fn found_alike(course: &Course, grades: &Grades, out: &Path) -> Result<Findings> {
    let mut sources: HashMap<&str, String> = HashMap::new();
    let handed: Vec<(&str, &str, &str)> = grades
        .records
        .iter()
        .flat_map(|record| {
            record
                .student
                .steps
                .iter()
                .map(|step| (&record.student.id, step))
        })
        .filter_map(|(id, step)| Some((id.as_str(), step.step.as_str(), step.source.as_deref()?)))
        .collect();
    for (_, _, name) in &handed {
        if let Some(text) = results_folder::source(out, name) {
            sources.entry(name).or_insert(text);
        }
    }
    let texts: Vec<Text<'_>> = handed
        .iter()
        .filter_map(|(student, step, name)| {
            Some(Text {
                student,
                step,
                text: sources.get(name)?,
            })
        })
        .collect();
    let mut bases = Vec::new();
    for graded in &grades.header.steps {
        let step = course.step(&graded.id)?;
        let skeleton = course.read("skeleton", step, &course.skeleton_file(step))?;
        let solution = course.read("solution", step, &course.solution_file(step))?;
        bases.push((graded.id.as_str(), skeleton, solution));
    }
    let bases: Vec<Base<'_>> = bases
        .iter()
        .map(|(step, skeleton, solution)| Base {
            step,
            skeleton,
            solution,
        })
        .collect();
    Ok(similarity::find(&texts, &bases))
}

/// The page for the teacher.
fn page(course: &Course, grades: &Grades, alike: &[Group], out: &Path) -> String {
    let solution = |id: &str| {
        let step = course.step(id).ok()?;
        course
            .read("solution", step, &course.solution_file(step))
            .ok()
    };
    html::page(&Material {
        grades,
        alike,
        source: &|name| results_folder::source(out, name),
        solution: &solution,
    })
}

/// The first few groups, as a person reads them.
fn summary(alike: &[Group]) -> String {
    if alike.is_empty() {
        return String::new();
    }
    let mut lines = String::from(
        "\nAlike, to look at (not an accusation: short steps have few right answers):\n",
    );
    for group in alike.iter().take(SHOWN) {
        let mut names: Vec<String> = (group.students.iter().take(NAMED))
            .map(|student| text::line(student))
            .collect();
        if group.students.len() > NAMED {
            names.push(format!("{} more", group.students.len() - NAMED));
        }
        if group.solution {
            names.push("the solution".into());
        }
        let ways: Vec<String> = group.ways.iter().map(Way::words).collect();
        lines.push_str(&format!("  {}: {}\n", names.join(", "), ways.join("; ")));
    }
    if alike.len() > SHOWN {
        lines.push_str(&format!(
            "  and {} more groups in {ALIKE}\n",
            alike.len() - SHOWN
        ));
    }
    lines
}
