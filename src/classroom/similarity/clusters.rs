//! From pairs to groups: who copied from one and the same makes many pairs that say one thing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Kind, Other, Pair};

/// Students each of whom is alike with at least one other of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// Their ids, in order.
    pub students: Vec<String>,
    /// Whether the published solution is one of them.
    pub solution: bool,
    /// How many pairs there are among them; less than all possible ones if not everybody is like
    /// everybody else.
    pub pairs: usize,
    /// The steps in which at least two of them are alike, in order.
    pub steps: Vec<Shared>,
    /// The highest score of a pair, which clusters are ordered by.
    pub score: usize,
}

/// A step in which members of a cluster are alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shared {
    /// As in `s07`.
    pub step: String,
    /// How many pairs of the cluster are alike in it.
    pub pairs: usize,
    /// How the least alike of them are.
    #[serde(flatten)]
    pub kind: Kind,
    /// The smallest similarity of a pair, from 0.8 to 1.
    pub least: f64,
    /// The largest.
    pub most: f64,
}

impl Cluster {
    /// Whether everybody in it is like everybody else.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let members = self.students.len() + usize::from(self.solution);
        self.pairs == members * members.saturating_sub(1) / 2
    }
}

/// The clusters of `pairs`, which have the most telling first; so have the clusters.
#[must_use]
pub fn clusters(pairs: &[Pair]) -> Vec<Cluster> {
    let mut sets: Vec<Set<'_>> = Vec::new();
    for pair in pairs {
        let ends = [Member::Student(&pair.a), Member::of(&pair.b)];
        let (joined, others): (Vec<_>, Vec<_>) =
            (sets.into_iter()).partition(|set| ends.iter().any(|end| set.members.contains(end)));
        let mut set = Set::default();
        for other in joined {
            set.members.extend(other.members);
            set.pairs.extend(other.pairs);
        }
        set.members.extend(ends);
        set.pairs.push(pair);
        sets = others;
        sets.push(set);
    }
    let mut clusters: Vec<Cluster> = sets.into_iter().map(Set::cluster).collect();
    clusters.sort_by(|a, b| (Reverse(a.score), &a.students).cmp(&(Reverse(b.score), &b.students)));
    clusters
}

/// Who takes part; the solution comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Member<'a> {
    Student(&'a str),
    Solution,
}

impl<'a> Member<'a> {
    fn of(other: &'a Other) -> Self {
        match other {
            Other::Student(id) => Self::Student(id),
            Other::Solution => Self::Solution,
        }
    }
}

#[derive(Default)]
struct Set<'a> {
    members: BTreeSet<Member<'a>>,
    pairs: Vec<&'a Pair>,
}

impl Set<'_> {
    fn cluster(self) -> Cluster {
        let mut steps: BTreeMap<&str, Shared> = BTreeMap::new();
        for alike in self.pairs.iter().flat_map(|pair| &pair.steps) {
            let shared = steps.entry(&alike.step).or_insert_with(|| Shared {
                step: alike.step.clone(),
                pairs: 0,
                kind: alike.kind,
                least: alike.similarity,
                most: alike.similarity,
            });
            shared.pairs += 1;
            if (rank(alike.kind), alike.similarity) < (rank(shared.kind), shared.least) {
                shared.kind = alike.kind;
            }
            shared.least = shared.least.min(alike.similarity);
            shared.most = shared.most.max(alike.similarity);
        }
        Cluster {
            solution: self.members.contains(&Member::Solution),
            students: (self.members.into_iter())
                .filter_map(|member| match member {
                    Member::Student(id) => Some(id.to_owned()),
                    Member::Solution => None,
                })
                .collect(),
            pairs: self.pairs.len(),
            steps: steps.into_values().collect(),
            score: (self.pairs.iter().map(|pair| pair.score))
                .max()
                .unwrap_or(0),
        }
    }
}

/// The higher, the more alike.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Near { .. } => 0,
        Kind::SameNormalised => 1,
        Kind::SameText => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Alike;
    use super::*;

    fn pair(a: &str, b: Option<&str>, score: usize, steps: &[(&str, Kind, f64)]) -> Pair {
        let steps = steps.iter().map(|&(step, kind, similarity)| Alike {
            step: step.into(),
            kind,
            similarity,
            weight: score,
        });
        Pair {
            a: a.into(),
            b: b.map_or(Other::Solution, |b| Other::Student(b.into())),
            steps: steps.collect(),
            score,
        }
    }

    const NEAR: Kind = Kind::Near { shared: 9, of: 10 };

    #[test]
    fn who_copied_from_one_is_one_cluster() {
        let same = [("s01", Kind::SameText, 1.0), ("s02", Kind::SameText, 1.0)];
        let found = clusters(&[
            pair("a", Some("b"), 300, &same),
            pair("c", Some("d"), 250, &same[..1]),
            pair("a", Some("c"), 200, &same),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].students, ["a", "b", "c", "d"]);
        assert_eq!((found[0].pairs, found[0].score), (3, 300));
        assert!(!found[0].is_complete() && !found[0].solution);
        let shared: Vec<(&str, usize)> = (found[0].steps.iter())
            .map(|shared| (shared.step.as_str(), shared.pairs))
            .collect();
        assert_eq!(shared, [("s01", 3), ("s02", 2)]);
    }

    #[test]
    fn who_has_nothing_in_common_is_not() {
        let found = clusters(&[
            pair("x", None, 500, &[("s01", Kind::SameNormalised, 1.0)]),
            pair("a", Some("b"), 300, &[("s01", NEAR, 0.9)]),
        ]);
        assert_eq!(found.len(), 2);
        assert!(found[0].solution && found[0].is_complete());
        assert_eq!(found[0].students, ["x"]);
        assert_eq!(found[1].students, ["a", "b"]);
    }

    #[test]
    fn a_step_is_told_by_the_pair_least_alike() {
        let found = clusters(&[
            pair("a", Some("b"), 300, &[("s01", Kind::SameText, 1.0)]),
            pair("a", Some("c"), 200, &[("s01", NEAR, 0.85)]),
            pair("b", Some("c"), 200, &[("s01", Kind::SameNormalised, 1.0)]),
        ]);
        let step = &found[0].steps[0];
        assert_eq!(
            (step.kind, step.least, step.most, step.pairs),
            (NEAR, 0.85, 1.0, 3)
        );
        assert!(found[0].is_complete());
    }
}
