//! Keeps what may be a step's file, out of all that lies in a submission.

use std::collections::{BTreeSet, HashMap};

use super::limits::{Limits, NOTES, Notes};
use super::open::Kind;
use super::{file_step, notes, paths, safe_names};

/// Folders whose files are the course's or a tool's, never the student's.
const SKIPPED: [&str; 6] = [
    "checks",
    "kit",
    "lessons",
    "node_modules",
    "solutions",
    "target",
];

/// One of them is a name too: what lies in such a folder counts if there is nothing beside it.
const NAME_TOO: [&str; 1] = ["kit"];

/// How many times as many files as count may be in an archive: a packed `target` should not keep
/// the steps behind it from being found.
const PASSED_OVER: usize = 5;

/// Something that has a step's name, or one that is like it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Folders and name, as they are written down.
    pub path: Vec<String>,
    /// Which of the wanted steps it is.
    pub step: usize,
    /// Whether its name is the step's, exactly.
    pub exact: bool,
    /// What it is.
    pub kind: Kind,
    /// What its holder knows it by.
    pub handle: usize,
}

/// What was kept of a submission.
#[derive(Debug)]
pub struct Kept {
    /// All that may be a step's file.
    pub candidates: Vec<Candidate>,
    /// Archives within: where they are, and what their holder knows them by.
    pub archives: Vec<(Vec<String>, usize)>,
    /// Names of the folders that were not looked into.
    pub skipped: BTreeSet<String>,
    /// Whether there was anything at all.
    pub is_empty: bool,
    /// What is noteworthy, as sentences.
    pub notes: Notes,
}

/// Is offered everything in a submission, and keeps little.
pub struct Sieve<'a> {
    steps: &'a [&'a str],
    limits: &'a Limits,
    kept: Kept,
    /// Where a path is among the candidates.
    positions: HashMap<Vec<String>, usize>,
    /// The first name at the top, and whether there are others.
    top: Option<String>,
    has_several_tops: bool,
    /// What counted, and with it what lay in folders that are passed over.
    seen: usize,
    members: usize,
    is_too_deep: bool,
}

/// Whether to go on offering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Room {
    /// There may be more.
    Left,
    /// That was enough.
    Full,
}

impl<'a> Sieve<'a> {
    /// One for the files of `steps`.
    pub fn new(steps: &'a [&'a str], limits: &'a Limits) -> Self {
        Self {
            steps,
            limits,
            kept: Kept {
                candidates: Vec::new(),
                archives: Vec::new(),
                skipped: BTreeSet::new(),
                is_empty: true,
                notes: Notes::new(NOTES),
            },
            positions: HashMap::new(),
            top: None,
            has_several_tops: false,
            seen: 0,
            members: 0,
            is_too_deep: false,
        }
    }

    /// How much it looks at.
    pub fn limits(&self) -> &Limits {
        self.limits
    }

    /// Adds a note.
    pub fn note(&mut self, sentence: String) {
        self.kept.notes.push(sentence);
    }

    /// Whether there is anything for a sieve in the folder at `path`. `is_alone` says that there
    /// is nothing else beside it.
    pub fn wants(&mut self, path: &[String], is_alone: bool) -> bool {
        let Some((name, above)) = path.split_last() else {
            return true;
        };
        if safe_names::is_junk(name) {
            return false;
        }
        if is(name, &SKIPPED) && !(above.is_empty() && is_alone && is(name, &NAME_TOO)) {
            self.kept.skipped.insert(name.clone());
            return false;
        }
        let fits = path.len() <= self.limits.depth;
        self.is_too_deep |= !fits;
        fits
    }

    /// Looks at what an archive has under the name `name`.
    pub fn offer_member(&mut self, name: &[u8], kind: Kind, handle: usize) -> Room {
        self.members += 1;
        if self.members > PASSED_OVER * self.limits.entries {
            return self.is_full();
        }
        match paths::components(name) {
            Ok(path) => self.offer(path, kind, handle),
            Err(why) => {
                self.note(notes::escapes(&safe_names::written_bytes(name), why));
                Room::Left
            }
        }
    }

    fn is_full(&mut self) -> Room {
        let limit = self.limits.entries;
        self.note(notes::too_many(limit));
        Room::Full
    }

    /// Looks at what is at `path`.
    pub fn offer(&mut self, path: Vec<String>, kind: Kind, handle: usize) -> Room {
        let Some((name, folders)) = path.split_last() else {
            return Room::Left;
        };
        if path.iter().any(|component| safe_names::is_junk(component)) {
            return Room::Left;
        }
        self.kept.is_empty = false;
        self.see_top(&path[0]);
        // Whether something stands beside the first folder is known in the end only.
        if !(1..=folders.len()).all(|end| self.wants(&folders[..end], true)) {
            return Room::Left;
        }
        if self.seen == self.limits.entries {
            return self.is_full();
        }
        self.seen += 1;
        if kind == Kind::Folder {
            return Room::Left;
        }
        if let Some((step, exact)) = file_step::step_of(name, self.steps) {
            self.keep(Candidate {
                path,
                step,
                exact,
                kind,
                handle,
            });
        } else if let Kind::Odd(what) = kind {
            self.note(notes::odd(&path.join("/"), what));
        } else if safe_names::is_archive(name) {
            self.kept.archives.push((path, handle));
        }
        Room::Left
    }

    /// What stands in an archive twice is what came last, as whoever unpacks it would have it.
    fn keep(&mut self, candidate: Candidate) {
        let candidates = &mut self.kept.candidates;
        if let Some(&position) = self.positions.get(&candidate.path) {
            let note = notes::twice(&candidate.path.join("/"));
            candidates[position] = candidate;
            self.note(note);
        } else {
            self.positions
                .insert(candidate.path.clone(), candidates.len());
            candidates.push(candidate);
        }
    }

    fn see_top(&mut self, name: &str) {
        match &self.top {
            None => self.top = Some(name.to_owned()),
            Some(top) => self.has_several_tops |= top != name,
        }
    }

    /// What was kept.
    pub fn finish(mut self) -> Kept {
        let has_several_tops = self.has_several_tops;
        let skipped = &mut self.kept.skipped;
        let mut counts = |path: &[String]| {
            let skips = has_several_tops && path.len() > 1 && is(&path[0], &NAME_TOO);
            if skips {
                skipped.insert(path[0].clone());
            }
            !skips
        };
        self.kept.candidates.retain(|one| counts(&one.path));
        self.kept.archives.retain(|(path, _)| counts(path));
        if self.is_too_deep {
            let depth = self.limits.depth;
            self.note(notes::too_deep(depth));
        }
        self.kept
    }
}

fn is(name: &str, names: &[&str]) -> bool {
    names.iter().any(|other| name.eq_ignore_ascii_case(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [&str; 3] = ["s01_mask", "s02_mask_more", "s10_model"];

    /// What is kept of the files at `paths`.
    fn kept(paths: &[&str]) -> Kept {
        let mut sieve = Sieve::new(&STEPS, &Limits::DEFAULT);
        for (handle, path) in paths.iter().enumerate() {
            let path = path.split('/').map(str::to_owned).collect();
            let _ = sieve.offer(path, Kind::File, handle);
        }
        sieve.finish()
    }

    fn handles(paths: &[&str]) -> Vec<usize> {
        kept(paths).candidates.iter().map(|c| c.handle).collect()
    }

    #[test]
    fn folders_of_the_course_and_of_tools_are_passed_over() {
        let kept = kept(&[
            "steps/s01_mask.rs",
            "solutions/s01_mask.rs",
            "x/Solutions/deep/s01_mask.rs",
            "target/debug/s01_mask.rs",
            "checks/s01_mask/s01_mask.rs",
            ".git/s01_mask.rs",
            "__MACOSX/steps/s01_mask.rs",
            "steps/._s01_mask.rs",
        ]);
        assert_eq!(kept.candidates.len(), 1);
        assert_eq!(kept.candidates[0].path, ["steps", "s01_mask.rs"]);
        let skipped = ["Solutions", "checks", "solutions", "target"];
        assert!(kept.skipped.iter().eq(&skipped));
    }

    #[test]
    fn a_student_may_be_called_kit() {
        let paths = ["Kit/s01_mask.rs", "__MACOSX/x", "Kit/s10_model.rs"];
        assert_eq!(handles(&paths), [0, 2]);
        assert_eq!(handles(&["kit/s01_mask.rs", "README.md"]), [0; 0]);
        assert_eq!(handles(&["README.md", "kit/s01_mask.rs"]), [0; 0]);
        assert_eq!(handles(&["Kit/kit/s01_mask.rs"]), [0; 0]);
        assert_eq!(handles(&["solutions/s01_mask.rs"]), [0; 0]);
    }

    #[test]
    fn what_came_last_counts() {
        let kept = kept(&["a/s01_mask.rs", "b/s01_mask.rs", "a/s01_mask.rs"]);
        let handles: Vec<usize> = kept.candidates.iter().map(|c| c.handle).collect();
        assert_eq!(handles, [2, 1]);
        assert_eq!(kept.notes.finish().len(), 1);
    }

    #[test]
    fn there_is_an_end_to_it() {
        let limits = Limits {
            entries: 3,
            depth: 2,
            ..Limits::DEFAULT
        };
        let mut sieve = Sieve::new(&STEPS, &limits);
        let mut offer = |path: &str| {
            let path = path.split('/').map(str::to_owned).collect();
            sieve.offer(path, Kind::File, 0)
        };
        assert_eq!(offer("a/b/c/s01_mask.rs"), Room::Left);
        for path in ["a/b/s01_mask.rs", "x", "y"] {
            assert_eq!(offer(path), Room::Left);
        }
        assert_eq!(offer("z"), Room::Full);
        let kept = sieve.finish();
        assert_eq!(kept.candidates.len(), 1);
        assert_eq!(kept.notes.finish().len(), 2);
    }
}
