//! What stands below the table: what the marks mean, and what the class as a whole shows.

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::mark::{Mark, Partial};
use crate::classroom::gradebook::insights::Insights;

/// Mistakes that are shown.
const MOST_COMMON: usize = 5;

/// What the marks mean.
pub fn legend(partial: Partial, width: usize) -> String {
    let entries = Mark::ALL
        .iter()
        .map(|&(mark, meaning)| match (mark, partial) {
            (Mark::Partial(_), Partial::Points) => ("7.5".to_owned(), "points".to_owned()),
            _ => (mark.text(partial), meaning.to_owned()),
        });
    // A mark and its meaning stay together.
    let entries: Vec<String> = entries
        .map(|(mark, meaning)| format!("{mark} {meaning}"))
        .collect();
    let lines = wrapped(&entries, "   ", width);
    format!("{}\n", lines.join("\n").dimmed())
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
        let shares: Vec<String> = insights
            .steps
            .iter()
            .map(|step| format!("{} {} %", step.step, step.percent().unwrap_or(0)))
            .collect();
        text.push_str("\nPassed:\n");
        for line in wrapped(&shares, ", ", width.saturating_sub(2)) {
            text.push_str(&format!("  {line}\n"));
        }
    }
    if insights.diagnoses.is_empty() {
        return text;
    }
    text.push_str("\nMost common:\n");
    for common in insights.diagnoses.iter().take(MOST_COMMON) {
        let students = plural(common.students, "student", "students");
        let sentence = format!("{}: {} — {students}", common.step, common.what);
        let words: Vec<String> = sentence.split(' ').map(str::to_owned).collect();
        for (i, line) in wrapped(&words, " ", width.saturating_sub(4))
            .iter()
            .enumerate()
        {
            let indent = if i == 0 { "  " } else { "    " };
            text.push_str(&format!("{indent}{line}\n"));
        }
    }
    text
}

/// `parts` with `between` them, in lines of at most `width` columns.
fn wrapped(parts: &[String], between: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if line.width() + between.width() + part.width() <= width => {
                line.push_str(between);
                line.push_str(part);
            }
            _ => lines.push(part.clone()),
        }
    }
    lines
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
