//! Where things are in the book: pages, and places in them.

use std::path::{Component, Path, PathBuf};

use super::html::escaped;
use crate::course::Course;

/// Whether the chapters are pages of their own, or all on one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A page for each chapter.
    Pages,
    /// One page, to print.
    Whole,
}

/// A text of the course's, as the book knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The page's name without `.html`, as in `s06_position_embeddings`.
    pub stem: String,
    /// The folder that its links start from.
    pub folder: PathBuf,
}

impl Layout {
    /// The id of a heading or the like on the page of `stem`.
    #[must_use]
    pub fn id(self, stem: &str, anchor: &str) -> String {
        match self {
            Self::Pages => anchor.to_owned(),
            Self::Whole => format!("{stem}-{anchor}"),
        }
    }

    /// The address of a chapter, or of a place in it.
    #[must_use]
    pub fn chapter(self, stem: &str, anchor: Option<&str>) -> String {
        match (self, anchor) {
            (Self::Pages, None) => format!("{stem}.html"),
            (Self::Pages, Some(anchor)) => format!("{stem}.html#{anchor}"),
            (Self::Whole, None) => format!("#{stem}"),
            (Self::Whole, Some(anchor)) => format!("#{}", self.id(stem, anchor)),
        }
    }
}

/// The page of a step's check, and a line of it.
#[must_use]
pub fn check(step: &str, line: Option<usize>) -> String {
    match line {
        Some(line) => format!("check_{step}.html#L{line}"),
        None => format!("check_{step}.html"),
    }
}

/// Where in the book a link leads that stands in the text at `place`; nothing if that is no part of
/// the book.
#[must_use]
pub fn resolved(
    course: &Course,
    known: &[Place],
    place: &Place,
    layout: Layout,
    target: &str,
) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return Some(target.to_owned());
    }
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (target, None),
    };
    if path.is_empty() {
        return anchor.map(|anchor| format!("#{}", layout.id(&place.stem, anchor)));
    }
    let file = normal(&place.folder.join(path));
    let checked = course
        .steps()
        .iter()
        .find(|step| normal(&course.check_file(step)) == file);
    if let Some(step) = checked {
        return Some(check(&step.name, None));
    }
    let lessons = normal(&course.lessons_folder());
    let stem = stem(file.strip_prefix(&lessons).ok()?)?;
    let is_known = known.iter().any(|place| place.stem == stem);
    is_known.then(|| layout.chapter(&stem, anchor))
}

/// `words` of the text at `place` as HTML, where `step 06` leads to that step.
#[must_use]
pub fn with_steps(course: &Course, place: &Place, layout: Layout, words: &str) -> String {
    const WORD: &str = "step ";
    let mut html = String::new();
    let mut rest = words;
    while let Some(at) = rest.find(&WORD[1..]) {
        let (before, number) = rest.split_at(at + WORD.len() - 1);
        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
        let word = before.len() - WORD.len().min(before.len());
        let is_word = before.to_lowercase().ends_with(WORD)
            && !before[..word].ends_with(char::is_alphanumeric);
        let mut steps = course.steps().iter();
        let step = steps.find(|step| digits.len() == 2 && step.id[1..] == digits);
        match step.filter(|step| is_word && step.name != place.stem) {
            Some(step) => {
                html += &format!(
                    "{}<a href=\"{}\">{}{digits}</a>",
                    escaped(&before[..word]),
                    layout.chapter(&step.name, None),
                    escaped(&before[word..])
                );
                rest = &number[digits.len()..];
            }
            None => {
                html += &escaped(before);
                rest = number;
            }
        }
    }
    html + &escaped(rest)
}

/// The page of a text below `lessons/`: `NAME/lesson.md` or `NAME.md`.
fn stem(path: &Path) -> Option<String> {
    let names: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
    match *names.as_slice() {
        [folder, "lesson.md"] => Some(folder.to_owned()),
        [file] => file.strip_suffix(".md").map(str::to_owned),
        _ => None,
    }
}

/// A path without `..` in it.
fn normal(path: &Path) -> PathBuf {
    let mut found = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                found.pop();
            }
            Component::CurDir => {}
            part => found.push(part),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_named_after_their_texts() {
        let stem = |path: &str| stem(Path::new(path));
        assert_eq!(stem("s01_a/lesson.md").as_deref(), Some("s01_a"));
        assert_eq!(stem("glossary.md").as_deref(), Some("glossary"));
        assert_eq!(stem("s01_a/numbers.rs"), None);
        assert_eq!(normal(Path::new("/a/b/../c/./d")), Path::new("/a/c/d"));
    }

    #[test]
    fn places_are_told_apart_on_one_page() {
        assert_eq!(Layout::Pages.chapter("s01_a", Some("b")), "s01_a.html#b");
        assert_eq!(Layout::Whole.chapter("s01_a", Some("b")), "#s01_a-b");
        assert_eq!(Layout::Whole.id("s01_a", "b"), "s01_a-b");
        assert_eq!(Layout::Whole.chapter("s01_a", None), "#s01_a");
    }
}
