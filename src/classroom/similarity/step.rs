//! A class's texts for one step. Texts that are the same after normalising are taken together, as
//! a cluster: it is clusters that are compared, never every text with every other.

use std::collections::HashMap;

use super::Kind;
use super::grams::Prints;

/// Texts are near from this share of the smaller one's fingerprints on. Two changed lines take a
/// tenth of them; of the course's own texts, written to differ, none but a very short one shares
/// more than two thirds.
const NEAR: f64 = 0.8;

/// What shares fewer fingerprints than these, some four lines, is too short to be near.
const A_FEW: usize = 30;

/// From this many students on it means something that many have the same.
const CLASS: usize = 6;

/// A cluster that more than this many have is the step's, not theirs: the default of Moss's option
/// `-m`, how often a passage may appear before it is ignored.
const MANY: usize = 10;

/// Names, comments and spacing are chosen as well: the same text tells twice as much as the same
/// code.
const TO_THE_LETTER: usize = 2;

/// A text, read.
#[derive(Debug, Clone)]
pub struct Read {
    /// Names the text to the letter.
    pub text: u64,
    /// What it is compared by, without the skeleton's part.
    pub prints: Prints,
}

/// The texts of a step.
pub struct Step<'a> {
    pub id: &'a str,
    pub clusters: Vec<Cluster>,
    /// How many students have begun.
    pub begun: usize,
}

/// What some have in common, be it one student's alone.
#[derive(Default)]
pub struct Cluster {
    /// Who, in order, each with what names the text.
    pub members: Vec<(usize, u64)>,
    /// Whether too many have it for it to tell anything.
    pub common: bool,
    /// Its fingerprints that not more than half of the class have, in order.
    prints: Vec<u64>,
}

/// How two texts are alike.
#[derive(Debug, Clone, Copy)]
pub struct Likeness {
    pub kind: Kind,
    /// See [`super::Alike::weight`].
    pub weight: usize,
}

impl<'a> Step<'a> {
    /// From the texts of all who have begun, in order: of `students`, and of one participant
    /// behind them, the solution.
    pub fn new(id: &'a str, texts: &[(usize, &Read)], students: usize) -> Self {
        let mut clusters: HashMap<u64, Cluster> = HashMap::new();
        let mut holders: HashMap<u64, usize> = HashMap::new();
        let mut begun = 0;
        for &(who, read) in texts {
            let cluster = clusters.entry(read.prints.whole).or_default();
            cluster.members.push((who, read.text));
            cluster.prints.clone_from(&read.prints.grams);
            if who < students {
                begun += 1;
                for &print in &read.prints.grams {
                    *holders.entry(print).or_default() += 1;
                }
            }
        }
        let mut clusters: Vec<Cluster> = clusters.into_values().collect();
        clusters.sort_by_key(|cluster| cluster.members[0]);
        if begun >= CLASS {
            for cluster in &mut clusters {
                let students = cluster.members.iter().filter(|(who, _)| *who < students);
                let students = students.count();
                cluster.common = students > MANY || students * 3 > begun;
                cluster
                    .prints
                    .retain(|print| holders.get(print).is_none_or(|all| all * 2 <= begun));
            }
        }
        Self {
            id,
            clusters,
            begun,
        }
    }

    /// The pairs of participants whose texts are alike, the smaller number first, and how.
    pub fn alike(&self) -> impl Iterator<Item = ((usize, usize), Likeness)> {
        let telling: Vec<&Cluster> = self
            .clusters
            .iter()
            .filter(|cluster| !cluster.common)
            .collect();
        let mut alike = Vec::new();
        for (i, &one) in telling.iter().enumerate() {
            alike.extend(one.same());
            for other in &telling[i + 1..] {
                alike.extend(one.near(other));
            }
        }
        alike.into_iter()
    }
}

impl Cluster {
    /// Those who have it, each with each.
    fn same(&self) -> Vec<((usize, usize), Likeness)> {
        let mut pairs = Vec::new();
        for (i, &(a, text)) in self.members.iter().enumerate() {
            for &(b, other) in &self.members[i + 1..] {
                let (kind, weight) = if text == other {
                    (Kind::SameText, self.prints.len() * TO_THE_LETTER)
                } else {
                    (Kind::SameNormalised, self.prints.len())
                };
                pairs.push(((a, b), Likeness { kind, weight }));
            }
        }
        pairs
    }

    /// Those who have it with those who have the other, if the two are near.
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    fn near(&self, other: &Self) -> Vec<((usize, usize), Likeness)> {
        let shared = shared(&self.prints, &other.prints);
        let of = self.prints.len().min(other.prints.len());
        if shared < A_FEW || (shared as f64) < NEAR * of as f64 {
            return Vec::new();
        }
        let likeness = Likeness {
            kind: Kind::Near { shared, of },
            weight: shared,
        };
        let members = self.members.iter();
        members
            .flat_map(|&(a, _)| {
                let others = other.members.iter();
                others.map(move |&(b, _)| ((a.min(b), a.max(b)), likeness))
            })
            .collect()
    }
}

/// How much two sorted lists have in common.
fn shared(mut one: &[u64], mut other: &[u64]) -> usize {
    let mut both = 0;
    while let ([a, after_a @ ..], [b, after_b @ ..]) = (one, other) {
        both += usize::from(a == b);
        one = if a <= b { after_a } else { one };
        other = if b <= a { after_b } else { other };
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTS: std::ops::Range<u64> = 0..40;

    /// A class in which the first `having` students have texts with [`PRINTS`], each as a cluster of
    /// its own or all as one, and the others nothing of it.
    fn step(students: usize, having: usize, as_one: bool) -> Step<'static> {
        let read = |who: u64| {
            let has = who < having as u64;
            let own = 1000 + who * 5..1005 + who * 5;
            Read {
                text: who,
                prints: Prints {
                    whole: if has && as_one { 0 } else { who + 1 },
                    grams: if has {
                        PRINTS.chain(own).collect()
                    } else {
                        own.collect()
                    },
                },
            }
        };
        let reads: Vec<Read> = (0..students as u64).map(read).collect();
        let texts: Vec<(usize, &Read)> = reads.iter().enumerate().collect();
        Step::new("s01", &texts, students)
    }

    #[test]
    fn what_more_than_half_have_does_not_count_in_a_class() {
        assert_eq!(step(12, 6, false).alike().count(), 6 * 5 / 2);
        assert_eq!(step(12, 7, false).alike().count(), 0);
        assert_eq!(step(5, 5, false).alike().count(), 5 * 4 / 2);
    }

    #[test]
    fn what_a_third_or_more_than_ten_have_is_common() {
        let is_common = |students, having| step(students, having, true).clusters[0].common;
        assert!(!is_common(9, 3) && is_common(9, 4));
        assert!(!is_common(100, 10) && is_common(100, 11));
        assert!(!is_common(5, 5));
        assert_eq!(step(9, 4, true).alike().count(), 0);
    }
}
