//! A row for a new step in `course.toml`: everything else in it stays as it was written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Value};

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    part: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    step: Vec<BTreeMap<String, Spanned<Value>>>,
}

/// `text`, a sound `course.toml`, with `row` behind the step whose id is `after`. Nothing if there is
/// no such step.
#[must_use]
pub fn with_row(text: &str, after: &str, row: &str) -> Option<String> {
    let manifest: Manifest = toml::from_str(text).ok()?;
    let mut rows = manifest.part.iter().flat_map(|part| &part.step);
    let before = rows.find(|row| {
        row.get("id")
            .is_some_and(|id| id.get_ref().as_str() == Some(after))
    })?;
    let end = before.values().map(|value| value.span().end).max()?;
    // A comment behind the last value belongs to it.
    let rest = text.get(end..)?;
    let end = end + rest.find('\n').unwrap_or(rest.len());
    let (above, below) = text.split_at_checked(end)?;
    let end_of_line = if above.ends_with('\r') || text.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let row = row.trim_end().replace('\n', end_of_line);
    let above = above.trim_end_matches('\r');
    let below = below.strip_prefix('\n').unwrap_or(below);
    Some(format!(
        "{above}{end_of_line}{end_of_line}{row}{end_of_line}{below}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Mine.\ntitle = \"T\"  # of course\n\n[[part]]\ntitle = \"P\"\n\n\
        [[part.step]]\nid = \"s01\"\nneeds = [\n    \"s00\", # one\n]  # the last\n\n\
        # About s02.\n[[part.step]]\nfile = \"\"\"\n[[no]]\n\"\"\"\nid = 's02'";

    #[test]
    fn the_row_stands_behind_the_step_and_nothing_else_changes() {
        let row = "[[part.step]]\nid = \"s05\"\n";
        let first = with_row(TEXT, "s01", row).expect("there is one");
        let at = first.find("\n[[part.step]]\nid = \"s05\"\n\n# About s02.");
        let at = at.expect("it stands there");
        assert!(first[..at].ends_with("# the last\n"), "{first}");
        assert_eq!(
            first.replacen("\n[[part.step]]\nid = \"s05\"\n", "", 1),
            TEXT
        );
        let last = with_row(TEXT, "s02", row).expect("there is one");
        assert_eq!(last, format!("{TEXT}\n\n{row}"));
        assert_eq!(with_row(TEXT, "s03", row), None);
    }

    #[test]
    fn line_ends_are_those_of_the_file() {
        let text = TEXT.replace('\n', "\r\n");
        let changed = with_row(&text, "s01", "[[part.step]]\nid = \"s05\"\n");
        let changed = changed.expect("there is one");
        assert_eq!(
            changed.matches('\n').count(),
            changed.matches("\r\n").count()
        );
    }
}
