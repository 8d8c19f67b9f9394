//! Links lead to files that are there, and to headings that are.

use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::authoring::flaw::Flaws;
use crate::book::html::anchor;
use crate::course::line_and_column;
use crate::files;

/// Tells which links of `lesson`, the text of `file`, lead nowhere or out of `root`. Those to other
/// people's pages are left alone.
pub(super) fn flaws(root: &Path, lesson: &str, file: &Path, flaws: &mut Flaws<'_>) {
    for (offset, target) in targets(lesson) {
        let (line, _) = line_and_column(lesson, offset);
        if let Some(what) = wrong(root, lesson, file, &target) {
            flaws.add(file, Some(line), what);
        }
    }
}

/// What is wrong with one.
fn wrong(root: &Path, lesson: &str, file: &Path, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (target, None),
    };
    let (linked, text) = if path.is_empty() {
        (file.to_owned(), lesson.to_owned())
    } else {
        let linked = file.with_file_name("").join(path);
        let Ok(real) = linked.canonicalize() else {
            return Some(format!("links to `{target}`, and there is no such file"));
        };
        let root = root.canonicalize().ok()?;
        if !real.starts_with(root) {
            return Some(format!(
                "links to `{target}`, which is no file of the course"
            ));
        }
        let text = files::read_text(&linked).unwrap_or_default();
        (linked, text)
    };
    let anchor = anchor?;
    let is_markdown = linked
        .extension()
        .is_some_and(|extension| extension == "md");
    let is_known = !is_markdown || anchors(&text).iter().any(|known| known == anchor);
    (!is_known).then(|| format!("links to `{target}`, and no heading there is called so"))
}

/// Where links and pictures lead, each with its place in the text.
fn targets(text: &str) -> Vec<(usize, String)> {
    let parser = Parser::new_ext(text, Options::all()).into_offset_iter();
    parser
        .filter_map(|(event, range)| match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                Some((range.start, dest_url.into_string()))
            }
            _ => None,
        })
        .collect()
}

/// The names by which GitHub links to headings.
fn anchors(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut heading = None::<String>;
    for event in Parser::new_ext(text, Options::empty()) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => found.extend(heading.take().map(|h| anchor(&h))),
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&words);
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_linked_to_by_their_words() {
        let text = "# A `mask`, and more\n\nno\n\n## What the check observes\n";
        assert_eq!(
            anchors(text),
            ["a-mask-and-more", "what-the-check-observes"]
        );
    }

    #[test]
    fn links_are_checked_as_far_as_they_stay_in_the_course() {
        let folder = tempfile::tempdir().expect("a folder for tests");
        let file = folder.path().join("a.md");
        std::fs::write(folder.path().join("b.md"), "# B\n\n## Of C\n").expect("it can be written");
        let look = |target: &str| wrong(folder.path(), "# Here\n", &file, target);
        assert_eq!(look("https://example.org/x"), None);
        assert_eq!(look("b.md"), None);
        assert_eq!(look("b.md#of-c"), None);
        assert_eq!(look("#here"), None);
        assert!(look("#there").is_some_and(|what| what.contains("no heading")));
        assert!(look("b.md#of-d").is_some_and(|what| what.contains("no heading")));
        assert!(look("c.md").is_some_and(|what| what.contains("no such file")));
        assert!(look("..").is_some_and(|what| what.contains("no file of the course")));
    }

    #[test]
    fn a_link_in_code_is_none() {
        let text = "`[a](b)` and [c](d \"title\")\n\n```text\n[e](f)\n```\n";
        assert_eq!(targets(text), [(13, "d".to_owned())]);
    }
}
