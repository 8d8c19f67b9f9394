//! Who is being judged at the moment, written where it outlives the judging process.
//!
//! Nothing that a student hands in should bring that process down. If something does all the same,
//! another process goes on and knows from the ledger what was under way: that is judged once more,
//! alone, and if it brings the process down again, it is given up, and nobody else with it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// What is under way: a step of a student, or the reading of what was handed in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The student's id.
    pub student: String,
    /// The step's id; none while the submission is read.
    pub step: Option<String>,
}

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Begun(Place),
    Done(Place),
    /// The process died meanwhile.
    Suspect(Place),
    /// It died a second time.
    GivenUp(Place),
}

/// The ledger.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    file: File,
    suspects: BTreeSet<Place>,
    given_up: BTreeSet<Place>,
}

impl Ledger {
    /// The one at `path`, which may be empty.
    ///
    /// # Errors
    ///
    /// If it cannot be read or written.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::options().append(true).create(true).open(path);
        let mut ledger = Self {
            path: path.to_owned(),
            file: file.map_err(Error::io("open", path))?,
            suspects: BTreeSet::new(),
            given_up: BTreeSet::new(),
        };
        for line in ledger.lines()? {
            match line {
                Line::Suspect(place) => ledger.suspects.insert(place),
                Line::GivenUp(place) => ledger.given_up.insert(place),
                Line::Begun(_) | Line::Done(_) => false,
            };
        }
        Ok(ledger)
    }

    /// Whether a process died before this one.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        !self.suspects.is_empty()
    }

    /// Whether a process died while something of this student's was under way.
    #[must_use]
    pub fn suspects(&self, student: &str) -> bool {
        self.suspects.iter().any(|place| place.student == student)
    }

    /// Whether a process died of this twice.
    #[must_use]
    pub fn has_given_up(&self, place: &Place) -> bool {
        self.given_up.contains(place)
    }

    /// Does what belongs to `place`. If the process dies meanwhile, the ledger says of what.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn during<T>(&self, place: &Place, work: impl FnOnce() -> T) -> Result<T> {
        self.write(&Line::Begun(place.clone()))?;
        let done = work();
        self.write(&Line::Done(place.clone()))?;
        Ok(done)
    }

    /// What was under way when the process died that wrote this; it is suspected now, or given up if
    /// it was suspected before. Whether it is given up stands beside each.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read or written.
    pub fn after_a_death(&mut self) -> Result<Vec<(Place, bool)>> {
        let mut open = BTreeSet::new();
        for line in self.lines()? {
            match line {
                Line::Begun(place) => open.insert(place),
                // What a process left open that died before is suspected since.
                Line::Done(place) | Line::Suspect(place) | Line::GivenUp(place) => {
                    open.remove(&place)
                }
            };
        }
        let mut found = Vec::new();
        for place in open {
            let is_given_up = !self.suspects.insert(place.clone());
            self.write(&match is_given_up {
                true => Line::GivenUp(place.clone()),
                false => Line::Suspect(place.clone()),
            })?;
            found.push((place, is_given_up));
        }
        Ok(found)
    }

    /// The whole lines.
    fn lines(&self) -> Result<Vec<Line>> {
        let text = fs::read_to_string(&self.path).map_err(Error::io("read", &self.path))?;
        let lines = text.lines();
        Ok(lines
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect())
    }

    fn write(&self, line: &Line) -> Result<()> {
        let mut text = serde_json::to_vec(line).map_err(|e| Error::Internal(e.to_string()))?;
        text.push(b'\n');
        // In one call: several threads write.
        (&self.file)
            .write_all(&text)
            .map_err(Error::io("write", &self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(student: &str) -> Place {
        Place {
            student: student.into(),
            step: Some("s01".into()),
        }
    }

    #[test]
    fn what_was_under_way_is_suspected_and_then_given_up() {
        let folder = tempfile::tempdir().expect("a folder for tests");
        let path = folder.path().join("ledger");
        let open = || Ledger::open(&path).expect("it can be opened");
        let begun = |place: &Place| {
            open()
                .write(&Line::Begun(place.clone()))
                .expect("there is space");
        };
        let (ann, bob, cyd) = (place("ann"), place("bob"), place("cyd"));
        assert!(!open().goes_on());
        open().during(&ann, || ()).expect("there is space");
        begun(&bob);
        begun(&cyd);
        let found = open().after_a_death().expect("it can be read");
        assert_eq!(found, [(bob.clone(), false), (cyd.clone(), false)]);
        assert!(open().suspects("bob") && !open().suspects("ann"));
        open().during(&bob, || ()).expect("there is space");
        begun(&cyd);
        let found = open().after_a_death().expect("it can be read");
        assert_eq!(found, [(cyd.clone(), true)]);
        assert!(open().has_given_up(&cyd) && !open().has_given_up(&bob));
        assert_eq!(open().after_a_death().expect("it can be read"), []);
    }
}
