//! Tensors small enough to be looked at: numbers in a grid, masks and weights as shades.

use std::fmt::Write;

use crate::engine::judge::Mismatches;
use crate::terminal::style;

/// Characters that a picture may be wide, within an 80-column terminal.
const WIDTH: usize = 74;

/// Rows that a picture may be high.
const ROWS: usize = 10;

/// Characters of a number in a grid, the mark of a wrong one included.
const CELL: usize = 8;

/// Characters between what is and what should be.
const GAP: usize = 4;

/// A matrix of a tensor: its last two axes, where the first error lies.
struct Slice<'a> {
    got: &'a [f64],
    expected: &'a [f64],
    is_wrong: &'a [bool],
    columns: usize,
}

/// What is and what should be, if it fits. `axes` are the names of the tensor's axes.
#[must_use]
pub fn picture(found: &Mismatches, axes: &[String]) -> Option<String> {
    let (rows, columns) = match *found.shape.as_slice() {
        [columns] => (1, columns),
        [.., rows, columns] => (rows, columns),
        [] => return None,
    };
    if rows > ROWS || rows * columns < 2 {
        return None;
    }
    let leading = &found.first.index[..found.shape.len().saturating_sub(2)];
    let start = leading
        .iter()
        .zip(&found.shape)
        .fold(0, |offset, (&i, &length)| offset * length + i)
        * rows
        * columns;
    let range = start..start + rows * columns;
    let slice = Slice {
        got: found.tensors.got.get(range.clone())?,
        expected: found.tensors.expected.get(range.clone())?,
        is_wrong: found.tensors.is_wrong.get(range)?,
        columns,
    };
    let body = match shade_of(&found.tensors.expected, columns) {
        Some(shade) => slice.shades(shade),
        None => slice.numbers(),
    }?;
    Some(title(leading, axes) + &body)
}

/// Which matrix it is, and what its rows and columns are.
fn title(leading: &[usize], axes: &[String]) -> String {
    let names = axes.iter().zip(leading);
    let mut place: Vec<String> = names.map(|(axis, i)| format!("{axis} {i}")).collect();
    if let [.., rows, columns] = axes {
        place.push(format!("{rows} down, {columns} across"));
    }
    match place.as_slice() {
        [] => String::new(),
        _ => format!("{}\n", place.join(", ")),
    }
}

/// How a value is shaded, for tensors that are masks or probabilities.
type Shade = fn(f64) -> &'static str;

fn shade_of(expected: &[f64], columns: usize) -> Option<Shade> {
    if expected.iter().all(|&v| v == 0.0 || v == f64::NEG_INFINITY) {
        return Some(mask_shade);
    }
    let is_distribution =
        |row: &[f64]| (row.iter().sum::<f64>() - 1.0).abs() < 1e-3 && row.iter().all(|&v| v >= 0.0);
    (columns > 1 && expected.chunks(columns).all(is_distribution)).then_some(weight_shade)
}

/// What may be seen is bright.
fn mask_shade(value: f64) -> &'static str {
    match value {
        0.0 => "██",
        f64::NEG_INFINITY => "··",
        v if v.is_nan() => "NaN",
        _ => "▒▒",
    }
}

fn weight_shade(value: f64) -> &'static str {
    match value {
        v if v.is_nan() => "NaN",
        v if !(0.0..=1.0).contains(&v) => "!!",
        v if v < 0.02 => "··",
        v if v < 0.25 => "░░",
        v if v < 0.5 => "▒▒",
        v if v < 0.75 => "▓▓",
        _ => "██",
    }
}

impl Slice<'_> {
    fn shades(&self, shade: Shade) -> Option<String> {
        let width = self.columns * 2;
        if 2 * width + GAP > WIDTH || self.got.iter().any(|v| v.is_nan()) {
            return self.numbers();
        }
        let row = |values: &[f64]| values.iter().map(|&v| shade(v)).collect::<String>();
        let mut text = heading(width.max(3));
        for ((got, expected), wrong) in self.rows() {
            let got = format!("{:<1$}", row(got), width.max(3));
            let is_wrong = wrong.contains(&true);
            let (got, mark) = match is_wrong {
                true => (
                    style::wrong(got).to_string(),
                    style::wrong("  *").to_string(),
                ),
                false => (got, String::new()),
            };
            let _ = writeln!(text, "{got}{:GAP$}{}{mark}", "", row(expected));
        }
        Some(text)
    }

    fn numbers(&self) -> Option<String> {
        let width = self.columns * CELL;
        let wrong_row = |values: &[f64], wrong: &[bool]| -> String {
            let cells = values.iter().zip(wrong);
            cells.map(|(&v, &wrong)| cell(v, wrong)).collect()
        };
        let right_row =
            |values: &[f64]| -> String { values.iter().map(|&v| cell(v, false)).collect() };
        if 2 * width + GAP <= WIDTH {
            let mut text = heading(width);
            for ((got, expected), wrong) in self.rows() {
                let (got, expected) = (wrong_row(got, wrong), right_row(expected));
                let _ = writeln!(text, "{got}{:GAP$}{}", "", expected.trim_end());
            }
            return Some(text);
        }
        if width > WIDTH {
            return None;
        }
        let mut text = String::from("got\n");
        for ((got, _), wrong) in self.rows() {
            let _ = writeln!(text, "{}", wrong_row(got, wrong).trim_end());
        }
        text.push_str("expected\n");
        for ((_, expected), _) in self.rows() {
            let _ = writeln!(text, "{}", right_row(expected).trim_end());
        }
        Some(text)
    }

    fn rows(&self) -> impl Iterator<Item = ((&[f64], &[f64]), &[bool])> {
        let rows = self.got.chunks(self.columns);
        rows.zip(self.expected.chunks(self.columns))
            .zip(self.is_wrong.chunks(self.columns))
    }
}

fn heading(width: usize) -> String {
    format!("{:<width$}{:GAP$}expected\n", "got", "")
}

/// A number in `CELL` characters; a wrong one has a mark behind it and is in red.
fn cell(value: f64, wrong: bool) -> String {
    let text = format!(
        "{:>1$}{2}",
        short(value),
        CELL - 1,
        if wrong { "*" } else { " " }
    );
    if wrong {
        style::wrong(text).to_string()
    } else {
        text
    }
}

/// At most six characters.
fn short(value: f64) -> String {
    let magnitude = value.abs();
    if value.is_nan() {
        "NaN".into()
    } else if value.is_infinite() {
        if value > 0.0 { "+inf" } else { "-inf" }.into()
    } else if value == value.trunc() && magnitude < 1e5 {
        format!("{value:.0}")
    } else if magnitude < 10.0 {
        format!("{value:.3}")
    } else if magnitude < 1000.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.0e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::judge::{Mismatch, Pattern, Tensors};
    use observation::Tolerance;

    fn drawn(found: &Mismatches) -> Option<String> {
        let picture = picture(found, &["row".into(), "column".into()])?;
        Some(anstream::adapter::strip_str(&picture).to_string())
    }

    fn found(shape: &[usize], got: &[f64], expected: &[f64]) -> Mismatches {
        let is_wrong: Vec<bool> = got.iter().zip(expected).map(|(a, b)| a != b).collect();
        let first = Mismatch {
            index: vec![0; shape.len()],
            got: got[0],
            expected: expected[0],
        };
        Mismatches {
            observation: "o".into(),
            shape: shape.to_vec(),
            largest: first.clone(),
            first,
            wrong: 1,
            of: got.len(),
            pattern: Pattern::Scattered,
            tensors: Box::new(Tensors {
                tolerance: Tolerance::DEFAULT,
                relation: None,
                got: got.to_vec(),
                expected: expected.to_vec(),
                is_wrong,
            }),
        }
    }

    #[test]
    fn numbers_side_by_side_with_the_wrong_ones_marked() {
        let shown = drawn(&found(
            &[2, 2],
            &[1.0, 2.5, -0.25, 4.0],
            &[1.0, 2.0, -0.25, 4.0],
        ));
        let expected = "\
row down, column across
got                 expected
      1   2.500*          1       2
 -0.250       4      -0.250       4
";
        assert_eq!(shown.as_deref(), Some(expected));
    }

    #[test]
    fn masks_are_shaded() {
        let no = f64::NEG_INFINITY;
        let shown = drawn(&found(&[2, 2], &[0.0, 0.0, 0.0, 0.0], &[0.0, no, 0.0, 0.0]));
        let expected = "row down, column across\ngot     expected\n████    ██··  *\n████    ████\n";
        assert_eq!(shown.as_deref(), Some(expected));
    }

    #[test]
    fn what_does_not_fit_is_not_drawn() {
        let many = vec![0.5; 400];
        assert_eq!(drawn(&found(&[20, 20], &many, &many)), None);
        assert_eq!(drawn(&found(&[2, 200], &many, &many)), None);
    }
}
