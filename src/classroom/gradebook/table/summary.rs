//! What stands below the table: what the marks mean, and what the class as a whole shows.

use super::mark::{Mark, Partial};
use crate::classroom::gradebook::insights::Insights;
use crate::terminal;
use crate::terminal::style;

/// Mistakes that are shown.
const MOST_COMMON: usize = 5;

/// What the marks mean.
pub fn legend(partial: Partial, has_excused: bool, width: usize) -> String {
    let marks = Mark::ALL
        .into_iter()
        .filter(|(mark, _)| has_excused || *mark != Mark::Excused);
    let entries = marks.map(|(mark, meaning)| match (mark, partial) {
        (Mark::Partial(_), Partial::Points) => unbroken("7.5 points"),
        _ => unbroken(&format!("{} {meaning}", mark.text(partial))),
    });
    let entries: Vec<String> = entries.collect();
    let lines = wrapped(&entries.join("   "), "", width);
    format!("{}\n", style::dim(lines))
}

/// How many students, their mean, and the most common mistakes; each step's share of students who
/// passed it too, if `with_shares`.
pub fn summary(insights: &Insights, with_shares: bool, width: usize) -> String {
    let mut text = format!(
        "{}, mean {} of {} points\n",
        plural(insights.students, "student", "students"),
        insights.mean,
        insights.out_of
    );
    if with_shares {
        let shares = insights.steps.iter().map(|step| {
            let percent = step.percent().unwrap_or(0);
            unbroken(&format!("{} {percent} %", step.step))
        });
        let shares: Vec<String> = shares.collect();
        text.push_str("\nPassed:\n");
        text.push_str(&wrapped(&shares.join(", "), "  ", width));
        text.push('\n');
    }
    if insights.diagnoses.is_empty() {
        return text;
    }
    text.push_str("\nMost common:\n");
    for common in insights.diagnoses.iter().take(MOST_COMMON) {
        let students = plural(common.students, "student", "students");
        let sentence = format!("{}: {} — {students}", common.step, common.what);
        let options = terminal::wrapping(width)
            .initial_indent("  ")
            .subsequent_indent("    ");
        text.push_str(&textwrap::fill(&sentence, options));
        text.push('\n');
    }
    text
}

/// With spaces that lines are not broken at.
fn unbroken(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// In lines of at most `width` columns, each with `indent` before it.
fn wrapped(text: &str, indent: &str, width: usize) -> String {
    let options = terminal::wrapping(width)
        .initial_indent(indent)
        .subsequent_indent(indent);
    textwrap::fill(text, options).replace('\u{a0}', " ")
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
