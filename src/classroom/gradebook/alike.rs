//! Submissions that are alike, in words: for the page and for the terminal.

use crate::classroom::record::Header;
use crate::classroom::similarity::{Cluster, Findings, Kind, Shared};

/// Submissions that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The students' ids, in order.
    pub students: Vec<String>,
    /// Whether they are like the published solution, too.
    pub solution: bool,
    /// How they are alike, and in which steps.
    pub ways: Vec<Way>,
}

/// A way in which submissions are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// As in `the same text`.
    pub how: String,
    /// As in `all 20 steps` or `s03 to s07, s09`.
    pub steps: String,
    /// Whether this is so of some of them only.
    pub some: bool,
}

impl Way {
    /// The whole, in one line.
    #[must_use]
    pub fn words(&self) -> String {
        let some = if self.some { " (some of them)" } else { "" };
        format!("{} in {}{some}", self.how, self.steps)
    }
}

impl Group {
    /// As in `2 students` or `3 students and the solution`.
    #[must_use]
    pub fn size(&self) -> String {
        let noun = if self.students.len() == 1 { "" } else { "s" };
        let solution = if self.solution {
            " and the solution"
        } else {
            ""
        };
        format!("{} student{noun}{solution}", self.students.len())
    }
}

/// The clusters that were found, in words.
#[must_use]
pub fn groups(found: &Findings, header: &Header) -> Vec<Group> {
    let order: Vec<&str> = header.steps.iter().map(|step| step.id.as_str()).collect();
    let group = |cluster: &Cluster| Group {
        students: cluster.students.clone(),
        solution: cluster.solution,
        ways: ways(cluster, &order),
    };
    found.clusters.iter().map(group).collect()
}

/// What tells the most comes first.
fn ways(cluster: &Cluster, order: &[&str]) -> Vec<Way> {
    let members = cluster.students.len() + usize::from(cluster.solution);
    let all_pairs = members * members.saturating_sub(1) / 2;
    let mut ways = Vec::new();
    for some in [false, true] {
        for is_kind in [is_text, is_normalised, is_near] {
            let these: Vec<&Shared> = (cluster.steps.iter())
                .filter(|shared| is_kind(shared.kind) && (shared.pairs < all_pairs) == some)
                .collect();
            if !these.is_empty() {
                let ids: Vec<&str> = these.iter().map(|shared| shared.step.as_str()).collect();
                ways.push(Way {
                    how: how(&these),
                    steps: steps(&ids, order),
                    some,
                });
            }
        }
    }
    ways
}

fn is_text(kind: Kind) -> bool {
    kind == Kind::SameText
}

fn is_normalised(kind: Kind) -> bool {
    kind == Kind::SameNormalised
}

fn is_near(kind: Kind) -> bool {
    matches!(kind, Kind::Near { .. })
}

/// How the texts of these steps are alike, all of them in the same way.
fn how(shared: &[&Shared]) -> String {
    match shared.first().map(|shared| shared.kind) {
        Some(Kind::SameText) => "the same text".into(),
        Some(Kind::SameNormalised) => "the same but for names and order".into(),
        _ => {
            let least = shared.iter().map(|s| s.least).fold(1.0, f64::min);
            let most = shared.iter().map(|s| s.most).fold(0.0, f64::max);
            let (least, most) = (
                format!("{:.0}", least * 100.0),
                format!("{:.0}", most * 100.0),
            );
            if least == most {
                format!("{least} % alike")
            } else {
                format!("{least} to {most} % alike")
            }
        }
    }
}

/// Steps in a few words; `order` has all that were graded.
fn steps(ids: &[&str], order: &[&str]) -> String {
    if ids.len() == order.len() && ids.len() > 1 {
        return format!("all {} steps", ids.len());
    }
    let is_in: Vec<(usize, &str)> = (order.iter().enumerate())
        .filter(|(_, id)| ids.contains(id))
        .map(|(place, id)| (place, *id))
        .collect();
    let runs = is_in.chunk_by(|(one, _), (next, _)| one + 1 == *next);
    let runs: Vec<String> = runs
        .map(|run| match run {
            [(_, first), _, .., (_, last)] => format!("{first} to {last}"),
            _ => run.iter().map(|(_, id)| *id).collect::<Vec<_>>().join(", "),
        })
        .collect();
    runs.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_told_in_few_words() {
        let order = ["s01", "s02", "s03", "s04", "s05", "s09"];
        let said = |ids: &[&str]| steps(ids, &order);
        assert_eq!(said(&order), "all 6 steps");
        assert_eq!(said(&["s02", "s03", "s04", "s09"]), "s02 to s04, s09");
        assert_eq!(said(&["s01", "s02", "s05"]), "s01, s02, s05");
        assert_eq!(said(&["s04"]), "s04");
        assert_eq!(steps(&["s01"], &["s01"]), "s01");
    }

    #[test]
    fn ways_are_told_apart_and_put_together() {
        let shared = |step: &str, kind, least, pairs| Shared {
            step: step.into(),
            pairs,
            kind,
            least,
            most: 1.0,
        };
        let near = Kind::Near { shared: 9, of: 10 };
        let cluster = Cluster {
            students: ["a", "b", "c"].map(String::from).to_vec(),
            solution: false,
            pairs: 3,
            steps: vec![
                shared("s01", Kind::SameText, 1.0, 3),
                shared("s02", near, 0.91, 3),
                shared("s03", near, 0.85, 3),
                shared("s04", Kind::SameText, 1.0, 1),
            ],
            score: 900,
        };
        let said: Vec<String> = ways(&cluster, &["s01", "s02", "s03", "s04"])
            .iter()
            .map(Way::words)
            .collect();
        assert_eq!(
            said,
            [
                "the same text in s01",
                "85 to 100 % alike in s02, s03",
                "the same text in s04 (some of them)",
            ]
        );
    }
}
