//! Whose submissions they are: names, the roster, and which steps do not count for whom.

use std::fs;
use std::path::Path;

use crate::classroom::roster::Roster;
use crate::classroom::submissions::{self, Entries, Entry};
use crate::cli::Grade;
use crate::course::Course;
use crate::error::{Error, Result};
use crate::terminal;
use crate::text;

/// A roster is a list of people, not a book.
const ROSTER_LIMIT: u64 = 16 << 20;

/// The submissions that are meant, each under its student's id.
pub fn entries(course: &Course, folder: &Path, options: &Grade) -> Result<Entries> {
    let pattern = options.intake.names.as_ref();
    let mut found = if options.single {
        submissions::single(folder, pattern)?
    } else {
        submissions::entries(folder, pattern, Some(&options.results.out))?
    };
    if let Some(path) = &options.intake.roster {
        let roster = roster(course, path)?;
        // Of one student's submission nobody else is missing.
        found = if options.single {
            found.known_from(&roster)
        } else {
            found.enrolled(&roster)
        };
    }
    for (student, name) in &options.intake.excuse {
        let step = course.step(name)?.id.clone();
        excused(&mut found.entries, student)?.push(step);
    }
    for note in &found.notes {
        terminal::note(&text::line(note));
    }
    if !found.passed_over.is_empty() {
        terminal::note(&format!(
            "Not a submission, and passed over: {}",
            text::line(&found.passed_over.join(", "))
        ));
    }
    Ok(found)
}

/// The roster in the file at `path`; steps are named by their ids in it.
fn roster(course: &Course, path: &Path) -> Result<Roster> {
    let flaw = |line: u64, why: &str| Error::Usage {
        message: format!("{}:{line}: {why}", path.display()),
        next:
            "a roster is a CSV with the columns id, name, group, extra_time, excused, submitted; \
               all but id may be left out"
                .into(),
    };
    let data = fs::metadata(path).map_err(Error::named("--roster", path))?;
    if data.len() > ROSTER_LIMIT {
        return Err(flaw(1, "this is too long for a roster"));
    }
    let bytes = fs::read(path).map_err(Error::named("--roster", path))?;
    let text = String::from_utf8(bytes).map_err(|e| {
        let good = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        let line = good.iter().filter(|&&byte| byte == b'\n').count() + 1;
        flaw(line as u64, "this is not UTF-8: save it as `CSV UTF-8`")
    })?;
    let mut roster = Roster::parse(&text).map_err(|(line, why)| flaw(line, &why))?;
    for student in &mut roster.students {
        for name in &mut student.excused {
            let step = course.step(name);
            let step = step.map_err(|e| flaw(student.line, &format!("excused: {e}")))?;
            name.clone_from(&step.id);
        }
    }
    Ok(roster)
}

/// The steps that do not count for `student`, who is meant by id or by name.
fn excused<'a>(entries: &'a mut [Entry], student: &str) -> Result<&'a mut Vec<String>> {
    let is_meant = |entry: &Entry| entry.id == student || entry.student.as_deref() == Some(student);
    let count = entries.iter().filter(|entry| is_meant(entry)).count();
    if count != 1 {
        let why = if count == 0 {
            "nobody is called that"
        } else {
            "several are called that"
        };
        let near = entries
            .iter()
            .map(|entry| (strsim::jaro_winkler(&entry.id, student), &entry.id))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let next = match near {
            Some((similarity, id)) if similarity > 0.8 => format!("did you mean `{id}`?"),
            _ => "name a student by the id that the results have".into(),
        };
        return Err(Error::Usage {
            message: format!("`--excuse {student}:…`: {why}"),
            next,
        });
    }
    let meant = entries.iter_mut().find(|entry| is_meant(entry));
    let meant = meant.map(|entry| &mut entry.excused);
    meant.ok_or_else(|| Error::Internal("a student vanished".into()))
}
