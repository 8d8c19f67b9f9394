//! A step's result in one character, or its points.

use crate::classroom::gradebook::EXCUSED;
use crate::classroom::record::{Points, Standing, StepGrade};
use crate::course::verdict_kind::VerdictKind;
use crate::terminal::style::{self, Styled};

/// A step's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It passed.
    Passed,
    /// It has some of its points.
    Partial(Points),
    /// It has no points.
    Nothing,
    /// It is as the student got it.
    NotStarted,
    /// It was not handed in.
    Missing,
    /// It calls what it should write itself.
    Forbidden,
    /// It does not count.
    Excused,
}

/// How a step that has some of its points is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partial {
    /// By how many it has.
    Points,
    /// By a mark.
    Mark,
}

impl Mark {
    /// All of them, as a legend explains them.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Passed, VerdictKind::Passed.phrase()),
        (Self::Partial(Points::whole(1)), "some points"),
        (Self::Nothing, "no points"),
        (Self::NotStarted, VerdictKind::NotStarted.phrase()),
        (Self::Missing, VerdictKind::Missing.phrase()),
        (Self::Forbidden, "calls what is forbidden"),
        (Self::Excused, "excused"),
    ];

    /// The mark for a grade.
    pub fn of(grade: &StepGrade) -> Self {
        match grade.verdict.kind() {
            _ if grade.excused => return Self::Excused,
            Some(VerdictKind::Forbidden) => return Self::Forbidden,
            Some(VerdictKind::NotStarted) if grade.score == Points::default() => {
                return Self::NotStarted;
            }
            _ => {}
        }
        match grade.standing() {
            Standing::Passed => Self::Passed,
            Standing::Partial => Self::Partial(grade.score),
            Standing::Nothing => Self::Nothing,
            Standing::Missing => Self::Missing,
            Standing::Excused => Self::Excused,
        }
    }

    /// As it is shown.
    pub fn text(self, partial: Partial) -> String {
        match self {
            Self::Passed => VerdictKind::Passed.sign(),
            Self::Partial(points) if partial == Partial::Points => return points.to_string(),
            Self::Partial(_) => "◐",
            Self::Nothing => VerdictKind::WrongValues.sign(),
            Self::NotStarted => VerdictKind::NotStarted.sign(),
            Self::Missing => VerdictKind::Missing.sign(),
            Self::Forbidden => VerdictKind::Forbidden.sign(),
            Self::Excused => EXCUSED,
        }
        .into()
    }

    /// `text` in the mark's colour.
    pub fn paint(self, text: &str) -> Styled<&str> {
        match self {
            Self::Passed => style::right(text),
            Self::Partial(_) | Self::NotStarted => style::attention(text),
            Self::Nothing => style::wrong(text),
            Self::Missing | Self::Excused => style::dim(text),
            Self::Forbidden => style::error(text),
        }
    }
}
