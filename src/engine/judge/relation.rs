//! A simple relation between all numbers of a tensor and those that it should hold.

use observation::Tolerance;
use serde::Serialize;

use super::serialize::number;

/// What makes all the wrong numbers of the right ones.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Every number is this one, whatever it should be.
    #[serde(serialize_with = "number")]
    Constant(f64),
    /// Each is this many times what it should be.
    #[serde(rename = "scaled_by", serialize_with = "number")]
    Scaled(f64),
    /// Each is this much more than it should be.
    #[serde(rename = "offset_by", serialize_with = "number")]
    Offset(f64),
    /// The last two axes are exchanged.
    Transposed,
    /// Along this axis, the last comes first.
    #[serde(rename = "reversed_along")]
    Reversed(usize),
    /// Along this axis, each stands one place later than it should.
    #[serde(rename = "one_late_along")]
    Late(usize),
    /// Along this axis, each stands one place earlier than it should.
    #[serde(rename = "one_early_along")]
    Early(usize),
}

/// Numbers that a relation has to hold for, at least: of two, something always holds.
const LEAST: usize = 4;

/// The relation between `got` and `expected`, two tensors of one shape, if there is a simple one.
#[must_use]
pub fn relation(
    shape: &[usize],
    got: &[f64],
    expected: &[f64],
    tolerance: Tolerance,
) -> Option<Relation> {
    if got.len() < LEAST || !has_variety(expected) {
        return None;
    }
    if !has_variety(got) {
        return got.first().copied().map(Relation::Constant);
    }
    moved(shape, got, expected, tolerance).or_else(|| linear(got, expected, tolerance))
}

/// Whether the axes `a` and `b` of `expected`, a tensor of this shape, exchanged give `got`.
#[must_use]
pub fn is_exchanged(
    shape: &[usize],
    (a, b): (usize, usize),
    got: &[f64],
    expected: &[f64],
    tolerance: Tolerance,
) -> bool {
    let mut exchanged = shape.to_vec();
    exchanged.swap(a, b);
    has_variety(expected)
        && got.len() == expected.len()
        && (0..got.len()).all(|i| {
            let mut index = index_of(&exchanged, i);
            index.swap(a, b);
            tolerance.accepts(got[i], expected[offset_of(shape, &index)])
        })
}

/// Whether not all numbers are the same.
fn has_variety(values: &[f64]) -> bool {
    values.windows(2).any(|two| two[0] != two[1])
}

/// The same numbers in other places.
fn moved(shape: &[usize], got: &[f64], expected: &[f64], tolerance: Tolerance) -> Option<Relation> {
    let rank = shape.len();
    if rank >= 2
        && shape[rank - 1] == shape[rank - 2]
        && is_exchanged(shape, (rank - 2, rank - 1), got, expected, tolerance)
    {
        return Some(Relation::Transposed);
    }
    // `from` tells for a place along the axis where its number should stand; places that have none
    // may hold anything.
    let holds = |axis: usize, from: &dyn Fn(usize) -> Option<usize>| {
        let mut sources = Vec::new();
        let all = (0..got.len()).all(|i| {
            let mut index = index_of(shape, i);
            let Some(source) = from(index[axis]) else {
                return true;
            };
            index[axis] = source;
            let wanted = expected[offset_of(shape, &index)];
            sources.push(wanted);
            tolerance.accepts(got[i], wanted)
        });
        all && sources.len() >= LEAST && has_variety(&sources)
    };
    (0..rank).filter(|&axis| shape[axis] > 1).find_map(|axis| {
        let last = shape[axis] - 1;
        if holds(axis, &|i| Some(last - i)) {
            Some(Relation::Reversed(axis))
        } else if last > 1 && holds(axis, &|i| i.checked_sub(1)) {
            Some(Relation::Late(axis))
        } else if last > 1 && holds(axis, &|i| (i < last).then_some(i + 1)) {
            Some(Relation::Early(axis))
        } else {
            None
        }
    })
}

/// Other numbers in the same places.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn linear(got: &[f64], expected: &[f64], tolerance: Tolerance) -> Option<Relation> {
    if got.iter().chain(expected).any(|value| !value.is_finite()) {
        return None;
    }
    let pairs = || got.iter().zip(expected);
    let all_are = |wanted: &dyn Fn(f64) -> f64, room: f64| {
        let tolerance = Tolerance {
            absolute: tolerance.absolute * room,
            ..tolerance
        };
        pairs().all(|(&got, &expected)| tolerance.accepts(got, wanted(expected)))
    };
    let factor =
        pairs().map(|(g, e)| g * e).sum::<f64>() / expected.iter().map(|e| e * e).sum::<f64>();
    if all_are(&|expected| factor * expected, factor.abs().max(1.0)) {
        return Some(Relation::Scaled(factor));
    }
    let offset = pairs().map(|(g, e)| g - e).sum::<f64>() / got.len() as f64;
    all_are(&|expected| expected + offset, 1.0).then_some(Relation::Offset(offset))
}

fn index_of(shape: &[usize], mut offset: usize) -> Vec<usize> {
    let mut index = vec![0; shape.len()];
    for (i, &length) in shape.iter().enumerate().rev() {
        index[i] = offset % length.max(1);
        offset /= length.max(1);
    }
    index
}

fn offset_of(shape: &[usize], index: &[usize]) -> usize {
    (shape.iter().zip(index)).fold(0, |offset, (&length, &i)| offset * length + i)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: [usize; 2] = [3, 3];
    const VALUES: [f64; 9] = [1.0, 2.5, -3.0, 4.0, 0.5, 6.0, 7.0, -8.0, 9.5];

    fn of(make: impl Fn(usize) -> f64) -> Option<Relation> {
        let got: Vec<f64> = (0..9).map(make).collect();
        relation(&SHAPE, &got, &VALUES, Tolerance::DEFAULT)
    }

    #[test]
    fn numbers_in_proportion() {
        assert_eq!(of(|i| VALUES[i] * 2.0), Some(Relation::Scaled(2.0)));
        assert_eq!(of(|i| -VALUES[i]), Some(Relation::Scaled(-1.0)));
        assert_eq!(of(|i| VALUES[i] + 1.0), Some(Relation::Offset(1.0)));
        assert_eq!(of(|_| 0.0), Some(Relation::Constant(0.0)));
    }

    #[test]
    fn numbers_in_other_places() {
        let at = |row: usize, column: usize| VALUES[row * 3 + column];
        assert_eq!(of(|i| at(i % 3, i / 3)), Some(Relation::Transposed));
        assert_eq!(of(|i| at(2 - i / 3, i % 3)), Some(Relation::Reversed(0)));
        let late = |i: usize| if i < 3 { 77.0 } else { VALUES[i - 3] };
        assert_eq!(of(late), Some(Relation::Late(0)));
        let early = |i: usize| if i % 3 == 2 { 77.0 } else { VALUES[i + 1] };
        assert_eq!(of(early), Some(Relation::Early(1)));
    }

    #[test]
    fn infinities_have_places_and_no_proportion() {
        let mask = |i: usize| {
            if i % 3 > i / 3 {
                f64::NEG_INFINITY
            } else {
                0.0
            }
        };
        let expected: Vec<f64> = (0..9).map(mask).collect();
        let got: Vec<f64> = (0..9).map(|i| mask(i % 3 * 3 + i / 3)).collect();
        let found = relation(&SHAPE, &got, &expected, Tolerance::DEFAULT);
        assert_eq!(found, Some(Relation::Transposed));
        let finite: Vec<f64> = expected.iter().map(|v| v.max(-1e4)).collect();
        assert_eq!(
            relation(&SHAPE, &finite, &expected, Tolerance::DEFAULT),
            None
        );
    }

    #[test]
    fn nothing_is_said_of_noise_or_of_a_few() {
        assert_eq!(of(|i| VALUES[(i * 7) % 9] + 0.1), None);
        let few = relation(&[2], &[2.0, 4.0], &[1.0, 2.0], Tolerance::DEFAULT);
        assert_eq!(few, None);
    }

    #[test]
    fn axes_are_exchanged_in_a_tensor_that_is_not_square() {
        let expected = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let got = [1.0, 4.0, 2.0, 5.0, 3.0, 6.0];
        let exchanged =
            |got: &[f64]| is_exchanged(&[2, 3], (0, 1), got, &expected, Tolerance::DEFAULT);
        assert!(exchanged(&got));
        assert!(!exchanged(&expected));
    }
}
