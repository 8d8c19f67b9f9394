//! Finds the known mistakes that explain what a step showed. Pure, like the judge.

use observation::{Group, Observation, Observations, Tolerance, Value};

use super::compare::{self, reaction};

/// How many pairs of mistakes are worth trying out.
const PAIRS: usize = 24;

/// One observation of a run, beside the reference's.
enum Mark<'a> {
    /// As it should be.
    Same,
    /// Not as it should be, but like this.
    Other(&'a Value),
    /// A panic came before it.
    Panicked(&'a str),
    /// The process died before it.
    Died,
    /// The check recorded something else in its place, or nothing.
    Absent,
    /// There is nothing to be said: a `todo!()`, or the process had died by then.
    Unknown,
}

/// A run as the reference's observations see it, one mark for each of them.
struct Marks<'a>(Vec<Mark<'a>>);

/// The mistakes among `suspects` (their positions) that explain all that is wrong with `run`: one,
/// or two at once, or none.
#[must_use]
pub fn diagnose(
    run: &Observations,
    reference: &Observations,
    suspects: &[&Observations],
) -> Vec<usize> {
    let (expected, seen, marks) = look(run, reference, suspects);
    let explains = |those: &[usize]| explains(&expected, &seen, &marks, those);
    if let Some(single) = (0..marks.len()).find(|&i| explains(&[i])) {
        return vec![single];
    }
    pairs_of(marks.len())
        .find(|&(i, j)| explains(&[i, j]) && !explains(&[i]) && !explains(&[j]))
        .map_or(Vec::new(), |(i, j)| vec![i, j])
}

/// The pairs of suspects that may explain `run` together, where both touch the same observation
/// and only trying them out can tell.
#[must_use]
pub fn pairs_to_try(
    run: &Observations,
    reference: &Observations,
    suspects: &[&Observations],
) -> Vec<(usize, usize)> {
    let (expected, seen, marks) = look(run, reference, suspects);
    pairs_of(marks.len())
        .filter(|&(i, j)| may_explain(&expected, &seen, &marks[i], &marks[j]))
        .take(PAIRS)
        .collect()
}

fn pairs_of(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).flat_map(move |i| (i + 1..count).map(move |j| (i, j)))
}

fn look<'a>(
    run: &'a Observations,
    reference: &'a Observations,
    suspects: &[&'a Observations],
) -> (Vec<&'a Observation>, Marks<'a>, Vec<Marks<'a>>) {
    let expected = reference
        .groups
        .iter()
        .flat_map(|group| &group.observations)
        .collect();
    let marks = suspects
        .iter()
        .map(|suspect| Marks::new(suspect, reference))
        .collect();
    (expected, Marks::new(run, reference), marks)
}

/// Whether each observation is as one of `those` has it; where none of them changes anything, as
/// the reference has it.
fn explains(
    expected: &[&Observation],
    seen: &Marks<'_>,
    marks: &[Marks<'_>],
    those: &[usize],
) -> bool {
    let mut any = false;
    let all = (0..expected.len()).all(|o| {
        let touching: Vec<&Mark<'_>> = those
            .iter()
            .map(|&i| &marks[i].0[o])
            .filter(|mark| !matches!(mark, Mark::Same))
            .collect();
        match &seen.0[o] {
            Mark::Unknown => true,
            Mark::Same => touching.iter().all(|mark| matches!(mark, Mark::Unknown)),
            other => {
                let like = touching.iter().any(|mark| alike(other, mark, expected[o]));
                any |= like;
                like
            }
        }
    });
    all && any
}

/// Whether two mistakes at once may look like this: where only one of them changes something, it
/// is as that one has it; where both do, anything is possible.
fn may_explain(expected: &[&Observation], seen: &Marks<'_>, a: &Marks<'_>, b: &Marks<'_>) -> bool {
    let mut both = false;
    let all = (0..expected.len()).all(|o| match (&seen.0[o], &a.0[o], &b.0[o]) {
        (Mark::Unknown, _, _) | (Mark::Same, Mark::Same, Mark::Same) => true,
        (_, Mark::Same, Mark::Same) => false,
        (seen, one, Mark::Same) | (seen, Mark::Same, one) => alike(seen, one, expected[o]),
        _ => {
            both = true;
            true
        }
    });
    all && both
}

impl<'a> Marks<'a> {
    fn new(run: &'a Observations, reference: &Observations) -> Self {
        let mut marks = Vec::new();
        for (position, expected) in reference.groups.iter().enumerate() {
            let got = run
                .groups
                .get(position)
                .filter(|got| got.name == expected.name);
            for (o, observation) in expected.observations.iter().enumerate() {
                marks.push(got.map_or(Mark::Unknown, |got| mark(got, o, observation)));
            }
        }
        Self(marks)
    }
}

fn mark<'a>(got: &'a Group, o: usize, expected: &Observation) -> Mark<'a> {
    let found = got
        .observations
        .get(o)
        .filter(|found| found.name == expected.name);
    match found {
        Some(found) if compare::is_todo(&found.value) => Mark::Unknown,
        Some(found) => match compare::observations(found, expected, &[]) {
            None => Mark::Same,
            Some(_) => Mark::Other(&found.value),
        },
        None => match got.panics.first() {
            Some(panic) if compare::is_todo_message(&panic.message) => Mark::Unknown,
            Some(panic) => Mark::Panicked(&panic.message),
            None if !got.ended => Mark::Died,
            None => Mark::Absent,
        },
    }
}

/// Whether two runs went wrong in the same way.
fn alike(a: &Mark<'_>, b: &Mark<'_>, expected: &Observation) -> bool {
    match (a, b) {
        (Mark::Other(a), Mark::Other(b)) => values_alike(a, b, expected.tolerance),
        // Numbers in a message may depend on what a mistake does not fix.
        (Mark::Panicked(a), Mark::Panicked(b)) => without_digits(a).eq(without_digits(b)),
        (Mark::Died, Mark::Died) | (Mark::Absent, Mark::Absent) => true,
        (Mark::Unknown, _) | (_, Mark::Unknown) => true,
        _ => false,
    }
}

fn without_digits(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_ascii_digit())
}

/// Like the judge's comparison, but NaN is like NaN, and a statistic that the check gives much
/// room has room in proportion to its size.
fn values_alike(a: &Value, b: &Value, tolerance: Tolerance) -> bool {
    let tolerance = if tolerance.absolute > 10.0 * Tolerance::DEFAULT.absolute {
        Tolerance {
            relative: tolerance.relative.max(0.1),
            ..tolerance
        }
    } else {
        tolerance
    };
    match (a, b) {
        (Value::Tensor(a), Value::Tensor(b)) => {
            let close = |(x, y): (f64, f64)| tolerance.accepts(x, y) || (x.is_nan() && y.is_nan());
            a.shape() == b.shape()
                && a.dtype() == b.dtype()
                && a.values().into_iter().zip(b.values()).all(close)
        }
        (Value::Call(a), Value::Call(b)) => reaction(a) == reaction(b),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use observation::{Panic, TensorValue};

    /// A run with one group for each of `values`, or a panic where there is none.
    fn run(values: &[Option<f32>]) -> Observations {
        let groups = values.iter().enumerate().map(|(i, value)| Group {
            name: format!("g{i}"),
            observations: value
                .iter()
                .map(|&value| Observation {
                    name: "o".into(),
                    value: Value::Tensor(TensorValue::from_f32(vec![1], &[value])),
                    tolerance: Tolerance::DEFAULT,
                })
                .collect(),
            panics: match value {
                Some(_) => Vec::new(),
                None => vec![panic("not yet implemented")],
            },
            ended: true,
        });
        Observations {
            groups: groups.collect(),
            finished: true,
        }
    }

    fn panic(message: &str) -> Panic {
        Panic {
            message: message.into(),
            at: None,
            calls: Vec::new(),
            thread: None,
        }
    }

    fn all(values: &[f32]) -> Observations {
        run(&values.iter().copied().map(Some).collect::<Vec<_>>())
    }

    fn found(seen: &Observations, suspects: &[Observations]) -> Vec<usize> {
        let suspects: Vec<&Observations> = suspects.iter().collect();
        diagnose(seen, &all(&[0.0, 0.0, 0.0]), &suspects)
    }

    #[test]
    fn one_mistake_must_explain_everything() {
        let suspects = [all(&[1.0, 0.0, 0.0]), all(&[1.0, 2.0, 0.0])];
        assert_eq!(found(&all(&[1.0, 0.0, 0.0]), &suspects), [0]);
        assert_eq!(found(&all(&[1.0, 2.0, 0.0]), &suspects), [1]);
        assert!(found(&all(&[1.0, 2.5, 0.0]), &suspects).is_empty());
        assert!(found(&all(&[0.0, 2.0, 0.0]), &suspects).is_empty());
    }

    #[test]
    fn two_mistakes_apart_are_both_found() {
        let suspects = [
            all(&[1.0, 0.0, 0.0]),
            all(&[0.0, 2.0, 0.0]),
            all(&[0.0, 0.0, 3.0]),
        ];
        assert_eq!(found(&all(&[1.0, 0.0, 3.0]), &suspects), [0, 2]);
        assert!(found(&all(&[1.0, 2.0, 3.0]), &suspects).is_empty());
    }

    #[test]
    fn what_is_not_written_yet_is_left_out() {
        let suspects = [all(&[1.0, 5.0, 0.0])];
        assert_eq!(found(&run(&[Some(1.0), None, Some(0.0)]), &suspects), [0]);
        assert!(found(&run(&[None, None, None]), &suspects).is_empty());
    }

    #[test]
    fn mistakes_that_meet_have_to_be_tried() {
        let suspects = [
            all(&[1.0, 5.0, 0.0]),
            all(&[0.0, 6.0, 2.0]),
            all(&[0.0, 7.0, 3.0]),
        ];
        let seen = all(&[1.0, 99.0, 2.0]);
        assert!(found(&seen, &suspects).is_empty());
        let suspects: Vec<&Observations> = suspects.iter().collect();
        let pairs = pairs_to_try(&seen, &all(&[0.0, 0.0, 0.0]), &suspects);
        assert_eq!(pairs, [(0, 1)]);
    }

    #[test]
    fn nan_is_like_nan() {
        let suspects = [all(&[f32::NAN, 0.0, 0.0])];
        assert_eq!(found(&all(&[f32::NAN, 0.0, 0.0]), &suspects), [0]);
    }
}
