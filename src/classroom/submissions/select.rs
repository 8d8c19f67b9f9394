//! Which file is a step's. Pure.

use std::cmp::Ordering;

use super::candidates::Candidate;
use super::open::Kind;

/// With how many others a file is compared that could as well have been taken.
const COMPARED: usize = 3;

/// The file that was chosen for a step, and the others, as positions among the candidates.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The step's file.
    pub taken: Option<usize>,
    /// The next of those that are as good as it but for their place in the alphabet.
    pub rivals: Vec<usize>,
    /// How many more there are of these.
    pub more: usize,
    /// What has the step's name but is no file.
    pub odd: Vec<usize>,
}

/// Chooses a file for the wanted step `step`.
pub fn choose(candidates: &[Candidate], step: usize) -> Choice {
    let of_step = |&at: &usize| candidates[at].step == step;
    let (mut files, mut odd): (Vec<usize>, Vec<usize>) = (0..candidates.len())
        .filter(of_step)
        .partition(|&at| candidates[at].kind == Kind::File);
    let by_rank = |&a: &usize, &b: &usize| order(&candidates[a], &candidates[b]);
    files.sort_by(by_rank);
    odd.sort_by(by_rank);

    let mut files = files.into_iter();
    let taken = files.next();
    let as_good =
        |&at: &usize| taken.is_some_and(|taken| rank(&candidates[taken]) == rank(&candidates[at]));
    let mut rivals: Vec<usize> = files.take_while(as_good).collect();
    let more = rivals.len().saturating_sub(COMPARED);
    rivals.truncate(COMPARED);
    Choice {
        taken,
        rivals,
        more,
        odd,
    }
}

/// The best comes first.
fn order(a: &Candidate, b: &Candidate) -> Ordering {
    rank(a).cmp(&rank(b)).then_with(|| a.path.cmp(&b.path))
}

/// An exact name wins, then the folder that a course has its steps in, then what is not hidden
/// deep below.
fn rank(candidate: &Candidate) -> (bool, bool, usize) {
    let folder = candidate.path.iter().rev().nth(1);
    let is_in_steps = folder.is_some_and(|folder| folder.eq_ignore_ascii_case("steps"));
    (!candidate.exact, !is_in_steps, candidate.path.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(path: &str) -> Candidate {
        Candidate {
            path: path.split('/').map(str::to_owned).collect(),
            step: 0,
            exact: path.ends_with("/s07.rs") || path == "s07.rs",
            kind: Kind::File,
            handle: 0,
        }
    }

    /// The one that is taken out of `paths`, and its rivals.
    fn chosen<'a>(paths: &[&'a str]) -> (&'a str, Vec<&'a str>) {
        let candidates: Vec<Candidate> = paths.iter().map(|path| candidate(path)).collect();
        let choice = choose(&candidates, 0);
        let taken = choice.taken.expect("there is a file");
        let rivals = choice.rivals.iter().map(|&at| paths[at]).collect();
        (paths[taken], rivals)
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
            assert_eq!(chosen(&all), (best, vec![]));
            all.reverse();
            assert_eq!(chosen(&all), (best, vec![]));
        }
    }

    #[test]
    fn equals_are_rivals_and_the_alphabet_decides() {
        let found = chosen(&["b/s07.rs", "a/s07.rs", "a/b/s07.rs", "c/s07.rs"]);
        assert_eq!(found, ("a/s07.rs", vec!["b/s07.rs", "c/s07.rs"]));
    }

    #[test]
    fn few_rivals_are_read() {
        let many: Vec<Candidate> = (0..50)
            .map(|i| candidate(&format!("{i:02}/s07.rs")))
            .collect();
        let choice = choose(&many, 0);
        assert_eq!(choice.taken, Some(0));
        assert_eq!((choice.rivals.len(), choice.more), (3, 46));
    }

    #[test]
    fn what_is_no_file_is_never_taken() {
        let mut candidates = vec![candidate("steps/s07.rs"), candidate("a/b/s07.rs")];
        candidates[0].kind = Kind::LINK;
        let choice = choose(&candidates, 0);
        assert_eq!((choice.taken, choice.odd), (Some(1), vec![0]));
        assert_eq!(choose(&candidates, 1), Choice::default());
    }
}
