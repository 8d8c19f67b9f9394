//! How a verdict looks in a cell, on the page and in the terminal: a sign, and a colour for the
//! points. The sign alone says enough, for eyes and printers without colours.

use std::collections::HashSet;

use crate::classroom::record::{GradedStep, Points, StepGrade};
use crate::course::verdict_kind::VerdictKind;

/// A kind for each sign, in the order of the legend.
const SIGNS: [VerdictKind; 11] = [
    VerdictKind::Passed,
    WRONG,
    VerdictKind::DoesNotCompile,
    VerdictKind::Panicked,
    VerdictKind::TimedOut,
    VerdictKind::OutOfMemory,
    VerdictKind::Forbidden,
    VerdictKind::EarlierStep,
    VerdictKind::Unreadable,
    VerdictKind::NotStarted,
    VerdictKind::Missing,
];

/// What a verdict is shown as of which only its word is known.
const WRONG: VerdictKind = VerdictKind::WrongValues;

/// Stands behind points that a teacher decided, and where a step does not count.
pub const BY_HAND: &str = "†";

/// Whether a teacher decided about it, and did not only comment.
pub fn is_by_hand(grade: &StepGrade) -> bool {
    (grade.decision.as_ref()).is_some_and(|one| one.excused || one.points.is_some())
}

/// The sign of a verdict.
pub fn sign(grade: &StepGrade) -> &'static str {
    grade.verdict.kind().unwrap_or(WRONG).sign()
}

/// A verdict in words.
pub fn words(grade: &StepGrade) -> String {
    match grade.verdict.kind() {
        Some(kind) => kind.phrase().to_owned(),
        None => grade.verdict.words(),
    }
}

/// The signs that occur, and what they stand for.
pub fn legend<'a>(
    grades: impl Iterator<Item = &'a StepGrade>,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut used = HashSet::new();
    for grade in grades {
        used.insert(sign(grade));
        if is_by_hand(grade) {
            used.insert(BY_HAND);
        }
    }
    let all = SIGNS.map(|kind| (kind.sign(), meaning(kind)));
    all.into_iter()
        .chain([(BY_HAND, "decided by the teacher")])
        .filter(move |(sign, _)| used.contains(sign))
}

/// What the sign of `kind` stands for: several kinds may have the same.
fn meaning(kind: VerdictKind) -> &'static str {
    match kind {
        WRONG => "something is wrong",
        VerdictKind::Panicked => "panicked or stopped early",
        VerdictKind::OutOfMemory => "ran out of memory or stack",
        _ => kind.phrase(),
    }
}

/// Whether nothing was tried: such a cell has no colour, so that those who tried stand out.
pub fn is_blank(grade: &StepGrade) -> bool {
    let kind = grade.verdict.kind();
    grade.is_excused()
        || matches!(kind, Some(VerdictKind::Missing | VerdictKind::NotStarted))
            && grade.score == Points::default()
}

/// The class of a cell's colour: `h0` for nothing, `h10` for all points.
pub fn heat(grade: &StepGrade, step: &GradedStep) -> String {
    if is_blank(grade) {
        return "blank".into();
    }
    format!(
        "h{}",
        grade.score.tenths_of(Points::whole(step.points)).unwrap_or(
            // A step that is worth nothing is all or nothing.
            if grade.has_passed() { 10 } else { 0 }
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classroom::gradebook::sample;

    #[test]
    fn every_sign_is_in_the_legend() {
        let known = VerdictKind::ALL.map(VerdictKind::as_str);
        for verdict in known.into_iter().chain(["something_new"]) {
            let grade = sample::step("s01", verdict, 0);
            assert_eq!(legend([&grade].into_iter()).count(), 1, "{verdict}");
            assert!(!words(&grade).contains('_'));
        }
    }

    #[test]
    fn colours_keep_the_ends_for_all_and_nothing() {
        let step = sample::graded_step("s01", 20);
        let heat_of = |verdict, points: usize| {
            let mut grade = sample::step("s01", verdict, 0);
            grade.score = Points::whole(20).share(points, 1000);
            heat(&grade, &step)
        };
        assert_eq!(heat_of("passed", 1000), "h10");
        assert_eq!(heat_of("wrong_values", 999), "h9");
        assert_eq!(heat_of("wrong_values", 500), "h5");
        assert_eq!(heat_of("wrong_values", 1), "h1");
        assert_eq!(heat_of("wrong_values", 0), "h0");
        assert_eq!(heat_of("not_started", 0), "blank");
        assert_eq!(heat_of("not_started", 300), "h3");
        let nothing = sample::graded_step("s01", 0);
        assert_eq!(heat(&sample::step("s01", "passed", 0), &nothing), "h10");
        assert_eq!(heat(&sample::step("s01", "panicked", 0), &nothing), "h0");
    }
}
