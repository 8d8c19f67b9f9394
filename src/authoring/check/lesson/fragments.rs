//! The Rust in a lesson compiles, each fragment as the body of a function of its own.

use std::fs;
use std::path::Path;

use super::super::Case;
use crate::authoring::flaw::{Flaws, first_error};
use crate::course::LessonRules;
use crate::engine::compile::Check;
use crate::error::{Error, Result};

/// A fragment, and the lesson's line that it begins at.
struct Fragment {
    line: usize,
    text: String,
}

/// Tells which fragment of `lesson` does not compile.
pub(super) fn flaws(
    case: &Case<'_>,
    lesson: &str,
    rules: &LessonRules,
    file: &Path,
    flaws: &mut Flaws<'_>,
) -> Result<()> {
    let fragments = fragments(lesson);
    if fragments.is_empty() {
        flaws.add(
            file,
            None,
            "shows no Rust: a fragment stands between ```rust and ```",
        );
        return Ok(());
    }
    let mut text = format!(
        "#[allow(unused, dead_code)]\nmod fragments {{\n{}\n",
        rules.prelude
    );
    let mut starts = Vec::new();
    for (i, fragment) in fragments.iter().enumerate() {
        text.push_str(&format!("pub fn f{i}(device: Device) {{\n"));
        starts.push((text.lines().count() + 1, fragment.line));
        text.push_str(&fragment.text);
        text.push_str("\n}\n");
    }
    text.push_str("}\npub fn observe(_: &mut kit::Observer) {}\n");
    let folder = tempfile::tempdir().map_err(Error::io("create a folder for", file))?;
    let path = folder.path().join("fragments.rs");
    fs::write(&path, &text).map_err(Error::io("write", &path))?;
    let compiled = case
        .pipeline
        .try_reference(case.step, &Check { path, text });
    if let Some(Err(failure)) = flaws.catch(file, compiled)? {
        let (line, error) = first_error(&failure.errors);
        let line = line.and_then(|line| {
            let (start, of_lesson) = starts.iter().rev().find(|(start, _)| *start <= line)?;
            Some(of_lesson + line - start)
        });
        flaws.add(file, line, format!("this Rust does not compile: {error}"));
    }
    Ok(())
}

fn fragments(lesson: &str) -> Vec<Fragment> {
    let mut found: Vec<Fragment> = Vec::new();
    let mut inside = false;
    for (number, line) in (1..).zip(lesson.lines()) {
        match line {
            "```rust" if !inside => {
                inside = true;
                found.push(Fragment {
                    line: number + 1,
                    text: String::new(),
                });
            }
            _ if line.starts_with("```") => inside = false,
            _ => {
                if let Some(fragment) = found.last_mut().filter(|_| inside) {
                    fragment.text.push_str(line);
                    fragment.text.push('\n');
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rust_is_a_fragment() {
        let lesson =
            "# A\n```rust\nlet x = 1;\n\nlet y = 2;\n```\n```text\nno\n```\n```rust\n0;\n```\n";
        let found: Vec<(usize, String)> = (fragments(lesson).into_iter())
            .map(|fragment| (fragment.line, fragment.text))
            .collect();
        assert_eq!(
            found,
            [
                (3, "let x = 1;\n\nlet y = 2;\n".to_owned()),
                (11, "0;\n".to_owned())
            ]
        );
    }
}
