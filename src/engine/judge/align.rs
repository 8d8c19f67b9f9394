//! Which of a group's observations belongs to which of the reference's: those of one name.

use std::collections::{HashMap, VecDeque};

use observation::{Group, Observation};
use serde::Serialize;

/// The names of what was observed, where they are not those of the reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entries {
    /// What there is, in its order.
    pub got: Vec<String>,
    /// What there should be, in its order.
    pub expected: Vec<String>,
    /// What should be there and is not.
    pub missing: Vec<String>,
    /// What is there and should not be.
    pub extra: Vec<String>,
}

/// Each of the reference's observations beside the one of the same name, if there is one. Of
/// several of one name, the first belongs to the first.
pub fn pairs<'g, 'e>(
    got: &'g Group,
    expected: &'e Group,
) -> Vec<(Option<&'g Observation>, &'e Observation)> {
    let mut left: HashMap<&str, VecDeque<&Observation>> = HashMap::new();
    for observation in &got.observations {
        left.entry(&observation.name)
            .or_default()
            .push_back(observation);
    }
    let mut of_name = |name: &str| left.get_mut(name)?.pop_front();
    (expected.observations.iter())
        .map(|expected| (of_name(&expected.name), expected))
        .collect()
}

/// What is there beside what should be, where names or their order differ. Nothing is said of a
/// group that a panic or the end of the process has cut short.
pub fn entries(got: &Group, expected: &Group) -> Option<Entries> {
    if !got.ended || !got.panics.is_empty() {
        return None;
    }
    let names = |group: &Group| -> Vec<String> {
        let names = group.observations.iter();
        names.map(|observation| observation.name.clone()).collect()
    };
    let (there, wanted) = (names(got), names(expected));
    (!wanted.starts_with(&there)).then(|| Entries {
        missing: without(&wanted, &there),
        extra: without(&there, &wanted),
        got: there,
        expected: wanted,
    })
}

/// `names` without those that `others` has too, each as often as it is there.
fn without(names: &[String], others: &[String]) -> Vec<String> {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for other in others {
        *left.entry(other).or_default() += 1;
    }
    let mut is_left = |name: &str| match left.get_mut(name) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    let names = names.iter().filter(|name| is_left(name));
    names.cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use observation::{Tolerance, Value};

    fn group(names: &[&str]) -> Group {
        let observations = names.iter().map(|name| Observation {
            name: (*name).into(),
            value: Value::Text("x".into()),
            tolerance: Tolerance::EXACT,
        });
        Group {
            name: "g".into(),
            observations: observations.collect(),
            panics: Vec::new(),
            ended: true,
        }
    }

    #[test]
    fn what_is_renamed_is_missing_and_extra() {
        let found = entries(&group(&["a", "h.1", "h.2"]), &group(&["a", "h.0", "h.1"]));
        let found = found.expect("they differ");
        assert_eq!(found.missing, ["h.0"]);
        assert_eq!(found.extra, ["h.2"]);
    }

    #[test]
    fn another_order_is_neither() {
        let found = entries(&group(&["b", "a"]), &group(&["a", "b"])).expect("they differ");
        assert!(found.missing.is_empty() && found.extra.is_empty());
    }

    #[test]
    fn twice_is_once_too_often() {
        let found = entries(&group(&["a", "a"]), &group(&["a"])).expect("they differ");
        assert_eq!(found.extra, ["a"]);
        assert!(entries(&group(&["a"]), &group(&["a"])).is_none());
    }

    #[test]
    fn a_group_that_only_ends_too_early_lacks_nothing() {
        assert!(entries(&group(&["a"]), &group(&["a", "b"])).is_none());
        assert!(entries(&group(&[]), &group(&["a"])).is_none());
    }

    #[test]
    fn a_group_cut_short_lacks_nothing() {
        let mut got = group(&["a"]);
        got.ended = false;
        assert!(entries(&got, &group(&["a", "b"])).is_none());
    }
}
