//! The exercises as a lesson has them: a numbered list whose answers are folded away.

/// An exercise of a lesson.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// Its number in the list.
    pub number: usize,
    /// The question.
    pub ask: String,
    /// What is folded away; empty if nothing is.
    pub explanation: String,
}

const HEADING: &str = "## Exercises";

/// The exercises of a `lesson`, in its order.
pub(super) fn exercises(lesson: &str) -> Vec<Asked> {
    let mut found: Vec<Asked> = Vec::new();
    let mut is_folded = false;
    let after = lesson.lines().skip_while(|line| line.trim_end() != HEADING);
    for line in after.skip(1).take_while(|line| !line.starts_with("## ")) {
        if let Some((number, ask)) = opening(line) {
            is_folded = false;
            found.push(Asked {
                number,
                ask: format!("{ask}\n"),
                explanation: String::new(),
            });
            continue;
        }
        let Some(asked) = found.last_mut() else {
            continue;
        };
        // The text of a list's item is indented by the width of its number.
        let line = line.strip_prefix("   ").unwrap_or(line);
        if line.contains("<details") {
            is_folded = true;
        } else if line.contains("</details>") {
            is_folded = false;
        } else {
            let text = match is_folded {
                true => &mut asked.explanation,
                false => &mut asked.ask,
            };
            text.push_str(line);
            text.push('\n');
        }
    }
    for asked in &mut found {
        for text in [&mut asked.ask, &mut asked.explanation] {
            *text = text.trim().to_owned();
        }
    }
    found
}

/// The number and the first words of an item, if `line` begins one.
fn opening(line: &str) -> Option<(usize, &str)> {
    let (number, rest) = line.split_once(". ")?;
    Some((number.parse().ok()?, rest))
}
