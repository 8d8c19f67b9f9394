//! The parts of a class that were graded apart, put together again.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::class::difference;
use super::log::{self, Kept, Log, Logged};
use crate::classroom::record::{Grades, Header, Record};
use crate::classroom::results_folder;
use crate::error::{Error, Result};
use crate::files;

/// A class that was put together of its parts.
pub struct Merged {
    /// All of its results.
    pub grades: Grades,
    /// The same as the parts have them.
    kept: Vec<Kept>,
}

/// The results in the folders `parts` together.
///
/// # Errors
///
/// If they are not the whole of one class, graded by the same terms, or cannot be read.
pub fn put_together(parts: &[PathBuf]) -> Result<Merged> {
    let mut logs = Vec::new();
    for folder in parts {
        logs.push((folder.as_path(), log::read(folder)?));
    }
    let header = whole(&logs)?;
    let mut kept: Vec<Kept> = Vec::new();
    for (_, logged) in &logs {
        kept.extend(logged.records.iter().cloned());
    }
    kept.sort_by(|a, b| a.record.student.id.cmp(&b.record.student.id));
    if let Some(twice) = kept
        .windows(2)
        .find(|pair| pair[0].record.student.id == pair[1].record.student.id)
    {
        return Err(unfit(format!(
            "`{}` is in two of the parts",
            twice[0].record.student.id
        )));
    }
    let records = kept.iter().map(|kept| kept.record.clone()).collect();
    let grades = Grades { header, records };
    Ok(Merged { grades, kept })
}

/// Keeps in the folder `out` what was put together of `parts`.
///
/// # Errors
///
/// If that holds results already, or cannot be written.
pub fn keep(merged: &Merged, parts: &[PathBuf], out: &Path) -> Result<()> {
    let (mut log, _) = Log::open(out, false)?;
    log.begin(&merged.grades.header)?;
    let records = &merged.grades.records;
    let ids: Vec<String> = (records.iter())
        .map(|record| record.student.id.clone())
        .collect();
    log.class(&ids)?;
    for one in &merged.kept {
        log.append(one)?;
    }
    copy_sources(parts, out, records)
}

/// What the folder `out` holds, all of it graded.
///
/// # Errors
///
/// If it holds no results or not all, or another process is writing there.
pub fn again(out: &Path) -> Result<Grades> {
    // Before anything is locked, and so made.
    log::read(out)?;
    let (_lock, logged) = Log::open(out, true)?;
    let Some(Logged {
        header, records, ..
    }) = logged.filter(|_| results_folder::is_complete(out))
    else {
        return Err(unfinished(out, "go on with the grading"));
    };
    let mut records: Vec<Record> = records.into_iter().map(|kept| kept.record).collect();
    records.sort_by(|a, b| a.student.id.cmp(&b.student.id));
    Ok(Grades { header, records })
}

/// The terms of the whole class, if the logs are all its parts.
fn whole(logs: &[(&Path, Logged)]) -> Result<Header> {
    let Some((first_folder, first)) = logs.first() else {
        return Err(unfit("no results are named".into()));
    };
    let mut numbers = HashSet::new();
    let Some(shard) = first.header.shard else {
        return Err(unfit(format!(
            "`{}` is no part of a class: it was graded without `--shard`",
            first_folder.display()
        )));
    };
    for (folder, logged) in logs {
        let folder = folder.display();
        let same = Header {
            shard: first.header.shard,
            ..logged.header.clone()
        };
        if let Some(what) = difference(&first.header, &same) {
            return Err(unfit(format!("`{folder}` was graded with {what}")));
        }
        match logged.header.shard {
            Some(part) if part.of == shard.of => {
                if !numbers.insert(part.number) {
                    return Err(unfit(format!("part {} is there twice", part.number)));
                }
            }
            _ => {
                return Err(unfit(format!(
                    "`{folder}` is not one of {} parts as the others are",
                    shard.of
                )));
            }
        }
    }
    let missing: Vec<String> = (1..=shard.of)
        .filter(|number| !numbers.contains(number))
        .map(|number| format!("{number}/{}", shard.of))
        .collect();
    if !missing.is_empty() {
        return Err(unfit(format!("parts are missing: {}", missing.join(", "))));
    }
    if let Some((folder, _)) = logs
        .iter()
        .find(|(folder, _)| !results_folder::is_complete(folder))
    {
        return Err(unfinished(folder, "grade that part again"));
    }
    Ok(Header {
        shard: None,
        ..first.header.clone()
    })
}

fn unfinished(folder: &Path, what_to_do: &str) -> Error {
    let folder = folder.display();
    Error::Usage {
        message: format!("the grading in `{folder}` did not come to its end"),
        next: format!("{what_to_do} with `--resume --out {folder}`"),
    }
}

fn unfit(message: String) -> Error {
    Error::Usage {
        message,
        next: "name the folders of all parts of one class: `tutor grade merge PART… --out FOLDER`"
            .into(),
    }
}

fn copy_sources(parts: &[PathBuf], out: &Path, records: &[Record]) -> Result<()> {
    let steps = records.iter().flat_map(|record| &record.student.steps);
    let names: HashSet<&String> = steps.filter_map(|step| step.source.as_ref()).collect();
    for name in names {
        let to = results_folder::source_file(out, name);
        let from = parts
            .iter()
            .map(|part| results_folder::source_file(part, name))
            .find(|path| path.is_file());
        if let Some(from) = from {
            let text = fs::read(&from).map_err(Error::io("read", &from))?;
            files::write(&to, &text)?;
        }
    }
    Ok(())
}
