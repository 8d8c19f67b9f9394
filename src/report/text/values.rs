//! Numbers that are not what they should be.

use super::super::grid;
use super::super::numbers::{list, number};
use super::indented;
use crate::engine::judge::pattern::{AxisPart, Part, Pattern, Triangle};
use crate::engine::judge::{Mismatch, Mismatches, Relation};
use crate::terminal::style;

/// Everything about a tensor that is not finite.
pub fn not_finite(found: &Mismatches) -> String {
    format!(
        "`{}`: {} NaN or infinite\n\n{}{}{}",
        found.observation,
        share(found),
        row("shape", &list(&found.shape)),
        mismatch_row("first", &found.first),
        where_and_how(found),
    )
}

/// Everything about a tensor with wrong values.
pub fn wrong_values(found: &Mismatches) -> String {
    if found.of == 1 {
        return format!(
            "`{}`\n\n  got       {}\n  expected  {}{}",
            found.observation,
            style::wrong(number(found.first.got)),
            style::right(number(found.first.expected)),
            room(found),
        );
    }
    let off = (found.largest.got - found.largest.expected).abs();
    let largest = if found.wrong == 1 {
        String::new()
    } else {
        mismatch_row("largest error", &found.largest)
    };
    format!(
        "`{}`: {} wrong\n\n{}{}{largest}{}{}{}",
        found.observation,
        share(found),
        row("shape", &list(&found.shape)),
        mismatch_row("first", &found.first),
        row("off by", &format!("{}{}", number(off), room(found))),
        relation_row(found),
        where_and_how(found),
    )
}

/// A tensor with wrong values in a line or two.
pub fn in_short(found: &Mismatches) -> String {
    if found.of == 1 {
        return format!(
            "`{}`: got {}, expected {}{}",
            found.observation,
            style::wrong(number(found.first.got)),
            style::right(number(found.first.expected)),
            room(found),
        );
    }
    let mut text = format!(
        "`{}`: {} wrong; {} is {}, expected {}",
        found.observation,
        share(found),
        list(&found.first.index),
        style::wrong(number(found.first.got)),
        style::right(number(found.first.expected)),
    );
    if let Some(relation) = relation(found) {
        text.push('\n');
        text.push_str(&relation);
    }
    text
}

/// As in `83 of 150 elements are`.
fn share(found: &Mismatches) -> String {
    match (found.wrong, found.of) {
        (wrong, of) if wrong == of => format!("all {of} elements are"),
        (1, of) => format!("1 of {of} elements is"),
        (wrong, of) => format!("{wrong} of {of} elements are"),
    }
}

/// How far off is allowed, where that is more than rounding.
fn room(found: &Mismatches) -> String {
    let allowed = found.tensors.tolerance.absolute
        + found.tensors.tolerance.relative * found.largest.expected.abs();
    let rounding = 1e-3 * found.largest.expected.abs() + 1e-4;
    if allowed > rounding {
        format!("  (up to {} off is allowed)", number(allowed))
    } else {
        String::new()
    }
}

fn relation_row(found: &Mismatches) -> String {
    relation(found).map_or_else(String::new, |relation| row("that is", &relation))
}

/// What makes all the numbers of those that they should be, in words.
fn relation(found: &Mismatches) -> Option<String> {
    let axes = axis_names(found);
    let along = |axis: usize| &axes[axis];
    Some(match found.tensors.relation? {
        Relation::Constant(value) => format!("every element is {}", number(value)),
        Relation::Scaled(factor) if (factor + 1.0).abs() < 1e-3 => {
            "every element has the opposite sign".into()
        }
        Relation::Scaled(factor) => {
            format!(
                "every element is {} times what it should be",
                number(rounded(factor))
            )
        }
        Relation::Offset(by) if by > 0.0 => {
            format!(
                "every element is {} more than it should be",
                number(rounded(by))
            )
        }
        Relation::Offset(by) => {
            format!(
                "every element is {} less than it should be",
                number(rounded(-by))
            )
        }
        Relation::Transposed => "the right numbers, with the last two axes exchanged".into(),
        Relation::Reversed(axis) => format!("the right numbers, in reverse along {}", along(axis)),
        Relation::Late(axis) => {
            format!(
                "the right numbers, each one place too late along {}",
                along(axis)
            )
        }
        Relation::Early(axis) => {
            format!(
                "the right numbers, each one place too early along {}",
                along(axis)
            )
        }
    })
}

/// Without the digits that a sum in 32 bits leaves behind.
fn rounded(value: f64) -> f64 {
    let near = (value * 1000.0).round() / 1000.0;
    if (near - value).abs() <= 1e-4 * value.abs() {
        near
    } else {
        value
    }
}

fn row(name: &str, text: &str) -> String {
    format!("  {name:<16} {text}\n")
}

fn mismatch_row(name: &str, mismatch: &Mismatch) -> String {
    let text = format!(
        "{:<14} got {:<12} expected {}",
        list(&mismatch.index),
        style::wrong(number(mismatch.got)),
        style::right(number(mismatch.expected)),
    );
    row(name, &text)
}

/// Where all errors lie, and a picture if it fits.
fn where_and_how(found: &Mismatches) -> String {
    let axes = axis_names(found);
    let mut text = match place_of_errors(&found.pattern, &axes) {
        Some(sentence) => row("where", &sentence),
        None => String::new(),
    };
    if let Some(picture) = grid::picture(found, &axes) {
        text.push('\n');
        text.push_str(&indented(&picture));
    }
    text.trim_end_matches('\n').to_owned()
}

/// What the axes are called: checks say so behind the name, as in `weights [batch, head, …]`.
fn axis_names(found: &Mismatches) -> Vec<String> {
    names_of(&found.observation, found.shape.len())
}

/// The names of the axes of an observation of this rank.
pub fn names_of(observation: &str, rank: usize) -> Vec<String> {
    let named: Option<Vec<String>> = (|| {
        let (_, names) = observation.strip_suffix(']')?.rsplit_once('[')?;
        let names: Vec<String> = names.split(", ").map(str::to_owned).collect();
        (names.len() == rank).then_some(names)
    })();
    named.unwrap_or_else(|| (0..rank).map(|i| format!("axis {i}")).collect())
}

fn axis_part(AxisPart { axis, part }: &AxisPart, axes: &[String]) -> String {
    let axis = &axes[*axis];
    // "axis 0" is no noun that could stand in the plural.
    let is_named = !axis.starts_with("axis ");
    match part {
        Part::Only(i) if is_named => format!("only in {axis} {i}"),
        Part::After(i) if is_named => format!("in every {axis} after {i}"),
        Part::Before(i) if is_named => format!("in every {axis} before {i}"),
        Part::These(these) if is_named => format!("only in {axis} {}", list(these)),
        Part::Only(i) => format!("only at index {i} of {axis}"),
        Part::After(i) => format!("at every index after {i} of {axis}"),
        Part::Before(i) => format!("at every index before {i} of {axis}"),
        Part::These(these) => format!("only at the indices {} of {axis}", list(these)),
    }
}

fn place_of_errors(pattern: &Pattern, axes: &[String]) -> Option<String> {
    match pattern {
        Pattern::Everywhere | Pattern::Scattered => None,
        Pattern::Triangle(triangle) => Some(
            match triangle {
                Triangle::Above => "above the diagonal only",
                Triangle::Below => "below the diagonal only",
                Triangle::Diagonal => "on the diagonal only",
            }
            .into(),
        ),
        Pattern::Within(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| axis_part(part, axes)).collect();
            Some(parts.join(", "))
        }
    }
}
