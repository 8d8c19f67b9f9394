//! How a verdict looks in a cell: a sign, and a colour for the points. The sign alone says enough,
//! for eyes and printers without colours.

use crate::classroom::record::{GradedStep, Points, StepGrade};

/// What a sign stands for, in the order of the legend.
const SIGNS: [(&str, &str); 11] = [
    ("✓", "passed"),
    ("✗", "something is wrong"),
    ("{}", "does not compile"),
    ("!", "panicked or stopped early"),
    ("◷", "timed out"),
    ("▲", "ran out of memory or stack"),
    ("⊘", "calls what it should write itself"),
    ("↑", "an earlier step stands in the way"),
    ("?", "cannot be read"),
    ("○", "not started"),
    ("–", "not handed in"),
];

/// The sign of a verdict.
pub fn sign(grade: &StepGrade) -> &'static str {
    match grade.verdict.as_str() {
        "passed" => "✓",
        "does_not_compile" => "{}",
        "panicked" | "stopped_early" => "!",
        "timed_out" => "◷",
        "out_of_memory" | "stack_overflow" => "▲",
        "forbidden" => "⊘",
        "earlier_step" => "↑",
        "unreadable" => "?",
        "not_started" => "○",
        "missing" => "–",
        _ => "✗",
    }
}

/// A verdict in words.
pub fn words(grade: &StepGrade) -> String {
    let words = match grade.verdict.as_str() {
        "not_finite" => "NaN or infinity",
        "wrong_type" => "wrong element type",
        "wrong_refusal" => "refuses or accepts the wrong input",
        "wrong_text" => "wrong values",
        "not_recorded" => "did not get that far",
        "out_of_memory" => "ran out of memory",
        "stack_overflow" => "overflowed its stack",
        "forbidden" => "calls what it should write itself",
        "earlier_step" => "an earlier step stands in the way",
        "unreadable" => "cannot be read",
        "missing" => "not handed in",
        // Already words, if put apart.
        other => return other.replace('_', " "),
    };
    words.to_owned()
}

/// The signs that occur, and what they stand for.
pub fn legend<'a>(
    grades: impl Iterator<Item = &'a StepGrade>,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let used: std::collections::HashSet<&str> = grades.map(sign).collect();
    SIGNS
        .into_iter()
        .filter(move |(sign, _)| used.contains(sign))
}

/// Whether nothing was tried: such a cell has no colour, so that those who tried stand out.
pub fn is_blank(grade: &StepGrade) -> bool {
    matches!(grade.verdict.as_str(), "missing" | "not_started") && grade.score == Points::default()
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
        for verdict in [
            "passed",
            "unreadable",
            "does_not_compile",
            "earlier_step",
            "not_started",
            "panicked",
            "wrong_values",
            "timed_out",
            "out_of_memory",
            "stack_overflow",
            "stopped_early",
            "missing",
            "forbidden",
            "something_new",
        ] {
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
