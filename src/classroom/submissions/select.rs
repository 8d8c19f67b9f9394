//! Which file is a step's. Pure.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use super::container::Reader;
use super::file_step::{Meant, Nearness};
use super::{attempt, safe_names};
use crate::classroom::due::Stamp;

/// With how many others a file is compared that could as well have been taken.
const COMPARED: usize = 3;

/// Where in a submission a step's file may be. The least place is the best.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    rank: Rank,
    /// Folders and name, as they are written down.
    pub path: Vec<String>,
    /// The name that the first of them has among the submissions, where a platform gave it another.
    pub given: Option<String>,
}

/// What decides between files, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// The attempt that a platform or the name of the whole submission says: the last one counts.
    attempt: Reverse<(u64, u64)>,
    /// A name that is the step's, exactly or nearly.
    nearness: Nearness,
    /// Then what the names of folders say of attempts, as far as there are several of one folder,
    folders: Reverse<Vec<u64>>,
    /// the folder that a course has its steps in,
    is_elsewhere: bool,
    /// what is not hidden deep below,
    depth: usize,
    /// and what the file's own name says.
    file: Reverse<u64>,
}

/// Why one file was taken and not another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is the later attempt.
    Later,
    /// Its name is nearer to the step's.
    Name,
    /// Its folder is the one to expect.
    Folder,
    /// It was written later.
    Newer,
    /// Nothing but the alphabet.
    Alphabet,
}

/// A file that has a step's name, or one that is like it.
pub struct Candidate {
    /// What reads it; or what it is instead of a file, as in "a symbolic link".
    pub reader: Result<Reader, &'static str>,
    /// When it was written.
    pub modified: Option<Stamp>,
    /// When it was handed in, as far as files say.
    pub handed_in: Option<Stamp>,
}

/// The file that was chosen for a step, and the others.
#[derive(Default)]
pub struct Choice {
    /// The step's file.
    pub taken: Option<(Place, Reader)>,
    /// When it was handed in, as far as files say.
    pub handed_in: Option<Stamp>,
    /// The next best, and why it was not they.
    pub rivals: Vec<(Place, Reader, Why)>,
    /// How many more there are of these.
    pub more: usize,
    /// What has the step's name but is no file.
    pub odd: Vec<(Place, &'static str)>,
}

impl Place {
    /// The place at `path` of a file whose name says what is `meant`, in this `attempt` of the
    /// whole.
    pub fn new(path: Vec<String>, meant: Meant, attempt: (u64, u64)) -> Self {
        let folder = path.iter().rev().nth(1);
        let is_in_steps = folder.is_some_and(|folder| folder.eq_ignore_ascii_case("steps"));
        let rank = Rank {
            attempt: Reverse(attempt),
            nearness: meant.nearness,
            folders: Reverse(Vec::new()),
            is_elsewhere: !is_in_steps,
            depth: path.len(),
            file: Reverse(meant.attempt),
        };
        Self {
            rank,
            path,
            given: None,
        }
    }

    /// Where it is, by the names that things have among the submissions.
    pub fn in_class(&self) -> String {
        match (&self.given, &self.path[..]) {
            (Some(given), [_, below @ ..]) => [slice::from_ref(given), below].concat().join("/"),
            (_, path) => path.join("/"),
        }
    }

    /// Why this, the better place, is better than `other`.
    fn why(&self, other: &Self) -> Why {
        let (a, b) = (&self.rank, &other.rank);
        if a.attempt != b.attempt {
            Why::Later
        } else if a.nearness != b.nearness {
            Why::Name
        } else if a.folders != b.folders {
            Why::Later
        } else if (a.is_elsewhere, a.depth) != (b.is_elsewhere, b.depth) {
            Why::Folder
        } else if a.file != b.file {
            Why::Later
        } else {
            Why::Alphabet
        }
    }
}

/// Has the ranks know which attempts the names of folders and archives say. `work-2` is later than
/// `work` and `work-1`, but a folder called `old-2` is no attempt if there is no other `old`.
fn number_folders<T>(files: &mut [(Place, Reader, T, Option<Stamp>)]) {
    let mut numbers: BTreeMap<Vec<String>, BTreeSet<u64>> = BTreeMap::new();
    let numbered = |place: &Place| {
        let mut base = Vec::new();
        let folders = place
            .path
            .split_last()
            .map_or(&[][..], |(_, folders)| folders);
        let each = folders.iter().map(|folder| {
            let stem = safe_names::stem(folder);
            let found = attempt::of(stem);
            base.push(found.map_or(stem, |found| found.base).to_lowercase());
            (base.clone(), found.map_or(0, |found| found.number))
        });
        each.collect::<Vec<_>>()
    };
    for (place, ..) in &*files {
        for (base, number) in numbered(place) {
            numbers.entry(base).or_default().insert(number);
        }
    }
    let is_several =
        |base: &Vec<String>| numbers.get(base).is_some_and(|numbers| numbers.len() > 1);
    for (place, ..) in files {
        let each = numbered(place).into_iter();
        let counted = each.map(|(base, number)| if is_several(&base) { number } else { 0 });
        place.rank.folders = Reverse(counted.collect());
        // Where none is an attempt, folders are compared by what follows.
        if place.rank.folders.0.iter().all(|&number| number == 0) {
            place.rank.folders.0.clear();
        }
    }
}

/// Chooses a step's file. Where names and places say nothing, the one that was written last is
/// taken, and at last the alphabet decides.
pub fn choose(candidates: BTreeMap<Place, Candidate>) -> Choice {
    let mut choice = Choice::default();
    let mut files = Vec::new();
    for (place, candidate) in candidates {
        match candidate.reader {
            Err(what) => choice.odd.push((place, what)),
            Ok(reader) => files.push((
                place,
                reader,
                candidate.modified.map(Stamp::order),
                candidate.handed_in,
            )),
        }
    }
    number_folders(&mut files);
    files.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    let Some((first, ..)) = files.first() else {
        return choice;
    };
    let equals = files
        .iter()
        .take_while(|(place, ..)| place.rank == first.rank)
        .enumerate();
    let newest = equals.max_by_key(|(at, (_, _, modified, _))| (*modified, Reverse(*at)));
    let (taken, reader, modified, handed_in) = files.remove(newest.map_or(0, |(at, _)| at));
    choice.more = files.len().saturating_sub(COMPARED);
    choice.rivals = files
        .into_iter()
        .take(COMPARED)
        .map(|(place, reader, other, _)| {
            let why = match taken.why(&place) {
                Why::Alphabet if other < modified => Why::Newer,
                why => why,
            };
            (place, reader, why)
        })
        .collect();
    choice.handed_in = handed_in;
    choice.taken = Some((taken, reader));
    choice
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Place {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (nearness, attempt) = match name {
            "s07.rs" => (Nearness::Exact, 0),
            "s07 (1).rs" | "s07-1.rs" => (Nearness::Exact, 1),
            "s07 (2).rs" => (Nearness::Exact, 2),
            _ => (Nearness::Whole, 0),
        };
        let meant = Meant {
            step: 0,
            nearness,
            attempt,
        };
        Place::new(path.split('/').map(str::to_owned).collect(), meant, (0, 0))
    }

    fn file(path: &str) -> (Place, Candidate) {
        (
            place(path),
            candidate(Ok(Box::new(|_| Ok(Vec::new()))), None),
        )
    }

    fn candidate(reader: Result<Reader, &'static str>, modified: Option<i64>) -> Candidate {
        Candidate {
            reader,
            modified: modified.and_then(Stamp::utc),
            handed_in: None,
        }
    }

    /// The one that is taken out of `paths`, and why it is not the others.
    fn chosen(paths: &[&str]) -> (String, Vec<(String, Why)>) {
        let choice = choose(paths.iter().map(|path| file(path)).collect());
        let (taken, _) = choice.taken.expect("there is a file");
        let rivals = choice
            .rivals
            .iter()
            .map(|(rival, _, why)| (rival.path.join("/"), *why));
        (taken.path.join("/"), rivals.collect())
    }

    #[test]
    fn the_best_file_is_taken() {
        for (best, other, why) in [
            ("deep/down/s07.rs", "alice_s07.rs", Why::Name),
            ("x/deep/steps/s07.rs", "s07.rs", Why::Folder),
            ("steps/s07.rs", "course/steps/s07.rs", Why::Folder),
            ("x/s07.rs", "x/y/s07.rs", Why::Folder),
            ("x/Steps/s07.rs", "a/s07.rs", Why::Folder),
            ("steps/s07 (2).rs", "steps/s07 (1).rs", Why::Later),
            ("s07-1.rs", "s07.rs", Why::Later),
            ("steps/s07.rs", "s07 (1).rs", Why::Folder),
            ("v-2/s07.rs", "v-1/steps/s07.rs", Why::Later),
            (
                "work (1).zip/steps/s07.rs",
                "work.zip/steps/s07.rs",
                Why::Later,
            ),
            ("steps-old/s07.rs", "steps/x/s07.rs", Why::Folder),
            ("steps_v2/s07.rs", "steps/s07.rs", Why::Later),
            ("steps/s07.rs", "old-2/s07.rs", Why::Folder),
            ("a/s07.rs", "b/s07.rs", Why::Alphabet),
        ] {
            for paths in [[best, other], [other, best]] {
                assert_eq!(chosen(&paths), (best.into(), vec![(other.into(), why)]));
            }
        }
    }

    #[test]
    fn the_attempt_of_the_whole_comes_first() {
        let of = |attempt, name: &str| {
            let place = {
                let meant = Meant {
                    step: 0,
                    nearness: Nearness::Short,
                    attempt: 0,
                };
                Place::new(vec![name.into()], meant, attempt)
            };
            (place, candidate(Ok(Box::new(|_| Ok(Vec::new()))), None))
        };
        let choice = choose(BTreeMap::from([
            of((0, 7), "a.rs"),
            of((1, 2), "b.rs"),
            file("s07.rs"),
        ]));
        assert!(
            choice
                .taken
                .is_some_and(|(taken, _)| taken.path == ["b.rs"])
        );
        assert_eq!(choice.rivals[0].0.path, ["a.rs"]);
        assert_eq!(choice.rivals[1].2, Why::Later);
    }

    #[test]
    fn what_was_written_last_is_the_last_resort() {
        let of = |path, modified| {
            (
                place(path),
                candidate(Ok(Box::new(|_| Ok(Vec::new()))), modified),
            )
        };
        let files = [
            of("a/s07.rs", Some(5)),
            of("b/s07.rs", Some(6)),
            of("c/s07.rs", None),
        ];
        let choice = choose(BTreeMap::from(files));
        assert!(
            choice
                .taken
                .is_some_and(|(taken, _)| taken == place("b/s07.rs"))
        );
        let whys: Vec<Why> = choice.rivals.iter().map(|(.., why)| *why).collect();
        assert_eq!(whys, [Why::Newer, Why::Newer]);
        let files = [of("s07.rs", Some(1)), of("x/s07.rs", Some(9))];
        let choice = choose(BTreeMap::from(files));
        assert!(
            choice
                .taken
                .is_some_and(|(taken, _)| taken == place("s07.rs"))
        );
    }

    #[test]
    fn few_rivals_are_read() {
        let choice = choose((0..50).map(|i| file(&format!("{i:02}/s07.rs"))).collect());
        assert!(
            choice
                .taken
                .is_some_and(|(taken, _)| taken == place("00/s07.rs"))
        );
        assert_eq!((choice.rivals.len(), choice.more), (3, 46));
    }

    #[test]
    fn what_is_no_file_is_never_taken() {
        let link = (place("steps/s07.rs"), candidate(Err("a link"), None));
        let choice = choose(BTreeMap::from([link, file("a/b/s07.rs")]));
        assert!(
            choice
                .taken
                .is_some_and(|(taken, _)| taken == place("a/b/s07.rs"))
        );
        assert_eq!(choice.odd, [(place("steps/s07.rs"), "a link")]);
        assert!(choose(BTreeMap::new()).taken.is_none());
    }
}
