//! Writing what became of a class.

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;

use crate::classroom::gradebook::html::{self, Material};
use crate::classroom::gradebook::{ClassFormat, table};
use crate::classroom::record::{Grades, VERSION};
use crate::classroom::results_folder;
use crate::classroom::similarity::{self, Base, Findings, Kind, Other, Text};
use crate::cli::Results;
use crate::course::Course;
use crate::error::{Error, Result};
use crate::files;
use crate::terminal;
use crate::text;

/// The pairs of submissions that look alike, in the folder of results.
const ALIKE: &str = "alike.json";

/// The class as a page.
const PAGE: &str = "report.html";

/// So many of them are shown in the terminal.
const SHOWN: usize = 5;

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
    let found = alike(course, grades, out)?;
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
        match format.exporter(results.visibility) {
            Some(exporter) => {
                for file in exporter.files(grades)? {
                    files::write(&out.join(&file.name), &file.content)?;
                }
            }
            None => files::write(
                &out.join(PAGE),
                page(course, grades, &found, out).as_bytes(),
            )?,
        }
    }
    terminal::print(&table::table(grades, terminal::width()))?;
    terminal::print(&summary(&found))?;
    terminal::print(&format!("\nResults: {}\n", out.display()))
}

/// Which submissions look alike.
fn alike(course: &Course, grades: &Grades, out: &Path) -> Result<Findings> {
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
fn page(course: &Course, grades: &Grades, found: &Findings, out: &Path) -> String {
    let alike: Vec<html::Alike> = found
        .pairs
        .iter()
        .map(|pair| html::Alike {
            a: pair.a.clone(),
            b: name(&pair.b).to_owned(),
            steps: (pair.steps.iter())
                .map(|alike| (alike.step.clone(), words(&alike.kind, alike.similarity)))
                .collect(),
        })
        .collect();
    let solution = |id: &str| {
        let step = course.step(id).ok()?;
        course
            .read("solution", step, &course.solution_file(step))
            .ok()
    };
    html::page(&Material {
        grades,
        alike: &alike,
        source: &|name| results_folder::source(out, name),
        solution: &solution,
    })
}

fn name(other: &Other) -> &str {
    match other {
        Other::Student(id) => id,
        Other::Solution => "the solution",
    }
}

/// The first few pairs, as a person reads them.
fn summary(found: &Findings) -> String {
    if found.pairs.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "\nPairs to look at (not an accusation: short steps have few right answers):\n",
    );
    for pair in found.pairs.iter().take(SHOWN) {
        let steps: Vec<String> = pair
            .steps
            .iter()
            .map(|alike| format!("{} {}", alike.step, words(&alike.kind, alike.similarity)))
            .collect();
        text.push_str(&format!(
            "  {} and {}: {}\n",
            text::line(&pair.a),
            text::line(name(&pair.b)),
            steps.join(", ")
        ));
    }
    let more = found.pairs.len().saturating_sub(SHOWN) + found.left_out;
    if more > 0 {
        text.push_str(&format!("  and {more} more in {ALIKE}\n"));
    }
    text
}

/// How two texts are alike.
fn words(kind: &Kind, similarity: f64) -> String {
    match kind {
        Kind::SameText => "the same text".into(),
        Kind::SameNormalised => "the same but for names and order".into(),
        Kind::Near { .. } => format!("{:.0} % alike", similarity * 100.0),
    }
}
