//! Keeps what may be a step's file, out of all that a walk through a submission shows.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::PathBuf;

use super::container::{Entry, Reader};
use super::limits::{Limits, NOTES, Notes};
use super::open::Kind;
use super::select::{Candidate, Place};
use super::{file_step, notes, paths, safe_names};
use crate::classroom::due::Stamp;

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

/// How many archives within a submission are opened.
const INNER: usize = 10;

/// Where a walk is, of the several that a submission may take.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Only what lies below this counts, in an archive of the whole class.
    pub strip: Vec<String>,
    /// What is found is written down as if it lay below this.
    pub under: Vec<String>,
    /// The name that this has in the class's folder, where a platform gave it another.
    pub given: Option<String>,
    /// Which attempt it is; the larger is the later.
    pub attempt: (u64, u64),
    /// When everything in it was handed in: what archives say of their files is older.
    pub handed_in: Option<Stamp>,
    /// Whether times are those of a checkout, which say nothing.
    pub is_clone: bool,
    /// Whether it is in an archive within the submission.
    pub is_inner: bool,
}

/// An archive within a submission.
pub struct Inner {
    /// Folders and name.
    pub path: Vec<String>,
    /// Where it is.
    pub from: From,
    /// Where the walk was.
    pub scope: Scope,
}

/// Where an archive within a submission is.
pub enum From {
    /// On the disk.
    Disk(PathBuf),
    /// In another archive.
    Archive(Reader),
}

/// Is shown everything in a submission, and keeps little.
pub struct Candidates<'a> {
    /// The steps whose files are looked for.
    pub steps: &'a [&'a str],
    /// How much is looked at.
    pub limits: &'a Limits,
    /// All that may be a step's file, for each step.
    pub of_steps: Vec<BTreeMap<Place, Candidate>>,
    /// Archives within.
    pub archives: Vec<Inner>,
    /// What else lies there: the first few names, and how many there are.
    pub others: (Vec<String>, usize),
    /// Where the walk is.
    pub scope: Scope,
    /// Names of the folders that were not looked into.
    pub skipped: BTreeSet<String>,
    /// What is noteworthy, as sentences.
    pub notes: Notes,
    /// The first name at the top, and whether there are others.
    top: Option<String>,
    has_several_tops: bool,
    /// What counted, and with it what lay in folders that are passed over.
    seen: usize,
    members: usize,
    is_too_deep: bool,
}

impl<'a> Candidates<'a> {
    /// None yet, for the files of `steps`.
    pub fn new(steps: &'a [&'a str], limits: &'a Limits) -> Self {
        Self {
            steps,
            limits,
            of_steps: steps.iter().map(|_| BTreeMap::new()).collect(),
            archives: Vec::new(),
            others: (Vec::new(), 0),
            scope: Scope::default(),
            skipped: BTreeSet::new(),
            notes: Notes::new(NOTES),
            top: None,
            has_several_tops: false,
            seen: 0,
            members: 0,
            is_too_deep: false,
        }
    }

    /// Whether nothing was shown at all.
    pub fn is_empty(&self) -> bool {
        self.top.is_none()
    }

    /// Whether there is nothing that may be a step's file.
    pub fn has_none(&self) -> bool {
        self.of_steps.iter().all(BTreeMap::is_empty)
    }

    /// Whether files may count that lie in the folder at `path`. `is_alone` says that there is
    /// nothing else beside it.
    pub fn wants(&mut self, path: &[String], is_alone: bool) -> bool {
        let Some((name, above)) = path.split_last() else {
            return true;
        };
        if is(name, &SKIPPED) && !(above.is_empty() && is_alone && is(name, &NAME_TOO)) {
            self.skipped.insert(name.clone());
            return false;
        }
        let fits = path.len() <= self.limits.depth;
        self.is_too_deep |= !fits;
        fits
    }

    /// Says that there is too much to go on.
    pub fn stop(&mut self) -> ControlFlow<()> {
        self.notes.push(notes::too_many(self.limits.entries));
        ControlFlow::Break(())
    }

    /// Looks at what an archive has under the name `name`.
    pub fn offer_member(
        &mut self,
        name: &[u8],
        kind: Kind,
        modified: Option<Stamp>,
        reader: &mut dyn FnMut() -> Reader,
    ) -> ControlFlow<()> {
        let path = match paths::components(name) {
            Ok(path) => path,
            // That is told once, of the class.
            Err(_) if !self.scope.strip.is_empty() => return ControlFlow::Continue(()),
            Err(why) => {
                let name = safe_names::written_bytes(name);
                self.notes.push(notes::escapes(&name, why));
                return self.count();
            }
        };
        let Some(inside) = path.strip_prefix(&self.scope.strip[..]) else {
            return ControlFlow::Continue(());
        };
        self.count()?;
        self.offer(Entry {
            path: inside.to_vec(),
            kind,
            on_disk: None,
            modified,
            reader,
        })
    }

    fn count(&mut self) -> ControlFlow<()> {
        self.members += 1;
        if self.members > PASSED_OVER * self.limits.entries {
            return self.stop();
        }
        ControlFlow::Continue(())
    }

    /// Looks at an entry.
    pub fn offer(&mut self, mut entry: Entry) -> ControlFlow<()> {
        entry.path = [&self.scope.under[..], &entry.path].concat();
        let [folders @ .., _] = &entry.path[..] else {
            return ControlFlow::Continue(());
        };
        if entry.path.iter().any(|name| safe_names::is_junk(name)) {
            return ControlFlow::Continue(());
        }
        let top = self.top.get_or_insert_with(|| entry.path[0].clone());
        self.has_several_tops |= *top != entry.path[0];
        // Whether something stands beside the first folder is known in the end only.
        if !(1..=folders.len()).all(|end| self.wants(&folders[..end], true)) {
            return ControlFlow::Continue(());
        }
        if self.seen == self.limits.entries {
            return self.stop();
        }
        self.seen += 1;
        self.keep(entry);
        ControlFlow::Continue(())
    }

    /// Keeps what counts of what was looked at.
    fn keep(&mut self, entry: Entry) {
        let Some(name) = entry.path.last() else {
            return;
        };
        let handed_in = match (self.scope.handed_in, self.scope.is_clone) {
            (Some(stamp), _) => Some(stamp),
            (None, false) => entry.modified,
            (None, true) => None,
        };
        match (file_step::step_of(name, self.steps), entry.kind) {
            (_, Kind::Folder) => {}
            (Some(meant), kind) => {
                let candidate = Candidate {
                    reader: match kind {
                        Kind::Odd(what) => Err(what),
                        _ => Ok((entry.reader)()),
                    },
                    modified: entry.modified,
                    handed_in,
                };
                // What stands in an archive twice is what came last, as whoever unpacks it would
                // have it.
                let path = entry.path.join("/");
                let mut place = Place::new(entry.path, meant, self.scope.attempt);
                place.given.clone_from(&self.scope.given);
                if self.of_steps[meant.step].insert(place, candidate).is_some() {
                    self.notes.push(notes::twice(&path));
                }
            }
            (None, Kind::Odd(what)) => self.notes.push(notes::odd(&entry.path.join("/"), what)),
            (None, Kind::File) if safe_names::is_archive(name) => {
                let is_opened = !self.scope.is_inner && self.archives.len() < INNER;
                if !is_opened {
                    let path = entry.path.join("/");
                    self.notes.push(notes::archive_within(&path));
                    return;
                }
                let scope = Scope {
                    handed_in,
                    is_inner: true,
                    ..self.scope.clone()
                };
                self.archives.push(Inner {
                    path: entry.path,
                    from: match entry.on_disk {
                        Some(path) => From::Disk(path.to_owned()),
                        None => From::Archive((entry.reader)()),
                    },
                    scope,
                });
            }
            (None, Kind::File) => {
                if self.others.0.len() < NOTES {
                    self.others.0.push(entry.path.join("/"));
                }
                self.others.1 += 1;
            }
        }
    }

    /// What is left when all was shown.
    pub fn finish(mut self) -> Self {
        let mut counts = |path: &[String]| {
            let skips = self.has_several_tops && path.len() > 1 && is(&path[0], &NAME_TOO);
            if skips {
                self.skipped.insert(path[0].clone());
            }
            !skips
        };
        for candidates in &mut self.of_steps {
            candidates.retain(|place, _| counts(&place.path));
        }
        self.archives.retain(|inner| counts(&inner.path));
        if self.is_too_deep {
            self.notes.push(notes::too_deep(self.limits.depth));
        }
        self
    }
}

fn is(name: &str, names: &[&str]) -> bool {
    names.iter().any(|other| name.eq_ignore_ascii_case(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [&str; 3] = ["s01_mask", "s02_mask_more", "s10_model"];

    fn offer(candidates: &mut Candidates, path: &str, content: usize) -> ControlFlow<()> {
        candidates.offer(Entry {
            path: path.split('/').map(str::to_owned).collect(),
            kind: Kind::File,
            on_disk: None,
            modified: None,
            reader: &mut || -> Reader { Box::new(move |_| Ok(content.to_string().into_bytes())) },
        })
    }

    /// What is kept of the files at `paths`, of which each says the how manieth it is.
    fn kept(paths: &[&str]) -> Candidates<'static> {
        let mut candidates = Candidates::new(&STEPS, &Limits::DEFAULT);
        for (at, path) in paths.iter().enumerate() {
            assert!(offer(&mut candidates, path, at).is_continue());
        }
        candidates.finish()
    }

    /// What the files say that are kept, by step, the best first.
    fn contents(of_steps: Vec<BTreeMap<Place, Candidate>>) -> Vec<String> {
        let read = |candidate: Candidate| {
            let Ok(reader) = candidate.reader else {
                panic!("it is no file");
            };
            let bytes = reader(1).expect("it can be read");
            String::from_utf8(bytes).expect("a number")
        };
        let all = of_steps.into_iter().flat_map(BTreeMap::into_values);
        all.map(read).collect()
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
        let skipped = ["Solutions", "checks", "solutions", "target"];
        assert!(kept.skipped.iter().eq(&skipped));
        assert_eq!(contents(kept.of_steps), ["0"]);
    }

    #[test]
    fn a_student_may_be_called_kit() {
        let paths = ["Kit/s01_mask.rs", "__MACOSX/x", "Kit/s10_model.rs"];
        assert_eq!(contents(kept(&paths).of_steps), ["0", "2"]);
        assert!(kept(&["kit/s01_mask.rs", "README.md"]).has_none());
        assert!(kept(&["README.md", "kit/s01_mask.rs"]).has_none());
        assert!(kept(&["Kit/kit/s01_mask.rs"]).has_none());
        assert!(kept(&["solutions/s01_mask.rs"]).has_none());
    }

    #[test]
    fn what_came_last_counts() {
        let kept = kept(&["a/s01_mask.rs", "b/s01_mask.rs", "a/s01_mask.rs"]);
        assert_eq!(kept.notes.finish().len(), 1);
        assert_eq!(contents(kept.of_steps), ["2", "1"]);
    }

    #[test]
    fn there_is_an_end_to_it() {
        let limits = Limits {
            entries: 3,
            depth: 2,
            ..Limits::DEFAULT
        };
        let mut candidates = Candidates::new(&STEPS, &limits);
        for path in ["a/b/c/s01_mask.rs", "a/b/s01_mask.rs", "x", "y"] {
            assert!(offer(&mut candidates, path, 0).is_continue());
        }
        assert!(offer(&mut candidates, "z", 0).is_break());
        let kept = candidates.finish();
        assert_eq!(kept.notes.finish().len(), 2);
        assert_eq!(contents(kept.of_steps).len(), 1);
    }
}
