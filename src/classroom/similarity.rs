//! Which submissions look alike: pairs for a teacher to look at, not an accusation. Pure: no files,
//! no processes.
//!
//! `lex` turns any text, broken or not, into tokens without comments, attributes and imports;
//! `names` makes the names alike that a file chose itself; `items` takes it apart into pieces
//! whose order does not matter; `grams` makes the fingerprints of each.
//! `step` finds the texts of a step that are the same or near, `pairs` adds up what they share, and
//! `clusters` puts pairs together that say the same.
//!
//! What is not somebody's own does not count: the skeleton's fingerprints, those that more than
//! half of a class have, and a text that more than a third of a class or more than ten students
//! have. Two are shown as a pair if they share enough of the rest, all steps together.
//!
//! Tried on the course's own material, 12 solutions and 80 other right ways to write the steps:
//! none of the 310 pairs of texts for the same step is shown. With each known mistake in each way
//! that can have it, 1,285 near pairs are, and 2 of them come from different ways. A copy with a
//! line or two changed in each of its steps is always shown, and in seven of ten cases where there
//! is one step only; without near pairs it never is. One person wrote them all, to be different;
//! how alike honest students of one class are, nobody has measured yet.

mod clusters;
mod grams;
mod items;
mod lex;
mod names;
mod pairs;
mod roles;
mod step;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::parallel::in_parallel;
pub use clusters::{Cluster, Shared};
use step::{Read, Step};

/// No more pairs are reported.
pub const REPORTED: usize = 200;

/// What a student has handed in for a step.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// The student's id.
    pub student: &'a str,
    /// As in `s07`.
    pub step: &'a str,
    /// The file's content.
    pub text: &'a str,
}

/// What everybody has for a step.
#[derive(Debug, Clone, Copy)]
pub struct Base<'a> {
    /// As in `s07`.
    pub step: &'a str,
    /// What students began with. It does not count.
    pub skeleton: &'a str,
    /// The published solution, which takes part as if it were a student's.
    pub solution: &'a str,
}

/// What looks alike in a class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// All pairs together, the most telling first.
    pub clusters: Vec<Cluster>,
    /// Pairs to look at, the most telling first; at most [`REPORTED`].
    pub pairs: Vec<Pair>,
    /// How many more there are.
    pub left_out: usize,
    /// What so many have alike that it makes no pairs, in the order of the steps.
    pub common: Vec<Common>,
}

/// A student whose work looks like somebody else's. It does not say who had it first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// A student.
    pub a: String,
    /// Whom the work looks like.
    pub b: Other,
    /// The steps in which it does, in order.
    pub steps: Vec<Alike>,
    /// The sum of the steps' weights, which pairs are ordered by.
    pub score: usize,
}

/// Whom a student's work looks like.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Other {
    /// Another student, whose id comes later.
    Student(String),
    /// The published solution.
    Solution,
}

/// A step in which two are alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alike {
    /// As in `s07`.
    pub step: String,
    /// How.
    #[serde(flatten)]
    pub kind: Kind,
    /// From 0.8 to 1.
    pub similarity: f64,
    /// How many fingerprints both have that not more than half of the class have; twice as many if
    /// the texts are the same.
    pub weight: usize,
}

/// How two texts are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// To the last letter, the ends of lines aside.
    SameText,
    /// After normalising names, comments and order.
    SameNormalised,
    /// In most of what few others have.
    Near {
        /// So many fingerprints are in both.
        shared: usize,
        /// So many are in the one that has fewer.
        of: usize,
    },
}

/// The same after normalising, had by so many that it tells nothing of any two of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Common {
    /// As in `s07`.
    pub step: String,
    /// Who has it, in order.
    pub students: Vec<String>,
    /// How many have begun this step.
    pub of: usize,
    /// Whether it is the published solution, after normalising.
    pub solution: bool,
}

/// Looks for submissions that are alike. Of several texts of a student for a step the last counts.
#[must_use]
pub fn find(texts: &[Text<'_>], bases: &[Base<'_>]) -> Findings {
    let mut students: Vec<&str> = texts.iter().map(|text| text.student).collect();
    students.sort_unstable();
    students.dedup();
    let steps = steps(texts, bases, &students);
    let mut pairs = pairs::pairs(&steps, &students);
    let clusters = clusters::clusters(&pairs);
    let left_out = pairs.len().saturating_sub(REPORTED);
    pairs.truncate(REPORTED);
    Findings {
        clusters,
        pairs,
        left_out,
        common: common(&steps, &students),
    }
}

/// The steps that have texts, each with the texts of those who have begun, in the order of ids.
fn steps<'a>(texts: &[Text<'a>], bases: &[Base<'a>], students: &[&str]) -> Vec<Step<'a>> {
    let number: HashMap<&str, usize> = students.iter().copied().zip(0..).collect();
    let mut by_step: BTreeMap<&str, BTreeMap<usize, &str>> = BTreeMap::new();
    for text in texts {
        let step = by_step.entry(text.step).or_default();
        step.insert(number[text.student], text.text);
    }
    for base in bases {
        if let Some(step) = by_step.get_mut(base.step) {
            step.insert(students.len(), base.solution);
        }
    }
    let skeletons: BTreeMap<&str, Skeleton> = bases
        .iter()
        .map(|base| (base.step, Skeleton::of(base.skeleton)))
        .collect();
    let none = Skeleton::of("");
    let skeleton = |step: &str| skeletons.get(step).unwrap_or(&none);

    // Many texts are the same: not begun.
    let mut jobs: Vec<(&str, &str)> = by_step
        .iter()
        .flat_map(|(step, texts)| texts.values().map(move |text| (*step, *text)))
        .collect();
    jobs.sort_unstable();
    jobs.dedup();
    let read = in_parallel(&jobs, |(step, text)| skeleton(step).read(text));
    let read: HashMap<(&str, &str), Read> = jobs.into_iter().zip(read).collect();

    by_step
        .into_iter()
        .map(|(id, texts)| {
            let begun: Vec<(usize, &Read)> = texts
                .into_iter()
                .map(|(who, text)| (who, &read[&(id, text)]))
                .filter(|(_, read)| !read.prints.grams.is_empty())
                .collect();
            Step::new(id, &begun, students.len())
        })
        .collect()
}

/// What is everybody's in a step.
struct Skeleton {
    /// The names it declares.
    names: HashSet<String>,
    /// Its fingerprints.
    grams: HashSet<u64>,
}

impl Skeleton {
    fn of(text: &str) -> Self {
        let tokens = lex::tokens(text);
        let names = names::declared(&tokens);
        let tokens = names::normalised(&tokens, &names);
        let items = items::items(&tokens);
        Self {
            grams: grams::prints(&items).grams.into_iter().collect(),
            names,
        }
    }

    /// Reads a text that began as this.
    fn read(&self, text: &str) -> Read {
        let tokens = names::normalised(&lex::tokens(text), &self.names);
        let mut prints = grams::prints(&items::items(&tokens));
        prints.grams.retain(|print| !self.grams.contains(print));
        Read {
            text: grams::text_hash(text),
            prints,
        }
    }
}

fn common(steps: &[Step<'_>], students: &[&str]) -> Vec<Common> {
    steps
        .iter()
        .flat_map(|step| step.clusters.iter().map(move |cluster| (step, cluster)))
        .filter(|(_, cluster)| cluster.common)
        .map(|(step, cluster)| {
            let names = cluster
                .members
                .iter()
                .filter_map(|&(who, _)| students.get(who));
            Common {
                step: step.id.to_owned(),
                students: names.map(|&name| name.to_owned()).collect(),
                of: step.begun,
                solution: cluster
                    .members
                    .iter()
                    .any(|&(who, _)| who == students.len()),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
