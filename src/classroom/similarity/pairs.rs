//! From steps to pairs of students.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::step::{Likeness, Step};
use super::{Alike, Kind, Other, Pair};

/// So many fingerprints two have to have in common, all steps together, to be worth a look: some
/// ten lines that neither the skeleton nor half of the class has.
const WORTH_A_LOOK: usize = 100;

/// All pairs worth a look, the most telling first. The participant behind all `students` is the
/// solution.
pub fn pairs(steps: &[Step<'_>], students: &[&str]) -> Vec<Pair> {
    let mut found: BTreeMap<(usize, usize), Vec<Alike>> = BTreeMap::new();
    for step in steps {
        for (pair, likeness) in step.alike() {
            found.entry(pair).or_default().push(alike(step, likeness));
        }
    }
    let mut pairs: Vec<Pair> = found
        .into_iter()
        .filter_map(|((a, b), steps)| {
            Some(Pair {
                a: (*students.get(a)?).to_owned(),
                b: match students.get(b) {
                    Some(&student) => Other::Student(student.to_owned()),
                    None => Other::Solution,
                },
                score: steps.iter().map(|step| step.weight).sum(),
                steps,
            })
        })
        .filter(|pair| pair.score >= WORTH_A_LOOK)
        .collect();
    // They are in the order of their names, and the sort is stable.
    pairs.sort_by_key(|pair| Reverse(pair.score));
    pairs
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn alike(step: &Step<'_>, likeness: Likeness) -> Alike {
    Alike {
        step: step.id.to_owned(),
        kind: likeness.kind,
        similarity: match likeness.kind {
            Kind::SameText | Kind::SameNormalised => 1.0,
            Kind::Near { shared, of } => shared as f64 / of as f64,
        },
        weight: likeness.weight,
    }
}
