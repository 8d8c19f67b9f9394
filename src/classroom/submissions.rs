//! From a folder of submissions to step files in memory.
//!
//! Each entry of the folder is a student: a folder, perhaps a whole clone of the course, or an
//! archive; or it is a file among several of a student's, if a platform named it so (`naming`). The
//! folder may be a zip archive itself. `listing` says what there is, `group` whose it is. Nothing of it is
//! trusted: no link is followed, nothing is unpacked to disk, nothing is read without a bound, and only
//! step files are taken. One walk through a submission, by `folder`
//! or `archive`, shows every entry to the `candidates`, which keep what may count; `select` picks a
//! file for each step, and `collect` reads it. What is strange about a submission becomes one of
//! the `notes`, never an error: the class goes on.

mod archive;
mod attempt;
mod candidates;
mod collect;
mod container;
mod decode;
mod enrol;
mod file_step;
mod folder;
mod format;
mod gradescope;
mod group;
mod limits;
mod listing;
mod naming;
mod notes;
mod open;
mod part;
mod paths;
pub mod pattern;
mod safe_names;
mod select;

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::classroom::record::Submitted;
use crate::error::{Error, Result};

use group::Known;
use limits::Limits;
use open::Kind;
use part::{Origin, Part};
use pattern::Pattern;

pub use collect::{Content, Found, Submission};

/// What lies in a folder of submissions.
#[derive(Debug)]
pub struct Entries {
    /// The submissions, in the order of their ids.
    pub entries: Vec<Entry>,
    /// The names of the files that look like nobody's submission, as `grades.csv` does.
    pub passed_over: Vec<String>,
    /// What is noteworthy about all of them, as sentences.
    pub notes: Vec<String>,
}

/// A student's submission, not looked into yet.
#[derive(Debug, Default)]
pub struct Entry {
    /// Unique in the class: what the platform knows the student by; else the name without an
    /// archive's ending, or with it where that would not be unique.
    pub id: String,
    /// The name in the folder, of the last one if there are several. What is not readable in it is
    /// written as in `%FF`.
    pub name: String,
    /// What the student is called, if the name says more than the id.
    pub student: Option<String>,
    /// What is noteworthy about it among the others, as sentences.
    pub notes: Vec<String>,
    /// When it was handed in, if the name says so.
    pub handed_in: Option<Submitted>,
    /// Whether the platform says that it came too late.
    pub is_marked_late: bool,
    /// Whether the roster has the student; none without a roster.
    pub on_roster: Option<bool>,
    /// The group, by the roster.
    pub group: Option<String>,
    /// Seconds that the student has more than others, by the roster.
    pub extra_time: u64,
    /// Steps that do not count for the student, by the roster or by the teacher's word.
    pub excused: Vec<String>,
    /// Where it is: attempts or files, the last one at the end. None of a student who handed in
    /// nothing.
    parts: Vec<Part>,
}

/// The submissions in `class`, a folder or a zip archive of all of them. Their names are made as
/// `pattern` says, or else as the platforms make them. The folder `results`, where results are written,
/// may lie there, and is nobody's.
///
/// # Errors
///
/// If it is nothing that can be read, or if no submission is in it.
pub fn entries(class: &Path, pattern: Option<&Pattern>, results: Option<&Path>) -> Result<Entries> {
    let shown = class.display().to_string();
    let results = results.and_then(|results| fs::canonicalize(results).ok());
    let parts = listing::of(class).map_err(usage)?;
    let known = parts.into_iter().map(|part| Known::new(part, pattern));
    let (known, others): (Vec<Known>, Vec<Known>) = known.partition(|known| {
        !results
            .as_ref()
            .is_some_and(|results| known.part.is_at(results))
            && (known.named.is_some() || looks_like_submission(&known.part))
    });
    let (list, others): (Vec<Known>, Vec<Known>) = (others.into_iter())
        .partition(|other| pattern.is_none() && other.part.name == gradescope::FILE);
    let said = list.first().map(|list| list.part.text(gradescope::LIMIT));
    let said = said.map(|text| text.map(|text| gradescope::read(&text)));
    let mut passed_over: Vec<String> = others.into_iter().map(|other| other.part.name).collect();
    if known.is_empty() {
        return Err(usage(notes::no_entry(&shown, &passed_over)));
    }
    if pattern.is_some() && known.iter().all(|known| known.named.is_none()) {
        passed_over.extend(known.into_iter().map(|known| known.part.name));
        return Err(usage(notes::no_such_name(&shown, &passed_over)));
    }
    let is_lone_source = |known: &Known| known.named.is_none() && known.part.is_source();
    let is_steps = |known: &Known| {
        let part = &known.part;
        part.kind == Kind::Folder && part.name.eq_ignore_ascii_case(listing::STEPS)
    };
    if known.iter().all(is_lone_source) || known.iter().any(is_steps) {
        return Err(Error::Usage {
            message: notes::one_submission(&shown),
            next: "`tutor grade --single DIR`, if it is; else a folder for each student, or \
                   `--names PATTERN`"
                .into(),
        });
    }
    let unfit = known
        .iter()
        .filter(|known| pattern.is_some() && known.named.is_none());
    let unfit: Vec<String> = unfit.map(|known| known.part.name.clone()).collect();
    let known = match &said {
        Some(Some(said)) => (known.into_iter())
            .flat_map(|known| known.said_by(said))
            .collect(),
        _ => known,
    };
    let (mut entries, mut notes) = group::entries(known);
    if said == Some(None) {
        notes.push(notes::unread_list(gradescope::FILE));
    }
    for entry in &mut entries {
        if unfit.contains(&entry.name) {
            entry.notes.push(notes::other_name(&entry.name));
        }
    }
    make_unique(&mut entries);
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Entries {
        entries,
        passed_over,
        notes,
    })
}

/// Gives those who share an id with others their full names instead.
fn make_unique(entries: &mut [Entry]) {
    let named: Vec<(&str, &str)> = (entries.iter())
        .map(|entry| (&entry.id[..], &entry.name[..]))
        .collect();
    let ids = safe_names::ids(&named);
    for (entry, id) in entries.iter_mut().zip(ids) {
        if entry.parts.iter().any(Part::holds_results) {
            entry.notes.push(notes::looks_like_results());
        }
        entry
            .notes
            .extend(notes::shared_name(&entry.name, &id.sharing));
        entry.id = id.id;
    }
}

/// The one submission that `path` is: a folder or an archive. A link is followed: whoever typed
/// it means what it leads to.
///
/// # Errors
///
/// If there is nothing.
pub fn single(path: &Path, pattern: Option<&Pattern>) -> Result<Entries> {
    let unusable = |e: io::Error| usage(notes::unusable(&path.display().to_string(), &e));
    let path = fs::canonicalize(path).map_err(unusable)?;
    let data = fs::metadata(&path).map_err(unusable)?;
    let kind = Kind::of(data.file_type());
    let part = Part {
        name: safe_names::written(path.file_name().unwrap_or_default()),
        file: None,
        origin: Origin::Disk(path),
        kind,
        modified: folder::modified(&data).filter(|_| kind == Kind::File),
        attempt: (0, 0),
    };
    let (entries, notes) = group::entries(vec![Known::new(part, pattern)]);
    Ok(Entries {
        entries,
        passed_over: Vec::new(),
        notes,
    })
}

fn usage(message: String) -> Error {
    Error::Usage {
        message,
        next: "`tutor grade DIR` wants a folder with a folder or an archive for each student"
            .into(),
    }
}

/// Whether something is somebody's. A teacher may keep other files in the class's folder.
fn looks_like_submission(part: &Part) -> bool {
    let is_archive = |origin: &Origin| match origin {
        Origin::Disk(path) => archive::is_archive(path),
        Origin::Zip(..) => false,
    };
    match (part.kind, &part.origin) {
        // Also a folder that holds `grades.jsonl`: whoever hands that in is still there.
        (Kind::Folder | Kind::LINK, _) => true,
        (Kind::File, origin) if !part.name.contains('.') => is_archive(origin),
        (Kind::File | Kind::Odd(_), _) => {
            safe_names::is_archive(&part.name) || safe_names::is_source(&part.name)
        }
    }
}

impl Entry {
    /// Of a student who handed in nothing.
    #[must_use]
    pub fn nothing(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            ..Self::default()
        }
    }

    /// Whether something was handed in.
    #[must_use]
    pub fn is_handed_in(&self) -> bool {
        !self.parts.is_empty()
    }

    /// Takes what another entry holds, too: both turned out to be one student's.
    pub fn absorb(&mut self, other: Self) {
        let names = [&self.name[..], &other.name];
        self.notes.push(notes::attempts(&names));
        self.notes.extend(other.notes);
        self.is_marked_late |= other.is_marked_late;
        let latest = |time: &Option<Submitted>| time.map(|handed_in| handed_in.at.order());
        if latest(&other.handed_in) > latest(&self.handed_in) {
            self.handed_in = other.handed_in;
        }
        self.student = self.student.take().or(other.student);
        self.parts.extend(other.parts);
        self.parts.sort_by_key(|part| part.attempt);
    }

    /// Reads what was handed in for `steps`, which are modules' names as in `s07_attention`.
    ///
    /// It takes anything: what is wrong with a submission is told in notes.
    #[must_use]
    pub fn read(&self, steps: &[&str]) -> Submission {
        self.read_within(steps, &Limits::DEFAULT)
    }

    fn read_within(&self, steps: &[&str], limits: &Limits) -> Submission {
        let is_lone_source = |part: &Part| part.file.is_none() && part.is_source();
        let read = || match &self.parts[..] {
            [part] if is_lone_source(part) => Err(notes::lone_source()),
            parts => collect::from_parts(parts, steps, limits),
        };
        let nothing = |note: String| Submission::nothing(steps, vec![note]);
        if !self.is_handed_in() {
            return Submission::nothing(steps, Vec::new());
        }
        // Code of others parses the archives. A slip of theirs must not end the class.
        match catch_unwind(AssertUnwindSafe(read)) {
            Ok(Ok(submission)) => submission,
            Ok(Err(reason)) => nothing(notes::not_taken(&self.name, &reason)),
            Err(_) => nothing(notes::stumbled()),
        }
    }
}

#[cfg(test)]
mod tests;
