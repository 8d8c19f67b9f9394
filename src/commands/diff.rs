//! `tutor diff`

use similar::{ChangeTag, TextDiff};

use crate::course::Course;
use crate::course::source::read_source;
use crate::error::{Code, Error, Result};
use crate::files;
use crate::progress::Progress;
use crate::report::shown;
use crate::terminal::{self, style};

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// Compares the learner's file with the solution.
pub fn diff(course: &Course, step: &str) -> Result<Code> {
    let step = course.step(step)?;
    let path = course.step_file(step);
    let mine = read_source(&path).map_err(|_| Error::Usage {
        message: format!("`{}` is not there, or is no text", shown(&path)),
        next: format!("`tutor run {}` says more", step.id),
    })?;
    // Looking it up works all the same where progress cannot be kept.
    let _ = Progress::update(course, step, |known| known.solution_seen = true);
    let solution_path = course.solution_file(step);
    let solution = course.read("solution", step, &solution_path)?;
    terminal::print(&unified(
        &files::plain(&mine),
        &solution,
        &shown(&path),
        &shown(&solution_path),
    ))?;
    Ok(Code::Passed)
}

/// The changes that lead from the learner's file to the solution.
fn unified(old: &str, new: &str, old_name: &str, new_name: &str) -> String {
    if old == new {
        return format!("`{old_name}` is the solution, letter by letter\n");
    }
    format!(
        "{}\n{}\n{}",
        style::wrong(format!("--- {old_name}")),
        style::right(format!("+++ {new_name}")),
        hunks(old, new, CONTEXT)
    )
}

/// The changed lines with `context` lines around them, as `diff -u` shows them.
pub fn hunks(old: &str, new: &str, context: usize) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut text = String::new();
    for hunk in diff.unified_diff().context_radius(context).iter_hunks() {
        text.push_str(&format!("{}\n", style::code(hunk.header())));
        for change in hunk.iter_changes() {
            let line = change.value().trim_end_matches('\n');
            let line = match change.tag() {
                ChangeTag::Delete => style::wrong(format!("-{line}")).to_string(),
                ChangeTag::Insert => style::right(format!("+{line}")).to_string(),
                ChangeTag::Equal => format!(" {line}"),
            };
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_shown_with_their_surroundings() {
        let shown = unified("a\nb\nc\n", "a\nx\nc\n", "mine", "solution");
        assert_eq!(
            anstream::adapter::strip_str(&shown).to_string(),
            "--- mine\n+++ solution\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"
        );
        assert!(unified("a\n", "a\n", "mine", "s").contains("letter by letter"));
    }
}
