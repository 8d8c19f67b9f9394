//! A step's result in a sign, with its points where there is room for them.

use crate::classroom::gradebook::signs::{BY_HAND, is_blank, is_by_hand, sign};
use crate::classroom::record::{Standing, StepGrade};
use crate::terminal::style::{self, Styled};

/// How much of a result is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The sign, and the points of a step that has some of them.
    Points,
    /// The sign, and a mark if a teacher decided.
    Sign,
    /// The sign alone: one column.
    Bare,
}

/// As it is shown.
pub fn text(grade: &StepGrade, detail: Detail) -> String {
    let sign = sign(grade);
    match (detail, grade.standing()) {
        (Detail::Bare, _) => sign.to_owned(),
        (Detail::Sign, _) if is_by_hand(grade) => format!("{sign}{BY_HAND}"),
        (Detail::Sign, _) => sign.to_owned(),
        (_, Standing::Excused) => format!("{sign} {BY_HAND}"),
        _ if is_by_hand(grade) => format!("{sign} {}{BY_HAND}", grade.score),
        (_, Standing::Partial) => format!("{sign} {}", grade.score),
        _ => sign.to_owned(),
    }
}

/// `text` in the colour of its result.
pub fn paint<'a>(grade: &StepGrade, text: &'a str) -> Styled<&'a str> {
    match grade.standing() {
        Standing::Passed => style::right(text),
        Standing::Missing | Standing::Excused => style::dim(text),
        Standing::Partial => style::attention(text),
        Standing::Nothing if is_blank(grade) => style::attention(text),
        Standing::Nothing => style::wrong(text),
    }
}
