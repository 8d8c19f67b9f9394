//! What stands below the table: what the signs mean, and what the class as a whole shows.

use super::mark::Detail;
use crate::classroom::gradebook::insights::Insights;
use crate::classroom::gradebook::signs;
use crate::classroom::record::Grades;
use crate::terminal;
use crate::terminal::style;

/// Mistakes that are shown.
const MOST_COMMON: usize = 5;

/// What the signs mean that occur.
pub fn legend(grades: &Grades, detail: Detail, width: usize) -> String {
    let all = (grades.records.iter()).flat_map(|record| &record.student.steps);
    let entries: Vec<String> = signs::legend(all)
        .filter(|(sign, _)| detail != Detail::Bare || *sign != signs::BY_HAND)
        .map(|(sign, meaning)| unbroken(&format!("{sign} {meaning}")))
        .collect();
    if entries.is_empty() {
        return String::new();
    }
    let lines = wrapped(&entries.join("   "), "", width);
    format!("{}\n\n", style::dim(lines))
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
