//! Which file is a step's. Pure.

use std::collections::BTreeMap;

use super::container::Reader;

/// With how many others a file is compared that could as well have been taken.
const COMPARED: usize = 3;

/// Where in a submission a step's file may be. The least place is the best.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// An exact name wins, then the folder that a course has its steps in, then what is not
    /// hidden deep below.
    rank: (bool, bool, usize),
    /// Folders and name, as they are written down.
    pub path: Vec<String>,
}

/// A file that has a step's name, or one that is like it; or what it is instead of a file, as in
/// "a symbolic link".
pub type Candidate = Result<Reader, &'static str>;

/// The file that was chosen for a step, and the others.
#[derive(Default)]
pub struct Choice {
    /// The step's file.
    pub taken: Option<(Place, Reader)>,
    /// The next of those that are as good as it but for their place in the alphabet.
    pub rivals: Vec<(Place, Reader)>,
    /// How many more there are of these.
    pub more: usize,
    /// What has the step's name but is no file.
    pub odd: Vec<(Place, &'static str)>,
}

impl Place {
    /// The place at `path`, where the name is the step's, exactly or nearly.
    pub fn new(path: Vec<String>, is_exact: bool) -> Self {
        let folder = path.iter().rev().nth(1);
        let is_in_steps = folder.is_some_and(|folder| folder.eq_ignore_ascii_case("steps"));
        Self {
            rank: (!is_exact, !is_in_steps, path.len()),
            path,
        }
    }

    /// Whether the name is the step's, exactly.
    pub fn is_exact(&self) -> bool {
        !self.rank.0
    }
}

/// Chooses a step's file.
pub fn choose(candidates: BTreeMap<Place, Candidate>) -> Choice {
    let mut choice = Choice::default();
    for (place, candidate) in candidates {
        match (candidate, &choice.taken) {
            (Err(what), _) => choice.odd.push((place, what)),
            (Ok(reader), None) => choice.taken = Some((place, reader)),
            (Ok(_), Some((taken, _))) if taken.rank != place.rank => {}
            (Ok(_), _) if choice.rivals.len() == COMPARED => choice.more += 1,
            (Ok(reader), _) => choice.rivals.push((place, reader)),
        }
    }
    choice
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Place {
        let is_exact = path.ends_with("/s07.rs") || path == "s07.rs";
        Place::new(path.split('/').map(str::to_owned).collect(), is_exact)
    }

    fn file(path: &str) -> (Place, Candidate) {
        (place(path), Ok(Box::new(|| Ok(Vec::new()))))
    }

    /// The one that is taken out of `paths`, and its rivals.
    fn chosen(paths: &[&str]) -> (String, Vec<String>) {
        let choice = choose(paths.iter().map(|path| file(path)).collect());
        let (taken, _) = choice.taken.expect("there is a file");
        let rivals = choice.rivals.iter().map(|(rival, _)| rival.path.join("/"));
        (taken.path.join("/"), rivals.collect())
    }

    #[test]
    fn the_best_file_is_taken() {
        for (best, others) in [
            ("deep/down/s07.rs", &["alice_s07.rs"][..]),
            ("x/deep/steps/s07.rs", &["s07.rs", "x/s07.rs"]),
            ("steps/s07.rs", &["course/steps/s07.rs", "s07.rs"]),
            ("x/s07.rs", &["x/y/s07.rs"]),
            ("x/Steps/s07.rs", &["a/s07.rs"]),
            ("steps/s07 (1).rs", &["s07 (2).rs"]),
            ("steps-old/s07.rs", &["steps/x/s07.rs"]),
        ] {
            let mut all: Vec<&str> = others.iter().copied().chain([best]).collect();
            assert_eq!(chosen(&all), (best.into(), vec![]));
            all.reverse();
            assert_eq!(chosen(&all), (best.into(), vec![]));
        }
    }

    #[test]
    fn equals_are_rivals_and_the_alphabet_decides() {
        let found = chosen(&["b/s07.rs", "a/s07.rs", "a/b/s07.rs", "c/s07.rs"]);
        let rivals = vec!["b/s07.rs".into(), "c/s07.rs".into()];
        assert_eq!(found, ("a/s07.rs".into(), rivals));
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
        let link = (place("steps/s07.rs"), Err("a link"));
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
