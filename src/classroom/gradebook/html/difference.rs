//! What would turn a student's text into the solution.

use maud::{Markup, Render, html};
use similar::{ChangeTag, TextDiff};

use super::text::{Line, count, left_out};

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// Lines of a comparison that are shown.
const SHOWN: usize = 400;

/// Lines of a text that are compared. The longest solution has a tenth of them; comparing takes the
/// square of their number, and a limit on time would make the page depend on the machine.
const COMPARED: usize = 2000;

/// Lines one after the other that belong together.
#[derive(Debug, PartialEq)]
enum Run {
    /// Where the next ones are, as in `@@ -1,3 +1,3 @@`.
    Place(String),
    /// In the student's text and in the solution.
    Both(Vec<String>),
    /// In the student's text only.
    Mine(Vec<String>),
    /// In the solution only.
    Solution(Vec<String>),
}

/// What comparing came to.
#[derive(Debug, PartialEq)]
enum Difference {
    /// The texts are the same.
    None,
    /// There is too much to compare.
    TooLong { lines: usize },
    /// How they differ.
    Runs {
        runs: Vec<Run>,
        /// Lines beyond those in `runs`.
        left_out: usize,
    },
}

/// The changes, folded away on the screen and open on paper.
pub fn details(mine: &str, solution: &str) -> Markup {
    match difference(mine, solution) {
        Difference::None => html! { p.cut { "The text is the solution, line by line." } },
        Difference::TooLong { lines } => html! {
            p.cut { "The text has " (count(lines, "line")) ": too long to compare." }
        },
        Difference::Runs {
            runs,
            left_out: more,
        } => html! {
            details {
                summary { "From this text to the solution" }
                pre.diff { @for run in &runs { (run) } }
                (left_out(more))
            }
        },
    }
}

fn difference(mine: &str, solution: &str) -> Difference {
    // Without line ends: a file from Windows does not differ for that.
    let mine: Vec<&str> = mine.lines().collect();
    let solution: Vec<&str> = solution.lines().collect();
    if mine == solution {
        return Difference::None;
    }
    let longest = mine.len().max(solution.len());
    if longest > COMPARED {
        return Difference::TooLong { lines: longest };
    }
    let mut runs = Vec::new();
    let mut lines = 0;
    let diff = TextDiff::from_slices(&mine, &solution);
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        if lines < SHOWN {
            runs.push(Run::Place(hunk.header().to_string()));
        }
        for change in hunk.iter_changes() {
            if lines < SHOWN {
                add(&mut runs, change.tag(), change.value());
            }
            lines += 1;
        }
    }
    Difference::Runs {
        runs,
        left_out: lines.saturating_sub(SHOWN),
    }
}

/// Adds a line to the last run if it belongs there.
fn add(runs: &mut Vec<Run>, tag: ChangeTag, line: &str) {
    let line = line.to_owned();
    match (runs.last_mut(), tag) {
        (Some(Run::Both(lines)), ChangeTag::Equal)
        | (Some(Run::Mine(lines)), ChangeTag::Delete)
        | (Some(Run::Solution(lines)), ChangeTag::Insert) => lines.push(line),
        (_, ChangeTag::Equal) => runs.push(Run::Both(vec![line])),
        (_, ChangeTag::Delete) => runs.push(Run::Mine(vec![line])),
        (_, ChangeTag::Insert) => runs.push(Run::Solution(vec![line])),
    }
}

impl Render for Run {
    fn render(&self) -> Markup {
        let lines = |sign: &str, lines: &[String]| {
            html! { @for line in lines { (sign) (Line(line)) "\n" } }
        };
        match self {
            Self::Place(place) => html! { b { (place) "\n" } },
            Self::Both(both) => lines(" ", both),
            Self::Mine(mine) => html! { del { (lines("-", mine)) } },
            Self::Solution(solution) => html! { ins { (lines("+", solution)) } },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_shown_with_their_surroundings() {
        let html = details("1\n2\n3\n4\na\nb\nc\n", "1\n2\n3\n4\na\nx <T>\nc\n").into_string();
        assert!(
            html.contains(
                "<b>@@ -3,5 +3,5 @@\n</b> 3\n 4\n a\n<del>-b\n</del><ins>+x &lt;T&gt;\n</ins> c\n</pre>"
            ),
            "{html}"
        );
    }

    #[test]
    fn line_ends_do_not_matter() {
        assert_eq!(difference("a\r\nb", "a\nb\n"), Difference::None);
    }

    #[test]
    fn long_comparisons_are_cut() {
        let mine = "mine\n".repeat(300);
        let solution = "solution\n".repeat(300);
        let Difference::Runs { runs, left_out } = difference(&mine, &solution) else {
            panic!("they differ, and are not long");
        };
        assert_eq!(left_out, 200);
        let shown: usize = runs
            .iter()
            .map(|run| match run {
                Run::Place(_) => 0,
                Run::Both(lines) | Run::Mine(lines) | Run::Solution(lines) => lines.len(),
            })
            .sum();
        assert_eq!(shown, SHOWN);
        assert!(
            details(&mine, &solution)
                .into_string()
                .contains("… and 200 more lines")
        );
    }

    #[test]
    fn endless_texts_are_not_compared() {
        let html = details(&"}\n".repeat(COMPARED + 1), "a\n").into_string();
        assert!(html.contains("2001 lines: too long to compare"), "{html}");
    }
}
