//! What a lesson calls a formula can be set as one.

use std::path::Path;

use crate::authoring::flaw::Flaws;
use crate::book::formula::mathml;

/// Tells which line of a block of code in the language `formula` is none.
pub(super) fn flaws(lesson: &str, file: &Path, flaws: &mut Flaws<'_>) {
    let mut block = None::<(usize, String)>;
    for (number, line) in (1..).zip(lesson.lines()) {
        let trimmed = line.trim_start();
        match &mut block {
            None if trimmed.starts_with("```formula") => block = Some((number, String::new())),
            Some((begin, text)) if trimmed.starts_with("```") => {
                if let Err((line, what)) = mathml(text) {
                    flaws.add(file, Some(*begin + line), format!("is no formula: {what}"));
                }
                block = None;
            }
            Some((_, text)) => *text += &format!("{line}\n"),
            None => {}
        }
    }
}
