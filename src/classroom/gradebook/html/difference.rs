//! What would turn a student's text into the solution.

use maud::{Markup, html};
use similar::{ChangeTag, TextDiff};

use super::text::{LINE, Line, count, left_out};
use crate::text::cost;

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// Lines of a comparison that are shown.
const SHOWN: usize = 400;

/// What the lines that are shown may take in the page, in bytes.
const WRITTEN: usize = 20_000;

/// Lines of a text that are compared. The longest solution has a tenth of them; comparing takes the
/// square of their number, and a limit on time would make the page depend on the machine.
const COMPARED: usize = 2000;

/// The changes, folded away on the screen and open on paper.
pub fn details(mine: &str, solution: &str) -> Markup {
    // Without line ends: a file from Windows does not differ for that.
    let mine: Vec<&str> = mine.lines().collect();
    let solution: Vec<&str> = solution.lines().collect();
    let longest = mine.len().max(solution.len());
    if mine == solution {
        return html! { p.cut { "The text is the solution, line by line." } };
    }
    if longest > COMPARED {
        return html! {
            p.cut { "The text has " (count(longest, "line")) ": too long to compare." }
        };
    }
    let mut shown: Vec<(Option<ChangeTag>, String)> = Vec::new();
    let (mut kept, mut lines, mut left) = (0, 0, WRITTEN);
    let diff = TextDiff::from_slices(&mine, &solution);
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        if kept == lines && kept < SHOWN {
            shown.push((None, hunk.header().to_string()));
        }
        for change in hunk.iter_changes() {
            let line = change.value();
            let takes: usize = line.chars().take(LINE).map(cost).sum();
            if kept == lines && kept < SHOWN && takes <= left {
                shown.push((Some(change.tag()), line.to_owned()));
                left -= takes;
                kept += 1;
            }
            lines += 1;
        }
    }
    html! {
        details {
            summary { "From this text to the solution" }
            pre.diff { @for run in shown.chunk_by(|one, next| one.0 == next.0) { (rows(run)) } }
            (left_out(lines - kept))
        }
    }
}

/// Lines one after the other that have the same tag; none is for where they are, as in
/// `@@ -1,3 +1,3 @@`.
fn rows(run: &[(Option<ChangeTag>, String)]) -> Markup {
    let tag = run.first().and_then(|(tag, _)| *tag);
    let sign = tag.map_or(String::new(), |tag| tag.to_string());
    let lines = html! { @for (_, line) in run { (sign) (Line(line)) "\n" } };
    match tag {
        None => html! { b { (lines) } },
        Some(ChangeTag::Equal) => lines,
        Some(ChangeTag::Delete) => html! { del { (lines) } },
        Some(ChangeTag::Insert) => html! { ins { (lines) } },
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
        let html = details("a\r\nb", "a\nb\n").into_string();
        assert!(html.contains("The text is the solution"), "{html}");
    }

    #[test]
    fn long_comparisons_are_cut() {
        let mine = "mine\n".repeat(300);
        let solution = "solution\n".repeat(300);
        let html = details(&mine, &solution).into_string();
        assert!(html.contains("… and 200 more lines"));
        assert_eq!(html.matches("\n-mine").count(), 299);
        assert_eq!(html.matches("\n+solution").count(), 99);
    }

    #[test]
    fn long_lines_are_cut_and_few_of_them_shown() {
        let mine = format!("{}\n", "\u{202e}".repeat(1000)).repeat(300);
        let html = details(&mine, "a\n").into_string();
        assert!(html.len() < 2 * WRITTEN, "{}", html.len());
        assert!(html.contains("more lines"));
    }

    #[test]
    fn endless_texts_are_not_compared() {
        let html = details(&"}\n".repeat(COMPARED + 1), "a\n").into_string();
        assert!(html.contains("2001 lines: too long to compare"), "{html}");
    }
}
