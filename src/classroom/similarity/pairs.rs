//! From steps to pairs of students.

use std::collections::BTreeSet;

use super::step::{Form, Step};
use super::{Alike, Kind, Other, Pair};

/// Forms that more have than these do not bring pairs up; they count in those that others bring
/// up. Keeps a class of thousands from being compared each with each.
const BRINGS_UP: usize = 64;

/// How much rarer than once in the class a likeness has to be to be worth a look, as a power of e.
/// It is reckoned as if people chose each line on its own; they do not quite: who writes one the
/// plain way writes the next one so.
const MARGIN: f64 = 5.0;

/// All pairs worth a look, the most telling first. The participant behind all `students` is the
/// solution.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
pub fn pairs(steps: &[Step<'_>], students: &[&str]) -> Vec<Pair> {
    // There are about half of n squared pairs.
    let threshold = 2.0 * ((students.len() + 1) as f64).ln() + MARGIN;
    let mut pairs: Vec<Pair> = brought_up(steps)
        .into_iter()
        .filter_map(|pair| worth_a_look(steps, pair, students, threshold))
        .collect();
    // They are in the order of their names, and the sort is stable.
    pairs.sort_by(|one, other| other.score.total_cmp(&one.score));
    pairs
}

/// Those who have something in common that not too many have.
fn brought_up(steps: &[Step<'_>]) -> BTreeSet<(usize, usize)> {
    let mut pairs = BTreeSet::new();
    for step in steps {
        let same = step.forms.iter().map(|form| (form, form));
        for (one, other) in same.chain(step.near()) {
            if one.members.len().max(other.members.len()) <= BRINGS_UP {
                pairs.extend(couples(one, other));
            }
        }
    }
    pairs
}

/// Each who has the one form with each who has the other, the smaller number first.
fn couples<'a>(one: &'a Form, other: &'a Form) -> impl Iterator<Item = (usize, usize)> + 'a {
    one.members.iter().flat_map(move |&a| {
        let others = other.members.iter().filter(move |&&b| a != b);
        others.map(move |&b| (a.min(b), a.max(b)))
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn worth_a_look(
    steps: &[Step<'_>],
    (a, b): (usize, usize),
    students: &[&str],
    threshold: f64,
) -> Option<Pair> {
    let likenesses = || {
        let steps = steps.iter();
        steps.filter_map(move |step| Some((step, step.alike(a, b)?)))
    };
    let score: f64 = likenesses().map(|(_, likeness)| likeness.weight).sum();
    if score < threshold {
        return None;
    }
    Some(Pair {
        a: (*students.get(a)?).to_owned(),
        b: match students.get(b) {
            Some(&student) => Other::Student(student.to_owned()),
            None => Other::Solution,
        },
        steps: likenesses()
            .map(|(step, likeness)| Alike {
                step: step.id.to_owned(),
                kind: likeness.kind,
                similarity: match likeness.kind {
                    Kind::SameText | Kind::SameNormalised => 1.0,
                    Kind::Near { shared, of } => shared as f64 / of as f64,
                },
                weight: rounded(likeness.weight),
            })
            .collect(),
        score: rounded(score),
    })
}

/// Logarithms differ in their last digits from machine to machine.
fn rounded(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
