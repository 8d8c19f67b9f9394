//! A verdict that is on record, had once more: the same text, the same seed, behind the same wall.

use std::path::Path;
use std::time::Duration;

use super::class::course_id;
use super::hidden::HiddenChecks;
use super::ledger::Ledger;
use super::log::{self, Kept};
use super::session::{Session, Terms};
use super::student::Examiner;
use crate::classroom::record::{EarlierSteps, Header, Record, StepGrade};
use crate::classroom::results_folder;
use crate::classroom::submissions::{Content, Found};
use crate::course::Step;
use crate::engine::pipeline::Pipeline;
use crate::error::{Error, Result};

/// A step of a student's, as it is on record and as it is now.
#[derive(Debug)]
pub struct Repeated {
    /// The student's id.
    pub student: String,
    /// What is on record.
    pub recorded: StepGrade,
    /// What it is now.
    pub now: StepGrade,
}

impl Repeated {
    /// Whether nothing a student is told or given is another now.
    #[must_use]
    pub fn is_the_same(&self) -> bool {
        let (now, recorded) = (&self.now, &self.recorded);
        let hidden = |grade: &StepGrade| {
            let hidden = grade.hidden.as_ref();
            hidden.map(|hidden| (hidden.verdict.clone(), hidden.groups.clone()))
        };
        now.verdict == recorded.verdict
            && now.line == recorded.line
            && now.score == recorded.score
            && now.groups == recorded.groups
            && hidden(now) == hidden(recorded)
            && now.diagnosis == recorded.diagnosis
            && now.forbidden == recorded.forbidden
            && now.text == recorded.text
    }
}

/// Judges what the results in `folder` have of `who`, as in `ana` or `ana:s06`, once more.
///
/// # Errors
///
/// If there are no such results, or they are of another version of the course; and if the machine or
/// the course keeps it from being judged.
pub fn again(
    pipeline: &Pipeline<'_>,
    folder: &Path,
    who: &str,
    checks: Option<&Path>,
    sandbox: bool,
) -> Result<Vec<Repeated>> {
    let logged = log::read(folder)?;
    let header = &logged.header;
    if course_id(pipeline)? != header.course_id {
        return Err(Error::Usage {
            message: format!(
                "the results in `{}` were made with another version of the course",
                folder.display()
            ),
            next: "take the course as it was then, or grade anew".into(),
        });
    }
    let (record, only) = meant(&logged.records, who, folder)?;
    let course = pipeline.course();
    let only = only.map(|name| course.step(name)).transpose()?;
    let is_meant = |grade: &&StepGrade| only.is_none_or(|only| only.id == grade.step);
    let recorded: Vec<&StepGrade> = (record.student.steps.iter())
        .filter(is_meant)
        .filter(|grade| grade.source.is_some())
        .collect();
    if recorded.is_empty() {
        return Err(Error::Usage {
            message: format!(
                "there is no text of `{who}` to judge: none was handed in, or none counted"
            ),
            next: "name a step that has a source in `results.json`".into(),
        });
    }
    let steps: Vec<&Step> = (recorded.iter())
        .map(|grade| course.step(&grade.step))
        .collect::<Result<_>>()?;
    let terms = Header {
        steps: (header.steps.iter())
            .filter(|graded| recorded.iter().any(|grade| grade.step == graded.id))
            .cloned()
            .collect(),
        ..header.clone()
    };
    let files = files(pipeline, header, record, folder)?;
    let session = Session::new(
        pipeline,
        &steps,
        Terms {
            secret: header.seed,
            time: Duration::try_from_secs_f64(header.timeout).unwrap_or_default(),
            sandbox,
            jobs: 1,
        },
    )?;
    let session = match checks {
        Some(checks) => session.with_hidden(HiddenChecks::open(pipeline, checks)?, header.seed)?,
        None => session,
    };
    if session.hidden_checks() != header.hidden_checks {
        return Err(Error::Usage {
            message: "the results were made with other hidden checks, or with some".into(),
            next: "name the folder that they are in: `--checks FOLDER`".into(),
        });
    }
    let ledger = Ledger::open(&session.scratch.path().join("ledger"))?;
    let examiner = Examiner::new(&session, &terms, &ledger);
    let (now, _) = examiner.steps(&record.student.id, &files)?;
    Ok((recorded.into_iter().zip(now))
        .map(|(recorded, now)| Repeated {
            student: record.student.id.clone(),
            recorded: recorded.clone(),
            now,
        })
        .collect())
}

/// The student that `who` names, and the step behind it. An id may hold a colon, too.
fn meant<'r>(
    records: &'r [Kept],
    who: &'r str,
    folder: &Path,
) -> Result<(&'r Record, Option<&'r str>)> {
    let record = |id: &str| {
        let mut records = records.iter().map(|kept| &kept.record);
        records.find(|record| record.student.id == id)
    };
    if let Some(record) = record(who) {
        return Ok((record, None));
    }
    let split = who.rsplit_once(':');
    let found = split.and_then(|(id, step)| Some((record(id)?, Some(step))));
    found.ok_or_else(|| Error::Usage {
        message: format!("`{}` holds no results of `{who}`", folder.display()),
        next: "name a student as the results do, as in `ana`, or a step as well, as in `ana:s06`"
            .into(),
    })
}

/// What was handed in, one for each step of the course, as the results have kept it.
fn files(
    pipeline: &Pipeline<'_>,
    header: &Header,
    record: &Record,
    folder: &Path,
) -> Result<Vec<Found>> {
    let course = pipeline.course();
    let mut files = Vec::new();
    for step in course.steps() {
        let grade = (record.student.steps.iter()).find(|grade| grade.step == step.id);
        let name = grade.and_then(|grade| grade.source.as_deref());
        let content = match name {
            Some(name) => Content::Text(kept(folder, name)?),
            None => Content::Missing,
        };
        if let (Content::Text(text), EarlierSteps::Mine) = (&content, header.earlier) {
            for position in course.uses(step, text) {
                let used = &course.steps()[position].id;
                if !header.steps.iter().any(|graded| graded.id == *used) {
                    return Err(not_kept(used));
                }
            }
        }
        files.push(Found {
            path: grade.and_then(|grade| grade.file.clone()),
            content,
            notes: Vec::new(),
        });
    }
    Ok(files)
}

fn kept(folder: &Path, name: &str) -> Result<String> {
    results_folder::source(folder, name).ok_or_else(|| Error::Usage {
        message: format!(
            "`{}` is not there, or no text",
            results_folder::source_file(folder, name).display()
        ),
        next: "grade the submission anew".into(),
    })
}

fn not_kept(step: &str) -> Error {
    Error::Usage {
        message: format!(
            "it stood on the student's own {step}, which was not graded and is not among the results"
        ),
        next: "grade the submission anew with the same options and `--seed`".into(),
    }
}
