//! Where in a tensor the errors lie.

use std::collections::BTreeSet;

use serde::Serialize;

/// What all errors of a tensor have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// Every element is wrong.
    Everywhere,
    /// Nothing.
    Scattered,
    /// They lie in part of some axes only; never empty.
    #[serde(untagged)]
    Within(Vec<AxisPart>),
    /// They lie in one part of the matrix of the last two axes.
    #[serde(untagged)]
    Triangle(Triangle),
}

/// The part of an axis that errors lie in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AxisPart {
    /// Which axis, from 0.
    pub axis: usize,
    /// Which part.
    #[serde(flatten)]
    pub part: Part,
}

/// Indices of an axis, but not all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A single one.
    Only(usize),
    /// All behind this one.
    After(usize),
    /// All before this one.
    Before(usize),
    /// Each of these.
    These(Vec<usize>),
}

/// A part of a matrix; the diagonal is where row and column are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Triangle {
    /// Column greater than row.
    #[serde(rename = "above_diagonal")]
    Above,
    /// Column less than row.
    #[serde(rename = "below_diagonal")]
    Below,
    /// Row and column equal.
    Diagonal,
}

/// Indices listed one by one, at most.
const LISTED: usize = 3;

/// The pattern of errors at these indices of a tensor of this shape.
#[must_use]
pub fn pattern(shape: &[usize], wrong: &[Vec<usize>]) -> Pattern {
    let total: usize = shape.iter().product();
    if wrong.len() == total {
        return Pattern::Everywhere;
    }
    let parts: Vec<AxisPart> = shape
        .iter()
        .enumerate()
        .filter_map(|(axis, &length)| {
            let indices: BTreeSet<usize> = wrong.iter().map(|index| index[axis]).collect();
            Some(AxisPart {
                axis,
                part: part(&indices, length)?,
            })
        })
        .collect();
    // What is said of a triangle says more than what follows for its rows and columns.
    if let Some(triangle) = triangle(shape, wrong) {
        return Pattern::Triangle(triangle);
    }
    if parts.is_empty() {
        Pattern::Scattered
    } else {
        Pattern::Within(parts)
    }
}

fn part(indices: &BTreeSet<usize>, length: usize) -> Option<Part> {
    let (&first, &last) = (indices.first()?, indices.last()?);
    let is_run = last - first + 1 == indices.len();
    match indices.len() {
        n if n == length => None,
        1 => Some(Part::Only(first)),
        _ if is_run && last + 1 == length => Some(Part::After(first - 1)),
        _ if is_run && first == 0 => Some(Part::Before(last + 1)),
        n if n <= LISTED => Some(Part::These(indices.iter().copied().collect())),
        _ => None,
    }
}

fn triangle(shape: &[usize], wrong: &[Vec<usize>]) -> Option<Triangle> {
    let &[.., rows, columns] = shape else {
        return None;
    };
    // In a matrix that is not square, the diagonal means nothing in particular.
    if rows != columns || rows < 3 || wrong.len() < rows - 1 {
        return None;
    }
    let all = |is: fn(usize, usize) -> bool| {
        wrong.iter().all(|index| {
            let &[.., row, column] = index.as_slice() else {
                return false;
            };
            is(row, column)
        })
    };
    if all(|row, column| row == column) {
        Some(Triangle::Diagonal)
    } else if all(|row, column| column > row) {
        Some(Triangle::Above)
    } else if all(|row, column| column < row) {
        Some(Triangle::Below)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All indices of `shape` that `is_wrong` holds for.
    fn of(shape: &[usize], is_wrong: impl Fn(&[usize]) -> bool) -> Pattern {
        let mut indices = vec![Vec::new()];
        for &length in shape {
            indices = indices
                .into_iter()
                .flat_map(|index| {
                    (0..length).map(move |i| {
                        let mut index = index.clone();
                        index.push(i);
                        index
                    })
                })
                .collect();
        }
        indices.retain(|index| is_wrong(index));
        pattern(shape, &indices)
    }

    fn within(axis: usize, part: Part) -> Pattern {
        Pattern::Within(vec![AxisPart { axis, part }])
    }

    #[test]
    fn one_head_one_row_all_later_positions() {
        let shape = [2, 3, 5, 4];
        assert_eq!(of(&shape, |_| true), Pattern::Everywhere);
        assert_eq!(of(&shape, |i| i[1] == 2), within(1, Part::Only(2)));
        assert_eq!(of(&shape, |i| i[0] == 1), within(0, Part::Only(1)));
        assert_eq!(of(&shape, |i| i[2] > 0), within(2, Part::After(0)));
        assert_eq!(of(&shape, |i| i[2] < 4), within(2, Part::Before(4)));
        let odd = within(2, Part::These(vec![1, 3]));
        assert_eq!(of(&shape, |i| i[2] % 2 == 1), odd);
        assert_eq!(of(&shape, |i| (i[2] + i[3]) % 2 == 1), Pattern::Scattered);
    }

    #[test]
    fn masks_go_wrong_in_triangles() {
        let shape = [2, 5, 5];
        assert_eq!(
            of(&shape, |i| i[2] > i[1]),
            Pattern::Triangle(Triangle::Above)
        );
        assert_eq!(
            of(&shape, |i| i[2] < i[1]),
            Pattern::Triangle(Triangle::Below)
        );
        assert_eq!(
            of(&shape, |i| i[2] == i[1]),
            Pattern::Triangle(Triangle::Diagonal)
        );
    }
}
